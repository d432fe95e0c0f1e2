using System.Text.Json.Nodes;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Reports;

[TestClass]
public class CiSurfacesTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk-ci-").FullName;

    private string Summary => Path.Combine(_folder, "step-summary");

    [TestInitialize]
    public void Write() => File.WriteAllText(Path.Combine(_folder, "loadtest.md"), "## result\n");

    [TestCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void The_job_summary_gets_the_markdown_after_what_is_there()
    {
        Assert.IsNull(Append());
        Assert.AreEqual("## result\n", File.ReadAllText(Summary));

        Assert.IsNull(Append());
        Assert.AreEqual("## result\n\n## result\n", File.ReadAllText(Summary));
    }

    [TestMethod]
    public void Without_the_variable_nothing_is_written()
    {
        Assert.IsNull(CiSurfaces.AppendStepSummary(_folder, _ => null));
        Assert.IsFalse(File.Exists(Summary));
    }

    [TestMethod]
    public void A_summary_that_would_be_dropped_whole_is_left_as_it_is()
    {
        File.WriteAllBytes(Summary, new byte[(1024 * 1024) - 5]);

        Assert.AreEqual("KSDK0372", Append()!.Code);
        Assert.AreEqual((1024 * 1024) - 5, new FileInfo(Summary).Length);
    }

    [TestMethod]
    public void A_summary_that_cannot_be_written_is_a_warning()
    {
        Directory.CreateDirectory(Summary);

        var problem = Append()!;

        Assert.AreEqual(("KSDK0372", DiagnosticSeverity.Warning), (problem.Code, problem.Severity));
    }

    // As the agent takes a command apart: Command.cs of microsoft/azure-pipelines-agent.
    [TestMethod]
    public void Azure_Pipelines_reads_an_issue_as_it_was_meant()
    {
        var diagnostic = new Diagnostic("KSDK0320", DiagnosticSeverity.Error, "100% ] of %0A\nlines", new SourceLocation("/src/a;b].csproj", 14, 5));

        var command = CiSurfaces.LogIssue(diagnostic)!;

        Assert.AreEqual("##vso[task.logissue type=error;sourcepath=/src/a%3Bb%5D.csproj;linenumber=14;columnnumber=5;code=KSDK0320]100% ] of %AZP250A%0Alines", command);
        Assert.IsNull(CiSurfaces.LogIssue(diagnostic with { Severity = DiagnosticSeverity.Info }));
        Assert.StartsWith("##vso[task.logissue type=warning;code=KSDK0320]", CiSurfaces.LogIssue(diagnostic with { Severity = DiagnosticSeverity.Warning, Location = null })!);
    }

    [TestMethod]
    [DataRow("dotnet build a.csproj -t:LoadTest", true)]
    [DataRow("dotnet build -dl:CentralLogger,\"/t/Microsoft.TeamFoundation.DistributedTask.MSBuild.Logger.dll\"*ForwardingLogger", false, DisplayName = "the task's own logger reports")]
    [DataRow("dotnet MSBuild.dll /nologo /nodemode:1", false, DisplayName = "a worker cannot know")]
    public void Issues_are_said_once(string commandLine, bool expected) => Assert.AreEqual(expected, CiSurfaces.NeedsIssues(commandLine));

    [TestMethod]
    public void No_text_of_a_script_becomes_a_command()
    {
        var text = CiSurfaces.WithoutCommands("x ##vso[task.setvariable variable=a]b ##teamcity[x]");

        Assert.DoesNotContain("##vso[", text);
        Assert.DoesNotContain("##teamcity[", text);
    }

    // https://docs.gitlab.com/ci/testing/load_performance_testing/: the widget reads these names of k6's own summary.
    [TestMethod]
    public void GitLab_gets_the_figures_that_its_widget_reads()
    {
        var file = Path.Combine(_folder, "load-performance.json");
        GitLabReport.Write(SampleResult.Create(Test(100, 10, 20, 3), Test(50, 30, 15, 1), SampleResult.Passed() with { Metrics = new Dictionary<string, MetricResult>() }), file);

        var metrics = JsonNode.Parse(File.ReadAllText(file))!["metrics"]!;
        Assert.AreEqual(40, metrics["http_reqs"]!["rate"]!.GetValue<double>());
        Assert.AreEqual(20, metrics["http_req_waiting"]!["p(95)"]!.GetValue<double>());
        Assert.AreEqual(4, metrics["checks"]!["fails"]!.GetValue<double>());

        GitLabReport.Write(SampleResult.Create(SampleResult.Passed() with { Metrics = new Dictionary<string, MetricResult>() }), file);
        Assert.IsFalse(File.Exists(file), "figures of no request are nonsense");
    }

    private Diagnostic? Append() => CiSurfaces.AppendStepSummary(_folder, name => name == "GITHUB_STEP_SUMMARY" ? Summary : null);

    private static K6.LoadTesting.Results.TestResult Test(double count, double rate, double p95, double fails) => SampleResult.Passed() with
    {
        Metrics = new Dictionary<string, MetricResult>
        {
            ["http_reqs"] = new() { Type = "counter", Contains = "default", Values = new Dictionary<string, double> { ["count"] = count, ["rate"] = rate } },
            ["http_req_waiting"] = new() { Type = "trend", Contains = "time", Values = new Dictionary<string, double> { ["p(90)"] = p95 - 1, ["p(95)"] = p95 } },
            ["checks"] = new() { Type = "rate", Contains = "default", Values = new Dictionary<string, double> { ["passes"] = 9, ["fails"] = fails } },
        },
    };
}
