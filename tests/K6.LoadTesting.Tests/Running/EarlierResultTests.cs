using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Running;

/// <summary>The verdict of an invocation that counts later, and that of several projects together.</summary>
[TestClass]
public sealed class EarlierResultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk verify ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void What_the_run_said_is_said_again_at_its_place()
    {
        var crossed = new ReportedDiagnostic("KSDK0320", DiagnosticSeverity.Error, "p(95) = 2", "browse", "/shop/Shop.csproj", 7, 3);
        var heard = new ReportedDiagnostic("KSDK0412", DiagnosticSeverity.Info, "nothing yet", "browse", null, null, null);

        var said = EarlierResult.Verify(Plan("browse"), Result(Verdict.Failed, "browse") with { Diagnostics = [crossed, heard] }, null);

        Assert.AreEqual(new Diagnostic("KSDK0320", DiagnosticSeverity.Error, "browse: p(95) = 2", new SourceLocation("/shop/Shop.csproj", 7, 3)), said.Single());
        Assert.IsEmpty(EarlierResult.Verify(Plan("browse"), Result(Verdict.Passed, "browse"), null));
    }

    [TestMethod]
    public void A_result_of_something_else_proves_nothing()
    {
        var result = Result(Verdict.Passed, "browse") with { Commit = new CommitInfo("aaaaaaaaaaaa", "main") };

        Assert.IsEmpty(EarlierResult.Verify(Plan("browse"), result, new CommitInfo("aaaaaaaaaaaa", "main")));
        Assert.AreEqual("KSDK0386 of commit aaaaaaaaa, and this is bbbbbbbbb", Why(Plan("browse"), result, new CommitInfo("bbbbbbbbbbbb", "main")));
        Assert.AreEqual("KSDK0386 without login, which Shop declares", Why(Plan("browse", "login"), result, null));
        Assert.AreEqual("KSDK0386 of Shop, and this is Other", Why(Plan("browse") with { Project = "Other" }, result, null));
        Assert.AreEqual("KSDK0901", EarlierResult.Verify(Plan("browse"), Result(Verdict.Failed, "browse"), null).Single().Code);

        static string Why(LoadPlan plan, LoadTestResult result, CommitInfo? now) =>
            EarlierResult.Verify(plan, result, now).Single() is { Severity: DiagnosticSeverity.Error } one ? $"{one.Code} {one.Message["The result is ".Length..one.Message.IndexOf('.', StringComparison.Ordinal)]}" : "";
    }

    [TestMethod]
    public void A_result_that_a_later_run_did_not_replace_proves_nothing()
    {
        LoadTestJson.Write(Path.Combine(_folder, "loadtest.json"), Result(Verdict.Passed, "browse"));
        Assert.AreEqual(Verdict.Passed, EarlierResult.Read(Plan("browse")).Verdict);

        Directory.CreateDirectory(Path.Combine(_folder, ".staging-1"));
        Assert.AreEqual("KSDK0385", Assert.ThrowsExactly<LoadTestException>(() => EarlierResult.Read(Plan("browse"))).Diagnostic.Code);
        Directory.Delete(_folder, recursive: true);
        Assert.AreEqual("KSDK0370", Assert.ThrowsExactly<LoadTestException>(() => EarlierResult.Read(Plan("browse"))).Diagnostic.Code);
        Directory.CreateDirectory(_folder);
    }

    [TestMethod]
    public void A_suite_has_a_line_for_each_project_and_tells_a_limit_from_a_crash()
    {
        var failed = Result(Verdict.Failed, "browse") with { Diagnostics = [new ReportedDiagnostic("KSDK0320", DiagnosticSeverity.Error, "", "browse", null, null, null)] };
        var crashed = Result(Verdict.Failed, "login") with { Diagnostics = [new ReportedDiagnostic("KSDK0311", DiagnosticSeverity.Error, "", "login", null, null, null)] };
        crashed = crashed with { Tests = [crashed.Tests[0] with { Outcome = EngineOutcome.Killed }] };

        var lines = SuiteText.Render("Shop", [("Good", Result(Verdict.Passed, "one", "two")), ("Limits", failed), ("Crashed", crashed), ("Gone", null)]);

        CollectionAssert.AreEqual(
            new[]
            {
                "Shop: 2 of 4 projects failed, 1 of 4 projects did not run; 2 of 4 tests passed",
                "  FAILED  Limits   browse failed (KSDK0320)",
                "  FAILED  Crashed  login broke off (KSDK0311)",
                "  NOT RUN Gone     no result",
                "  PASSED  Good     one; two",
            },
            lines.ToArray());
        Assert.AreEqual("Shop: the load tests of 1 project passed; 1 of 1 tests passed", SuiteText.Render("Shop", [("Good", Result(Verdict.Passed, "one"))])[0]);
    }

    private LoadPlan Plan(params string[] tests) => new()
    {
        Project = "Shop",
        ProjectFile = Path.Combine(_folder, "Shop.csproj"),
        Tests = [.. tests.Select(test => new TestPlan { Name = test })],
        Settings = new RunSettings { ResultsDirectory = _folder },
    };

    private static LoadTestResult Result(Verdict verdict, params string[] tests) => new()
    {
        Verdict = verdict,
        RunId = Guid.NewGuid(),
        Project = "Shop",
        StartTime = DateTimeOffset.UtcNow,
        EndTime = DateTimeOffset.UtcNow,
        Machine = new MachineInfo("vm", "Linux", "x64", 2, 1, null),
        Tests = [.. tests.Select(test => new TestResult { Name = test, Verdict = verdict, Outcome = EngineOutcome.Completed })],
    };
}
