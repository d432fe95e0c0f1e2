using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.ApiChecks;

/// <summary>Makes of a plan one that makes each request of its sources once, one after the other, so that what is expected under load is checked without load.</summary>
internal static class ApiCheckPlan
{
    /// <summary>Folder of the results within those of load tests.</summary>
    public const string Folder = "api-check";

    /// <summary>The plan of the check.</summary>
    /// <param name="plan">The plan of the load tests.</param>
    /// <param name="diagnostics">Receives an error when there is no request to check.</param>
    public static LoadPlan Of(LoadPlan plan, ICollection<Diagnostic> diagnostics)
    {
        var scenarios = plan.Tests.SelectMany(test => test.Scenarios).Where(scenario => scenario.Requests is not null).ToList();
        if (scenarios.Count == 0)
        {
            diagnostics.Add(Rules.ApiCheckNothing.At(new SourceLocation(plan.ProjectFile, 1, 1),
                $"{plan.Project} has no requests to check: K6ApiCheck makes those of .http files, recordings, K6OpenApi and K6Endpoint items, and no scripts."));
        }

        return plan with
        {
            Tests = [.. scenarios.Select(Once)],
            Settings = plan.Settings with { ResultsDirectory = Path.Combine(plan.Settings.ResultsDirectory, Folder) },
        };
    }

    private static TestPlan Once(ScenarioPlan scenario)
    {
        var script = Once(scenario.Requests!);
        return new TestPlan
        {
            Name = scenario.Name,
            Scenarios =
            [
                scenario with
                {
                    Requests = script,
                    Pattern = null,
                    Load = new ScenarioLoad { Executor = "shared-iterations", Vus = 1, Iterations = script.Choices.Count },
                },
            ],
        };
    }

    /// <summary>Choices of one weight come in turn, so that as many iterations as there are make each of them.</summary>
    private static RequestScript Once(RequestScript script)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return script with
        {
            Thresholds = [],
            SetUp = [.. script.SetUp.Select(request => Checked(request, names))],
            Choices = [.. script.Choices.Select(choice => choice with { Weight = 1, Requests = [.. choice.Requests.Select(request => Checked(request, names))] })],
        };
    }

    private static ScriptRequest Checked(ScriptRequest request, HashSet<string> names)
    {
        var name = request.Name;
        for (var number = 2; !names.Add(name); number++)
        {
            name = $"{request.Name} ({number})";
        }

        return request with
        {
            Name = name,
            ThinkTime = null,
            LongestThinkTime = null,
            Expectations =
            [
                new ScriptExpectation($"answered({TypeScript.Text(name)})", ["answered"], request.Location),
                .. request.Expectations.Count > 0 ? request.Expectations : [new ScriptExpectation("status({ min: 200, max: 399 })", ["status"], request.Location)],
            ],
        };
    }
}
