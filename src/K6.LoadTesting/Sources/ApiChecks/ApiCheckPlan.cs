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
        var scenarios = plan.Tests.SelectMany(test => test.Scenarios).Where(scenario => scenario.Requests is not null || scenario.Client is not null).ToList();
        if (scenarios.Count == 0)
        {
            diagnostics.Add(Rules.ApiCheckNothing.At(new SourceLocation(plan.ProjectFile, 1, 1),
                $"{plan.Project} has no requests to check: K6ApiCheck makes those of .http files, recordings, K6Endpoint items and scenarios over OpenAPI documents (<K6Scenario Include=\"k6-clients/NAME\" />), and no scripts."));
        }

        return plan with
        {
            Tests = [.. scenarios.Select(scenario => new TestPlan { Name = scenario.Name, Scenarios = [Once(scenario)] })],
            Settings = plan.Settings with { ResultsDirectory = Path.Combine(plan.Settings.ResultsDirectory, Folder) },
        };
    }

    /// <summary>A scenario that makes each of its requests once; one over a document, when its requests are known.</summary>
    public static ScenarioPlan Once(ScenarioPlan scenario)
    {
        var script = scenario.Requests is { } requests ? Once(requests) : null;
        return scenario with
        {
            Requests = script,
            Pattern = null,
            Load = script is null ? null : new ScenarioLoad { Executor = "shared-iterations", Vus = 1, Iterations = script.Choices.Count },
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
