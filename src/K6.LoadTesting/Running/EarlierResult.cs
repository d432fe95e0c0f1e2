using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Gates;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Running;

/// <summary>The result of an earlier invocation, whose verdict counts later: <c>LoadTestVerify</c>. It fails closed, as the verdict of a run does.</summary>
internal static class EarlierResult
{
    /// <summary>Reads the result in the folder of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="LoadTestException">There is none that can be read, or a run after it left none (KSDK0370, KSDK0371, KSDK0385).</exception>
    public static LoadTestResult Read(LoadPlan plan)
    {
        var folder = plan.Settings.ResultsDirectory;
        var file = Path.Combine(folder, "loadtest.json");
        return ResultsFolder.IsUnfinished(folder)
            ? throw new LoadTestException(Rules.ResultMissing.At(new SourceLocation(file, 0, 0), "A load test began here and did not end: it was killed, or it still runs. What lies here is of a run before it and proves nothing. Run the load test again."))
            : ResultFile.Read(file);
    }

    /// <summary>What there is to say of it: whether it is of this plan at all, then what the run said itself.</summary>
    /// <param name="plan">The plan, whose tests have to be in the result.</param>
    /// <param name="result">The result.</param>
    /// <param name="now">The commit of the project now; null when it is unknown.</param>
    public static IReadOnlyList<Diagnostic> Verify(LoadPlan plan, LoadTestResult result, CommitInfo? now)
    {
        var found = new List<Diagnostic>();
        var place = new SourceLocation(Path.Combine(plan.Settings.ResultsDirectory, "loadtest.json"), 0, 0);
        var missing = plan.Tests.Select(test => test.Name).Except(result.Tests.Select(test => test.Name)).ToList();
        var why = result.Project != plan.Project ? $"of {result.Project}, and this is {plan.Project}"
            : result.Commit is { } then && now is not null && then.Sha != now.Sha ? $"of commit {Short(then)}, and this is {Short(now)}"
            : missing.Count > 0 ? $"without {string.Join(", ", missing)}, which {plan.Project} declares"
            : null;
        if (why is not null && RuleSeverity.Tuned(Rules.ResultOfSomethingElse.At(place, $"The result is {why}. Run the load test again, then verify."), plan.Settings) is { } other)
        {
            found.Add(other);
        }

        found.AddRange(result.Diagnostics.Where(one => one.Severity != DiagnosticSeverity.Info).Select(one => new Diagnostic(
            one.Code,
            one.Severity,
            Reports.DiagnosticText.Named(one.Message, one.Test),
            one.File is null ? null : new SourceLocation(one.File, one.Line ?? 0, one.Column ?? 0))));
        if (result.Verdict == Verdict.Failed && found.TrueForAll(one => one.Severity != DiagnosticSeverity.Error))
        {
            var failed = result.Tests.Where(test => test.Verdict == Verdict.Failed).Select(test => test.Name);
            found.Add(Rules.VerdictWithoutReason.At(place, $"The load test failed ({string.Join(", ", failed)}), and no rule said why; please report this."));
        }

        return found;
    }

    private static string Short(CommitInfo commit) => commit.Sha[..Math.Min(9, commit.Sha.Length)];
}
