using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class SettingsTests : IDisposable
{
    private const string Scenario = "<K6Scenario Include='browse.ts' />\n";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void Without_properties_there_are_defaults()
    {
        var settings = project.Plan(Scenario).Settings;

        Assert.AreEqual(new RunSettings { ResultsDirectory = project.PathOf("TestResults"), HistoryPath = project.PathOf(".k6/history.jsonl"), RuleSeverities = settings.RuleSeverities }, settings);
    }

    [TestMethod]
    public void Every_property_arrives_in_the_plan()
    {
        var settings = project.Plan(Scenario + """
            <K6Engine>K6</K6Engine><K6Path>tools/k6</K6Path><K6MaxInterrupted>5%</K6MaxInterrupted><k6maxdropped>0.2</k6maxdropped>
            <K6MaxDuration>10m</K6MaxDuration><K6StopTimeout>5s</K6StopTimeout><K6Samples>true</K6Samples><K6TraceContext>true</K6TraceContext><K6ProgressInterval>2s</K6ProgressInterval><K6TimelinePeriod>5s</K6TimelinePeriod>
            <K6ThresholdSeverity>warning</K6ThresholdSeverity><K6FailOnError>false</K6FailOnError><K6MaxExceptions>3</K6MaxExceptions>
            <K6ResultsDirectory>out/results</K6ResultsDirectory><K6RuleSeverity>KSDK0107=error, ksdk0153=none</K6RuleSeverity>
            <K6RunAfterBuild>true</K6RunAfterBuild><K6HistoryPath>history/all.jsonl</K6HistoryPath><K6HistoryLabel>staging</K6HistoryLabel>
            <K6BaselineBranch>main</K6BaselineBranch><K6ConfirmRegression>false</K6ConfirmRegression>
            """).Settings;

        Assert.AreEqual(new RunSettings
        {
            Engine = EngineChoice.K6,
            K6Path = project.PathOf("tools/k6"),
            MaxInterrupted = 0.05,
            MaxDropped = 0.2,
            MaxDuration = "10m",
            StopTimeout = "5s",
            Samples = true,
            TraceContext = true,
            ProgressInterval = "2s",
            TimelinePeriod = "5s",
            ThresholdSeverity = ThresholdSeverity.Warning,
            FailOnError = false,
            MaxExceptions = 3,
            HistoryPath = project.PathOf("history/all.jsonl"),
            HistoryLabel = "staging",
            BaselineBranch = "main",
            ConfirmRegression = false,
            ResultsDirectory = project.PathOf("out/results"),
            RuleSeverities = settings.RuleSeverities,
        }, settings);
        Assert.AreEqual(DiagnosticSeverity.Error, settings.RuleSeverities["KSDK0107"]);
        Assert.IsNull(settings.RuleSeverities["KSDK0153"]);
        Assert.HasCount(2, settings.RuleSeverities);
    }

    [TestMethod]
    public void A_bare_program_name_is_left_for_PATH() =>
        Assert.AreEqual("k6", project.Plan(Scenario + "<K6Path>k6</K6Path>").Settings.K6Path);

    [TestMethod]
    [DataRow("<K6Engine>k5</K6Engine>", "Did you mean 'k6'?")]
    [DataRow("<K6Engine>locust</K6Engine>", "auto, k6, embedded")]
    [DataRow("<K6Engine>1</K6Engine>", "auto, k6, embedded")]
    [DataRow("<K6MaxInterrupted>5</K6MaxInterrupted>", "not a share")]
    [DataRow("<K6MaxDropped>some</K6MaxDropped>", "not a share")]
    [DataRow("<K6MaxDuration>0</K6MaxDuration>", "more than 0")]
    [DataRow("<K6StopTimeout>soon</K6StopTimeout>", "not a duration")]
    [DataRow("<K6TimelinePeriod>500ms</K6TimelinePeriod>", "from 1s to 1h")]
    [DataRow("<K6TimelinePeriod>1500ms</K6TimelinePeriod>", "whole number of seconds")]
    [DataRow("<K6TimelinePeriod>2h</K6TimelinePeriod>", "from 1s to 1h")]
    [DataRow("<K6Samples>1</K6Samples>", "neither true nor false")]
    [DataRow("<K6FailOnError>off</K6FailOnError>", "neither true nor false")]
    [DataRow("<K6ThresholdSeverity>none</K6ThresholdSeverity>", "error, warning")]
    [DataRow("<K6MaxExceptions>-1</K6MaxExceptions>", "0 or more")]
    [DataRow("<K6RuleSeverity>KSDK0107</K6RuleSeverity>", "write KSDK0330=warning")]
    [DataRow("<K6RuleSeverity>KSDK0107=loud</K6RuleSeverity>", "error, warning, info or none")]
    [DataRow("<K6RuleSeverity>KSDK9999=none</K6RuleSeverity>", "no rule KSDK9999")]
    public void A_value_that_cannot_be_read_is_an_error_at_the_property(string xml, string words) =>
        project.Reports($"{Scenario}  ▶{xml}", Rules.InvalidProperty, words);

    [TestMethod]
    public void A_duration_without_a_unit_is_a_warning() =>
        project.Reports(Scenario + "▶<K6StopTimeout>30</K6StopTimeout>", Rules.DurationWithoutUnit, "30s");

    [TestMethod]
    [DataRow("<K6Engin>k6</K6Engin>", "Did you mean K6Engine?")]
    [DataRow("<K6SomethingElse>x</K6SomethingElse>", "should not start with K6")]
    public void An_unknown_property_is_a_warning_with_the_nearest_name(string xml, string words) =>
        project.Reports($"{Scenario}▶{xml}", Rules.UnknownProperty, words);

    [TestMethod]
    public void Every_property_of_the_plan_is_documented()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "scenarios.md"));

        Assert.IsEmpty(KnownProperties.OfPlan.Where(name => !page.Contains($"| `{name}` |", StringComparison.Ordinal)));
    }
}
