using System.Runtime.CompilerServices;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Api;

/// <summary>What C# says becomes the plan that the items of a project become.</summary>
[TestClass]
public sealed class PlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk api ").FullName;

    private K6Options Options => new() { Directory = _folder };

    public PlanTests() => File.WriteAllText(Path.Combine(_folder, "browse.ts"), "export default function () {}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_scenario_class_makes_the_plan_of_its_twin_in_a_project()
    {
        var fromClass = new K6Runner(Options with { ResultsDirectory = "TestResults", HistoryPath = ".k6/history.jsonl", MaxDropped = 0.05, MaxDuration = TimeSpan.FromMinutes(2), TimelinePeriod = TimeSpan.FromSeconds(5), Engine = EngineChoice.K6 })
            .Plan(new Browse("http://127.0.0.1:5000"));
        var fromProject = Project(
            [
                new("K6Scenario", "browse.ts", At(3)) { Metadata = Metadata(("Name", "Browse"), ("Pattern", "RampUp"), ("Vus", "20"), ("Duration", "1m"), ("GracefulStop", "5s"), ("Tags", "team=shop, tier=1")) },
                new("K6Threshold", "http_req_duration", At(4)) { Metadata = Metadata(("Statistic", "p(95)"), ("Below", "500ms"), ("Severity", "warning")) },
                new("K6Threshold", "http_req_failed{name:login}", At(5)) { Metadata = Metadata(("Expression", "rate<0.01")) },
                new("K6EnvironmentVariable", "BASE_URL", At(6)) { Metadata = Metadata(("Value", "http://127.0.0.1:5000")) },
            ],
            ("K6Engine", "k6"), ("K6MaxDropped", "5%"), ("K6MaxDuration", "2m"), ("K6TimelinePeriod", "5s"));

        Assert.AreEqual(Text(fromProject), Text(fromClass));
    }

    [TestMethod]
    public void Everything_has_the_line_where_it_was_said()
    {
        var line = Here();
        var plan = new K6Runner(Options).Plan(LoadTestScenario.FromScript("browse.ts", test =>
        {
            test.Load(new ScenarioLoad { Executor = "ramping-vus", Stages = [new("10s", 5), new("5s", 0)] });
            test.Threshold("http_req_failed", "rate<0.1");
        }));

        var test = plan.Tests.Single();
        Assert.AreEqual("browse", test.Name);
        CollectionAssert.AreEqual(new Stage[] { new("10s", 5), new("5s", 0) }, test.Scenarios[0].Load!.Stages!.ToArray());
        Assert.AreEqual(new SourceLocation(ThisFile(), line + 4, 0), test.Thresholds.Single().Location);
        Assert.AreEqual(ThisFile(), plan.ProjectFile);
    }

    [TestMethod]
    public void Scenarios_of_one_run_are_tests_with_thresholds_of_their_own_and_share_variables()
    {
        var plan = new K6Runner(Options).Plan(
            LoadTestScenario.FromScript("browse.ts", test => test.Threshold("http_reqs", "count>1").Environment("SHOP", "a"), "first"),
            LoadTestScenario.FromScript("browse.ts", test => test.Threshold("http_reqs", "count>2").Environment("SHOP", "a"), "second"));

        CollectionAssert.AreEqual(new[] { "first", "second" }, plan.Tests.Select(test => test.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "count>1", "count>2" }, plan.Tests.Select(test => test.Thresholds.Single().Expression).ToArray());
        Assert.AreEqual("SHOP=a", plan.Environment.Select(variable => $"{variable.Name}={variable.Value}").Single());
    }

    [TestMethod]
    public void A_variable_with_two_values_is_an_error()
    {
        var invalid = Assert.ThrowsExactly<InvalidLoadTestException>(() => new K6Runner(Options).Plan(
            LoadTestScenario.FromScript("browse.ts", test => test.Environment("SHOP", "a"), "first"),
            LoadTestScenario.FromScript("browse.ts", test => test.Environment("SHOP", "b"), "second")));

        Assert.AreEqual(Rules.DuplicateVariable.Code, invalid.Diagnostics.Single().Code);
    }

    [TestMethod]
    public void The_value_of_a_secret_is_in_no_message()
    {
        var invalid = Assert.ThrowsExactly<InvalidLoadTestException>(() => new K6Runner(Options).Plan(
            LoadTestScenario.FromScript("browse.ts", test => test.Environment("API_TOKEN", "s3cr3t").Threshold("http_req_duration", "p(95)<no"))));

        Assert.IsFalse(invalid.ToString().Contains("s3cr3t", StringComparison.Ordinal));
        Assert.HasCount(1, invalid.Diagnostics, "a value that C# hands over is written down nowhere, so that there is nothing to warn of");
    }

    [TestMethod]
    public void What_is_wrong_is_said_in_the_words_of_the_build_at_the_line_of_the_class()
    {
        var line = Here();
        var invalid = Assert.ThrowsExactly<InvalidLoadTestException>(() => new K6Runner(Options).Plan(LoadTestScenario.FromScript("brows.ts", test =>
        {
            test.Load(LoadPattern.RampUp, new() { Duration = "1m" });
            test.Threshold("http_req_duration", "p(95)<500ms");
        })));

        Assert.HasCount(3, invalid.Message.Split('\n'), invalid.Message);
        StringAssert.Contains(invalid.Message, "Did you mean 'browse.ts'?");
        StringAssert.Contains(invalid.Message, $"{ThisFile()}({line + 4}): error {Rules.InvalidExpression.Code}: ");
    }

    [TestMethod]
    public void Options_are_checked_as_properties_are()
    {
        var invalid = Assert.ThrowsExactly<InvalidLoadTestException>(() => new K6Runner(Options with
        {
            MaxInterrupted = 2,
            RuleSeverities = new Dictionary<string, DiagnosticSeverity?> { ["KSDK9999"] = null },
        }).Plan(LoadTestScenario.FromScript("browse.ts")));

        Assert.HasCount(2, invalid.Diagnostics);
        StringAssert.Contains(invalid.Message, "K6MaxInterrupted");
        StringAssert.Contains(invalid.Message, "KSDK9999");
    }

    [TestMethod]
    public void Debugging_judges_no_threshold()
    {
        var plan = new K6Runner(Options with { Debug = true }).Plan(new Browse("http://127.0.0.1:5000"));

        Assert.IsTrue(plan.Settings.Debug);
        Assert.IsEmpty(plan.Tests.Single().Thresholds);
    }

    private static string Text(LoadPlan plan)
    {
        // Where something was said is what differs.
        var placeless = plan with
        {
            Project = "",
            ProjectFile = "",
            Environment = [.. plan.Environment.Select(variable => variable with { Location = Nowhere })],
            Tests = [.. plan.Tests.Select(test => test with
            {
                Scenarios = [.. test.Scenarios.Select(scenario => scenario with { Location = Nowhere, MetadataLocations = new Dictionary<string, SourceLocation>() })],
                Thresholds = [.. test.Thresholds.Select(threshold => threshold with { Location = Nowhere })],
            })],
        };
        return JsonSerializer.Serialize(placeless, LoadTestJson.Instance.LoadPlan);
    }

    private LoadPlan Project(IReadOnlyList<ItemDeclaration> items, params (string Name, string Value)[] properties)
    {
        var diagnostics = new List<Diagnostic>();
        return LoadPlanBuilder.Build(
            new ProjectDeclaration
            {
                File = Path.Combine(_folder, "Shop.LoadTests.csproj"),
                Items = items,
                Properties = [.. properties.Select(property => new PropertyDeclaration(property.Name, property.Value, At(2)))],
            },
            diagnostics) ?? throw new AssertFailedException(string.Join('\n', diagnostics));
    }

    private static SourceLocation Nowhere { get; } = new("", 0, 0);

    private SourceLocation At(int line) => new(Path.Combine(_folder, "Shop.LoadTests.csproj"), line, 3);

    private static Dictionary<string, string> Metadata(params (string Name, string Value)[] pairs) => pairs.ToDictionary(pair => pair.Name, pair => pair.Value);

    private static int Here([CallerLineNumber] int line = 0) => line;

    private static string ThisFile([CallerFilePath] string file = "") => file;

    private sealed class Browse(string baseUrl) : LoadTestScenario(baseUrl)
    {
        protected internal override void Define(LoadTestDefinition test)
        {
            test.Script("browse.ts");
            test.Load(LoadPattern.RampUp, new() { Vus = 20, Duration = "1m", GracefulStop = "5s" });
            test.Tag("team", "shop").Tag("tier", "1");
            test.Threshold(Threshold.On("http_req_duration").Percentile(95).Below("500ms").AsWarning());
            test.Threshold("http_req_failed{name:login}", "rate<0.01");
        }
    }
}
