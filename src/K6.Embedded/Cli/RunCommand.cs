using System.Text;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Options;
using K6.Embedded.Output;

namespace K6.Embedded.Cli;

/// <summary><c>run</c>: k6's contract from the script to the exit code.</summary>
internal sealed class RunCommand(EngineHost host, FlagSet flags, EngineLog log) : IDisposable
{
    private static readonly TimeSpan DefaultSummaryTimeout = TimeSpan.FromSeconds(120);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource firstSignal = new();
    private readonly CancellationTokenSource warmUpStop = new();
    private TestRun? current;
    private string? earlySignal;
    private string? memoryReached;
    private int signals;

    /// <summary>Runs the test and gives the exit code.</summary>
    public int Execute()
    {
        using var signalHandlers = new SignalHandlers(host.HandlesSignals ? OnSignal : null);
        RefuseUnsupportedFlags();
        var isSummaryDisabled = SummaryMode() == "disabled";
        using var memory = MemoryLimit.Start(host, OnMemory);
        var ofHttp = ScriptMentionsHttp() ? Begin(WarmUp.Run) : null;
        using var test = Load();
        var withThresholds = !host.Bool(flags, "no-thresholds", "K6_NO_THRESHOLDS");
        var options = test.Consolidate(host, flags, withFlags: true, withThresholds);
        using var collector = new MetricsCollector(test.State.Metrics, log);
        collector.Declare(options.Thresholds ?? new Dictionary<string, IReadOnlyList<ThresholdOptions>>());
        collector.WarnOfTagsWithoutIndex();
        test.State.Start(options, OptionsWriter.ForScript(options));
        using var run = new TestRun(test.Script, test.State, collector);
        run.Paused.Set();
        if (options.Paused == true)
        {
            run.Paused.Reset();
        }

        using var outputs = OutputList.Open(host, flags, test, run);
        using var rest = StartRest(run);
        if (rest is { Failure: { } failure })
        {
            log.Error("Error from API server", ("error", failure));
            return ExitCodes.CannotStartRest;
        }

        lock (gate)
        {
            current = run;
        }

        if (earlySignal is { } early)
        {
            Abort(run, early);
        }

        // While the virtual users are made: the load begins when both are done.
        Task[] warmUps = [.. WarmUps(test.Script, ofHttp)];
        run.BeforeLoad = () => Task.WaitAll(warmUps);
        using var stopping = run.Interrupted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), warmUpStop);

        var isQuiet = flags.Bool("quiet") == true;
        using var progress = new ProgressPrinter(host.Output, run, isQuiet);
        progress.PrintHeader(test.DisplayPath, outputs.Description);
        outputs.Start();
        progress.Start();
        var outcome = run.Execute();
        progress.Stop();
        outputs.Stop();
        if (run.Test.CompletedIterations == 0 && outcome.ExitCode == ExitCodes.Ok)
        {
            log.Warning("No script iterations fully finished, consider making the test duration longer");
        }

        if (!isSummaryDisabled)
        {
            WriteSummary(test, run, options);
        }

        progress.PrintFinal();
        if (host.Bool(flags, "linger", "K6_LINGER") && host.HandlesSignals)
        {
            log.Info("The test is done, but --linger was enabled, so k6 is waiting for Ctrl+C to continue...");
            WaitForSignal();
        }

        run.Saturation.Report(log);
        if (outcome.Message is { } message)
        {
            log.Write(LogLevel.Error, message, outcome.Fields.ToArray());
        }

        return outcome.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        warmUpStop.Cancel();
        warmUpStop.Dispose();
        firstSignal.Dispose();
    }

    private LoadedTest Load()
    {
        try
        {
            return LoadedTest.Load(host, flags, log, includesSystemEnvironment: true, firstSignal.Token);
        }
        catch (OperationCanceledException)
        {
            throw memoryReached is { } held ? Unsupported.Memory(held) : new UsageException(AbortText(earlySignal!), ExitCodes.ExternalAbort);
        }
    }

    private string SummaryMode()
    {
        var mode = host.Text(flags, "summary-mode", "K6_SUMMARY_MODE") ?? "compact";
        return mode is "compact" or "full" or "disabled" ? mode : throw new UsageException("invalid summary mode");
    }

    private void RefuseUnsupportedFlags()
    {
        if (host.Bool(flags, "new-machine-readable-summary", "K6_NEW_MACHINE_READABLE_SUMMARY"))
        {
            throw Unsupported.Flag("--new-machine-readable-summary", "it has no thresholds; the data of handleSummary and --summary-export are supported");
        }

        if (host.Text(flags, "traces-output", "K6_TRACES_OUTPUT") is not (null or "none"))
        {
            throw Unsupported.Flag("--traces-output", "it writes no traces");
        }

        if (host.Text(flags, "features", "K6_FEATURES") is not null)
        {
            throw Unsupported.Flag("--features", "it follows k6 2.2 without feature flags");
        }

        if (flags.Bool("profiling-enabled") == true)
        {
            throw Unsupported.Flag("--profiling-enabled", "it has no pprof end points");
        }
    }

    /// <summary>A guess that saves time where it is right: then the warm-up begins while the script is loaded.</summary>
    private bool ScriptMentionsHttp()
    {
        try
        {
            return flags.Positional is [var path] && path != "-" && File.ReadAllText(host.PathOf(path)).Contains("k6/http", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private IEnumerable<Task> WarmUps(ITestScript script, Task? ofHttp)
    {
        if (script.UsesHttp)
        {
            yield return ofHttp ?? Begin(WarmUp.Run);
        }

        if (script.MayUseTls)
        {
            yield return Begin(WarmUp.RunTls);
        }
    }

    private Task<int> Begin(Func<CancellationToken, int> warmUp)
    {
        var stop = warmUpStop.Token;
        return Task.Factory.StartNew(() => warmUp(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private RestServer? StartRest(TestRun run)
    {
        var flag = flags.Text("address");
        var address = flag ?? host.Environment.GetValueOrDefault("K6_ADDRESS");
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        var rest = RestServer.Start(address, run);
        if (rest.Failure is { } failure && flag is null)
        {
            log.Warning("Error from API server", ("error", failure));
            return null;
        }

        return rest;
    }

    private void OnMemory(string held)
    {
        lock (gate)
        {
            memoryReached = held;
            if (current is null)
            {
                firstSignal.Cancel();
                return;
            }
        }

        var failure = Unsupported.Memory(held);
        string[] running = [.. current.Scenarios.Where(s => s.HasStarted && !s.HasEnded).Select(s => s.Spec.Name)];
        current.Stop(failure.ExitCode, failure.Message, ("scenario", running.Length == 0 ? current.Status == RunStatus.Setup ? "(setup)" : "(none)" : string.Join(", ", running)));
    }

    /// <summary>The first signal ends the run in good order, also when it comes before the run exists; the second ends the process.</summary>
    private void OnSignal(string name)
    {
        lock (gate)
        {
            if (++signals == 1)
            {
                earlySignal = name;
                if (current is not null)
                {
                    Abort(current, name);
                }
                else
                {
                    firstSignal.Cancel();
                }

                return;
            }
        }

        log.Error("Aborting k6 in response to signal", ("sig", name));
        host.Output.Flush();
        Environment.Exit(ExitCodes.ExternalAbort);
    }

    private static void Abort(TestRun run, string signal) => run.Stop(ExitCodes.ExternalAbort, AbortText(signal));

    private static string AbortText(string signal) => $"test run was aborted because k6 received a '{signal}' signal";

    private void WaitForSignal()
    {
        while (Volatile.Read(ref signals) == 0)
        {
            Thread.Sleep(100);
        }
    }

    private void WriteSummary(LoadedTest test, TestRun run, TestOptions options)
    {
        var noColor = host.Bool(flags, "no-color", "K6_NO_COLOR");
        var data = SummaryData.From(run, options, noColor);
        IReadOnlyDictionary<string, byte[]>? result = null;
        if (test.Script.ExportedFunctions.Contains("handleSummary"))
        {
            var limit = options.HandleSummaryTimeout ?? DefaultSummaryTimeout;
            using var timeout = new CancellationTokenSource(limit);
            try
            {
                result = TestRun.OnScriptThread(() => test.Script.HandleSummary(run.NewScriptContext(""), data.ToJson(run.SetupData), timeout.Token));
            }
            catch (OperationCanceledException)
            {
                log.Error("failed to handle the end-of-test summary", ("error", $"handleSummary() execution timed out after {limit.TotalSeconds:0.###} seconds"));
                return;
            }
            catch (ScriptException e) when (e.IsStackTrace)
            {
                log.ScriptException(e.Message, scenario: null);
            }
            catch (ScriptException e)
            {
                log.Error("failed to handle the end-of-test summary", ("error", e.Message));
                return;
            }
            catch (TestAbortedException e)
            {
                log.Error(e.Message);
            }
        }

        var files = new Dictionary<string, byte[]>(result ?? new Dictionary<string, byte[]> { ["stdout"] = Encoding.UTF8.GetBytes(TextSummary.Render(run, options)) });
        if (host.Text(flags, "summary-export", "K6_SUMMARY_EXPORT") is { } export)
        {
            files[export] = Encoding.UTF8.GetBytes(data.ToExportJson(run.SetupData));
        }

        WriteFiles(files);
    }

    private void WriteFiles(Dictionary<string, byte[]> files)
    {
        var problems = new List<string>();
        foreach (var (path, content) in files)
        {
            switch (path)
            {
                case "stdout":
                    host.Output.Write(Encoding.UTF8.GetString(content));
                    host.Output.Flush();
                    break;
                case "stderr":
                    host.Error.Write(Encoding.UTF8.GetString(content));
                    host.Error.Flush();
                    break;
                default:
                    try
                    {
                        File.WriteAllBytes(host.PathOf(path), content);
                    }
                    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                    {
                        var reason = e is DirectoryNotFoundException ? "no such file or directory" : e.Message;
                        problems.Add($"could not open '{path}': open {path}: {reason}");
                    }

                    break;
            }
        }

        if (problems.Count > 0)
        {
            log.Error(
                "failed to handle the end-of-test summary",
                ("error", "Could not save some summary information:" + string.Concat(problems.Select(p => "\n\t- " + p))));
        }
    }
}
