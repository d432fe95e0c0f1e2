using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Results;

/// <summary>Puts the results of tests together to that of the invocation.</summary>
internal static class LoadTestResults
{
    /// <summary>The commit of a plan's project now: as the CI system names it, else as git's files do; null without either.</summary>
    public static CommitInfo? CommitOf(LoadPlan plan) => Surroundings.Commit(Path.GetDirectoryName(plan.ProjectFile), Environment.GetEnvironmentVariable);

    /// <summary>Assembles the result. It passed when there are tests, all of them passed, and no error was reported.</summary>
    /// <param name="plan">What was to run.</param>
    /// <param name="runId">Id of the invocation.</param>
    /// <param name="start">Start of the invocation.</param>
    /// <param name="end">Its end.</param>
    /// <param name="engine">The engine; null when none could be found.</param>
    /// <param name="tests">Results, in the order of declaration.</param>
    /// <param name="diagnostics">Everything that was reported, in order.</param>
    /// <param name="files">Files of the invocation, relative to the folder of results, with forward slashes.</param>
    /// <param name="coverage">Which operations of OpenAPI documents the load touched; null for none.</param>
    public static LoadTestResult Assemble(
        LoadPlan plan,
        Guid runId,
        DateTimeOffset start,
        DateTimeOffset end,
        EngineInfo? engine,
        IReadOnlyList<TestResult> tests,
        IReadOnlyList<ReportedDiagnostic> diagnostics,
        IReadOnlyList<string> files,
        IReadOnlyList<EndpointCoverage>? coverage = null)
    {
        var passed = tests.Count > 0
            && tests.All(test => test.Verdict == Verdict.Passed)
            && diagnostics.All(one => one.Severity != DiagnosticSeverity.Error);
        return new LoadTestResult
        {
            Verdict = passed ? Verdict.Passed : Verdict.Failed,
            RunId = runId,
            Project = plan.Project,
            ProjectFile = plan.ProjectFile,
            StartTime = start,
            EndTime = end,
            Engine = engine,
            Machine = Surroundings.Machine(Environment.GetEnvironmentVariable),
            Commit = CommitOf(plan),
            Tests = tests,
            Coverage = coverage ?? [],
            Diagnostics = diagnostics,
            Files = files,
        };
    }
}
