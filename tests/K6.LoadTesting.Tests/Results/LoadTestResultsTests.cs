using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Reports;

namespace K6.LoadTesting.Tests.Results;

[TestClass]
public class LoadTestResultsTests
{
    private static readonly LoadPlan Plan = new() { Project = "Shop.LoadTests", ProjectFile = SampleResult.ProjectFile };

    [TestMethod]
    public void The_whole_passes_when_all_tests_passed_and_no_error_was_reported()
    {
        Assert.AreEqual(Verdict.Passed, Assemble([SampleResult.Passed()], []).Verdict);
        Assert.AreEqual(Verdict.Failed, Assemble([], []).Verdict, "nothing ran");
        Assert.AreEqual(Verdict.Failed, Assemble([SampleResult.Passed(), SampleResult.Passed() with { Verdict = Verdict.Failed }], []).Verdict);
        Assert.AreEqual(Verdict.Failed, Assemble([SampleResult.Passed()], [(new Diagnostic("KSDK0501", DiagnosticSeverity.Error, "x"), null)]).Verdict);
        Assert.AreEqual(Verdict.Passed, Assemble([SampleResult.Passed()], [(new Diagnostic("KSDK0007", DiagnosticSeverity.Warning, "x"), null)]).Verdict);
    }

    [TestMethod]
    public void Diagnostics_keep_their_order_their_test_and_their_place()
    {
        var result = Assemble(
            [SampleResult.Passed()],
            [(new Diagnostic("KSDK0001", DiagnosticSeverity.Warning, "a", new SourceLocation("/x.csproj", 0, 0)), null), (new Diagnostic("KSDK0320", DiagnosticSeverity.Error, "b", new SourceLocation("/x.csproj", 3, 5)), "browse")]);

        Assert.AreEqual(new ReportedDiagnostic("KSDK0001", DiagnosticSeverity.Warning, "a", null, "/x.csproj", null, null), result.Diagnostics[0]);
        Assert.AreEqual(new ReportedDiagnostic("KSDK0320", DiagnosticSeverity.Error, "b", "browse", "/x.csproj", 3, 5), result.Diagnostics[1]);
        Assert.AreEqual(Environment.MachineName, result.Machine.Name);
        Assert.IsGreaterThan(0, result.Machine.MemoryBytes);
    }

    [TestMethod]
    public void A_test_that_never_ran_failed()
    {
        var plan = new TestPlan
        {
            Name = "browse",
            Scenarios = [new ScenarioPlan { Name = "browse", File = "/browse.ts", Load = new ScenarioLoad { Executor = "constant-vus" }, Location = new SourceLocation("/x.csproj", 1, 1) }],
        };

        var result = TestResultReader.NotRun(plan, EngineOutcome.Cancelled);

        Assert.AreEqual(Verdict.Failed, result.Verdict);
        Assert.AreEqual("constant-vus", result.Scenarios.Single().Executor);
        Assert.IsNull(result.ExitCode);
    }

    [TestMethod]
    public void The_commit_comes_from_the_ci_system()
    {
        var variables = new Dictionary<string, string> { ["GITHUB_ACTIONS"] = "true", ["GITHUB_SHA"] = "abc", ["GITHUB_REF_NAME"] = "feature/x", ["CI"] = "true" };

        Assert.AreEqual(new CommitInfo("abc", "feature/x"), Surroundings.Commit(null, variables.GetValueOrDefault));
        Assert.AreEqual("GitHub Actions", Surroundings.Machine(variables.GetValueOrDefault).Ci);
        Assert.AreEqual("CI", Surroundings.Machine(name => name == "CI" ? "1" : null).Ci);
        Assert.IsNull(Surroundings.Machine(_ => null).Ci);
        var azure = new Dictionary<string, string> { ["TF_BUILD"] = "True", ["BUILD_SOURCEVERSION"] = "def", ["BUILD_SOURCEBRANCH"] = "refs/heads/main" };
        Assert.AreEqual(new CommitInfo("def", "main"), Surroundings.Commit(null, azure.GetValueOrDefault));
    }

    [TestMethod]
    public void The_commit_comes_from_the_files_of_git_loose_packed_detached_or_in_a_worktree()
    {
        var root = Directory.CreateTempSubdirectory("k6sdk-git-").FullName;
        try
        {
            var git = Directory.CreateDirectory(Path.Combine(root, ".git")).FullName;
            var project = Directory.CreateDirectory(Path.Combine(root, "tests", "load")).FullName;
            File.WriteAllText(Path.Combine(git, "HEAD"), "ref: refs/heads/main\n");
            Assert.IsNull(Surroundings.Commit(project, _ => null), "no commit yet");

            File.WriteAllText(Path.Combine(git, "packed-refs"), "# pack-refs with: peeled\naaa refs/heads/other/main\nbbb refs/heads/main\n");
            Assert.AreEqual(new CommitInfo("bbb", "main"), Surroundings.Commit(project, _ => null));

            Directory.CreateDirectory(Path.Combine(git, "refs", "heads"));
            File.WriteAllText(Path.Combine(git, "refs", "heads", "main"), "ccc\n");
            Assert.AreEqual(new CommitInfo("ccc", "main"), Surroundings.Commit(project, _ => null));

            var worktree = Directory.CreateDirectory(Path.Combine(git, "worktrees", "w")).FullName;
            File.WriteAllText(Path.Combine(worktree, "HEAD"), "ref: refs/heads/main\n");
            File.WriteAllText(Path.Combine(worktree, "commondir"), "../..\n");
            var checkout = Directory.CreateDirectory(Path.Combine(root, "elsewhere")).FullName;
            File.WriteAllText(Path.Combine(checkout, ".git"), $"gitdir: {worktree}\n");
            Assert.AreEqual(new CommitInfo("ccc", "main"), Surroundings.Commit(checkout, _ => null));

            File.WriteAllText(Path.Combine(git, "HEAD"), "ddd\n");
            Assert.AreEqual(new CommitInfo("ddd", null), Surroundings.Commit(project, _ => null));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static LoadTestResult Assemble(IReadOnlyList<K6.LoadTesting.Results.TestResult> tests, IEnumerable<(Diagnostic, string?)> diagnostics) =>
        LoadTestResults.Assemble(Plan, Guid.NewGuid(), SampleResult.Start, SampleResult.Start.AddSeconds(9), null, tests, [.. diagnostics.Select(one => ReportedDiagnostic.From(one.Item1, one.Item2))], []);
}
