using System.ComponentModel;
using System.Diagnostics;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Engines;

/// <summary>Runs an engine: starts it isolated, watches it, stops it when it must, and says what it left behind.</summary>
internal static class EngineRunner
{
    private const int RestPortTaken = 106;

    /// <summary>
    /// Runs a bundle. Every end of the engine gives a result; cancellation too, after an orderly stop
    /// within <see cref="RunSettings.StopTimeout"/>. Writes <c>engine-run.json</c>.
    /// </summary>
    /// <param name="request">What to run.</param>
    /// <param name="progress">Gets the engine's figures about once a second.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="LoadTestException">The engine could not be started.</exception>
    public static async Task<EngineRun> RunAsync(EngineRunRequest request, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        var files = new EngineFiles(request.Folder, request.Bundle.File);
        var run = await RunOnceAsync(request, files, progress, cancellationToken).ConfigureAwait(false);
        if (run.ExitCode == RestPortTaken && run.Outcome == EngineOutcome.Crashed)
        {
            // Somebody took the port between our look at it and k6's; once is bad luck.
            run = await RunOnceAsync(request, files, progress, cancellationToken).ConfigureAwait(false);
        }

        LoadTestJson.Write(files.Run, run);
        return run;
    }

    private static async Task<EngineRun> RunOnceAsync(EngineRunRequest request, EngineFiles files, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        files.Prepare(keepOptions: true);
        var start = DateTimeOffset.UtcNow;
        var begin = Stopwatch.GetTimestamp();
        if (cancellationToken.IsCancellationRequested)
        {
            return Result(EngineOutcome.Cancelled, exitCode: -1, null, null);
        }

        var stopTimeout = K6Duration.Parse(request.Settings.StopTimeout);
        var port = EngineCommandLine.FreePort();
        var log = new EngineLog(request.Bundle.Generated);
        EngineProgress? last = null;
        using var outputLog = new LineLog(files.Output);
        using var errorLog = new LineLog(files.Log);
        var child = Start();
        await using var _ = child.ConfigureAwait(false);
        request.Started?.Invoke(child.Id);

        using var bound = new CancellationTokenSource();
        var timeLimit = Task.Delay(request.UpperBound < MaxDelay ? request.UpperBound : MaxDelay, bound.Token);
        var cancelled = Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        await Task.WhenAny(child.Exited, timeLimit, cancelled).ConfigureAwait(false);
        EngineOutcome? ours = child.Exited.IsCompleted ? null
            : cancellationToken.IsCancellationRequested ? EngineOutcome.Cancelled
            : EngineOutcome.TimedOut;
        if (ours is not null)
        {
            await EngineStop.StopAsync(child, port, stopTimeout).ConfigureAwait(false);
        }

        await bound.CancelAsync().ConfigureAwait(false);
        var exitCode = await child.Exited.ConfigureAwait(false);
        return Result(ours ?? OutcomeOf(exitCode), exitCode, log, last);

        ChildProcess Start()
        {
            var command = request.Engine.Command(
                EngineCommandLine.Run(files, port, request.RecordingPeriod, request.Settings.Samples && request.WarmUp is null, request.WarmUp is null ? request.Outputs : []),
                EngineCommandLine.Environment(request.LoadEnvironment, files, request.WarmUp, request.Labels),
                files.Folder);
            try
            {
                return ChildProcess.Start(command, new OutputReader(outputLog, ReadProgress, request.Mask), new OutputReader(errorLog, log.Add, request.Mask), stopTimeout);
            }
            catch (Win32Exception exception)
            {
                throw new LoadTestException(
                    Rules.K6NotExecutable.At(null, $"'{request.Engine.Program}' cannot be started: {exception.Message}. Was it replaced since the start of the build?"),
                    exception);
            }
        }

        void ReadProgress(ReadOnlySpan<byte> line)
        {
            if (ProgressLine.Parse(line) is { } figures)
            {
                last = figures;
                progress?.Report(figures);
            }
        }

        EngineRun Result(EngineOutcome outcome, int exitCode, EngineLog? log, EngineProgress? last)
        {
            // The machine's clock may be set meanwhile; a run is as long as it was.
            var end = start + Stopwatch.GetElapsedTime(begin);
            return new EngineRun
            {
                Test = request.Test.Name,
                Engine = request.Engine.Info,
                StartTime = start,
                EndTime = end,
                ClockSetBySeconds = Math.Round((DateTimeOffset.UtcNow - end).TotalSeconds),
                Outcome = outcome,
                ExitCode = exitCode,
                ErrorMessage = log?.ErrorMessage,
                Folder = files.Folder,
                SummaryFile = EngineFiles.IfExists(files.Summary),
                RecordFile = EngineFiles.IfExists(files.Record),
                SamplesFile = EngineFiles.IfExists(files.Samples),
                LogFile = EngineFiles.IfExists(files.Log),
                OptionsFile = EngineFiles.IfExists(files.Options),
                LastProgress = last,
                Errors = log?.Errors ?? [],
                Warnings = log?.Warnings ?? [],
            };
        }
    }

    // Task.Delay's own limit is about 49 days.
    private static TimeSpan MaxDelay { get; } = TimeSpan.FromDays(40);

    /// <summary>
    /// What an exit code means (https://grafana.com/docs/k6/latest/misc/error-codes/ and observed). On POSIX 128 + n is the end by signal n;
    /// k6 itself uses 97 to 110, and 255 (-1 on Windows) for errors without a code.
    /// </summary>
    internal static EngineOutcome OutcomeOf(int exitCode) => exitCode switch
    {
        0 => EngineOutcome.Completed,
        99 => EngineOutcome.ThresholdsCrossed,
        100 => EngineOutcome.SetupTimeout,
        101 => EngineOutcome.TeardownTimeout,
        103 => EngineOutcome.Stopped,
        104 => EngineOutcome.InvalidConfiguration,
        105 => EngineOutcome.Interrupted,
        107 => EngineOutcome.ScriptError,
        108 => EngineOutcome.Aborted,
        110 => EngineOutcome.MarkedAsFailed,
        > 128 and <= 192 => EngineOutcome.Killed,
        _ => EngineOutcome.Crashed,
    };
}
