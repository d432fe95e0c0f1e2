using System.Globalization;
using System.Text;
using K6.Embedded.Execution;
using K6.Embedded.Options;

namespace K6.Embedded.Output;

/// <summary>What a run prints on standard output besides its summary: a header, and every second a block in k6's format.</summary>
internal sealed class ProgressPrinter(TextWriter output, TestRun run, bool isQuiet) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim stop = new();
    private Thread? thread;

    /// <summary>Says what runs, and on which engine.</summary>
    public void PrintHeader(string script, string outputs)
    {
        if (isQuiet)
        {
            return;
        }

        var most = run.Requirements.MaxVus;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\nK6.Sdk embedded engine {Cli.VersionCommand.Version}, compatible with k6 {Cli.VersionCommand.Compatibility}; this is not k6\n\n");
        text.Append(CultureInfo.InvariantCulture, $"     execution: local (embedded engine)\n        script: {script}\n        output: {outputs}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"     scenarios: (100.00%) {run.Scenarios.Count} scenario{(run.Scenarios.Count == 1 ? "" : "s")}, {most} max VUs, {GoDuration.Format(run.Requirements.TotalDuration)} max duration (incl. graceful stop):\n");
        foreach (var scenario in run.Scenarios)
        {
            text.Append(CultureInfo.InvariantCulture, $"              * {scenario.Spec.Name}: {Describe(scenario.Spec)}\n");
        }

        output.Write(text.Append("\n\n").ToString());
        output.Flush();
    }

    /// <summary>Starts the blocks.</summary>
    public void Start()
    {
        if (isQuiet)
        {
            return;
        }

        thread = new Thread(() =>
        {
            while (!stop.Wait(Interval))
            {
                Print();
            }
        })
        { Name = "progress", IsBackground = true };
        thread.Start();
    }

    /// <summary>Ends the blocks.</summary>
    public void Stop()
    {
        stop.Set();
        thread?.Join();
    }

    /// <summary>Prints the last block, which k6 prints after the summary.</summary>
    public void PrintFinal()
    {
        if (!isQuiet)
        {
            Print();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private void Print()
    {
        var text = new StringBuilder();
        switch (run.Status)
        {
            case RunStatus.Created or RunStatus.InitVus or RunStatus.InitDone:
                text.Append(CultureInfo.InvariantCulture, $"Init      [ {Percent(run.Requirements.PlannedVus == 0 ? 1 : Math.Min(1, run.Test.InitializedVus / (double)run.Requirements.PlannedVus))} ] {run.Test.InitializedVus}/{run.Requirements.PlannedVus} VUs initialized\n");
                break;
            case RunStatus.PausedBeforeRun:
                text.Append("paused\n");
                break;
            case RunStatus.Setup:
                text.Append("Run       [ 100% ] setup()\n");
                break;
            case RunStatus.Teardown:
                text.Append("Run       [ 100% ] teardown()\n");
                break;
            default:
                var time = run.Duration > TimeSpan.Zero ? run.Duration : run.Test.RunDuration;
                text.Append(CultureInfo.InvariantCulture, $"running ({ProgressFormat.Fixed(time, run.Requirements.TotalDuration > time ? run.Requirements.TotalDuration : time)}), {ProgressFormat.Padded(run.Test.ActiveVus, run.Test.InitializedVus)}/{run.Test.InitializedVus} VUs, {run.Test.CompletedIterations} complete and {run.Test.InterruptedIterations} interrupted iterations\n");
                break;
        }

        var width = run.Scenarios.Max(s => s.Spec.Name.Length);
        foreach (var scenario in run.Scenarios)
        {
            var mark = scenario.HasEnded ? (run.IsStopped ? '✗' : '✓') : scenario.HasStarted ? ' ' : '•';
            var body = scenario.HasStarted ? scenario.ProgressText : run.Status == RunStatus.Running ? "waiting" : "";
            text.Append($"{scenario.Spec.Name.PadRight(width)} {mark} [ {Percent(scenario.Progress)} ] {body}".TrimEnd()).Append('\n');
        }

        output.Write(text.Append('\n').ToString());
        output.Flush();
    }

    private static string Percent(double progress) => ((int)Math.Floor(progress * 100)).ToString(CultureInfo.InvariantCulture).PadLeft(3) + "%";

    private static string Describe(ScenarioSpec s)
    {
        var details = new List<string>();
        if (s.Executor is "shared-iterations" or "per-vu-iterations")
        {
            details.Add($"maxDuration: {GoDuration.Format(s.Duration)}");
        }

        if (s.Executor.EndsWith("arrival-rate", StringComparison.Ordinal))
        {
            details.Add(s.MaxVus > s.PreAllocatedVus ? $"maxVUs: {s.PreAllocatedVus}-{s.MaxVus}" : $"maxVUs: {s.MaxVus}");
        }

        if (s.Executor == "ramping-vus")
        {
            details.Add($"gracefulRampDown: {GoDuration.Format(s.GracefulRampDown)}");
        }

        if (s.Exec != "default")
        {
            details.Add($"exec: {s.Exec}");
        }

        if (s.StartTime > TimeSpan.Zero)
        {
            details.Add($"startTime: {GoDuration.Format(s.StartTime)}");
        }

        if (s.GracefulStop > TimeSpan.Zero)
        {
            details.Add($"gracefulStop: {GoDuration.Format(s.GracefulStop)}");
        }

        var length = GoDuration.Format(s.Duration);
        var body = s.Executor switch
        {
            "shared-iterations" => $"{s.Iterations} iterations shared among {s.Vus} VUs",
            "per-vu-iterations" => $"{s.Iterations} iterations for each of {s.Vus} VUs",
            "constant-vus" => $"{s.Vus} looping VUs for {length}",
            "ramping-vus" => $"Up to {s.PeakVus} looping VUs for {length} over {s.Stages.Count} stages",
            "constant-arrival-rate" => string.Create(CultureInfo.InvariantCulture, $"{s.Rate / s.TimeUnit.TotalSeconds:0.00} iterations/s for {length}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"Up to {Math.Max(s.Rate, s.Stages.Max(x => x.Target ?? 0)) / s.TimeUnit.TotalSeconds:0.00} iterations/s for {length} over {s.Stages.Count} stages"),
        };
        return details.Count == 0 ? body : $"{body} ({string.Join(", ", details)})";
    }
}
