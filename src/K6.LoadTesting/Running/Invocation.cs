using System.Diagnostics;
using System.Net.Sockets;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Live;
using K6.LoadTesting.Gates;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Secrets;
using K6.LoadTesting.Services;
using K6.LoadTesting.Services.Monitoring;
using K6.LoadTesting.Sources.ApiChecks;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Running;

/// <summary>One invocation of the runner: its tests, and what was reported on the way.</summary>
internal sealed partial class Invocation(
    LoadPlan plan, IReadOnlyList<TestBundle> bundles, LoadTestRunOptions options, IProgress<RunEvent>? progress)
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly List<ReportedDiagnostic> _reported = [];
    private readonly List<TestResult> _tests = [];
    private readonly List<Diagnostic> _servicesTold = [];
    private EngineProgram? _engine;
    private ResultsFolder? _folder;
    private LiveDashboard? _dashboard;
    private SecretMask _mask = SecretMask.None;
    private IReadOnlyDictionary<string, string> _secrets = new Dictionary<string, string>();

    public async Task<LoadTestResult> RunAsync(CancellationToken cancellationToken)
    {
        var start = DateTimeOffset.UtcNow;
        RunLock runLock;
        try
        {
            runLock = await RunLock.AcquireAsync(
                $"{plan.Project} (process {Environment.ProcessId})", options.LockTimeout, Phase, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is LoadTestException or OperationCanceledException)
        {
            ReportFailure(failure);
            ResultsFolder.LeaveUnfinished(plan.Settings.ResultsDirectory);
            return Assemble(start);
        }

        // Published under the lock, or the next invocation would find the results half done.
        using (runLock)
        {
            _folder = ResultsFolder.Open(plan.Settings.ResultsDirectory);
            try
            {
                await RunTestsAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is LoadTestException or OperationCanceledException or IOException or UnauthorizedAccessException)
            {
                ReportFailure(failure);
            }

            KeepHistory(start);
            return Publish(Assemble(start));
        }
    }

    private async Task RunTestsAsync(CancellationToken cancellationToken)
    {
        var diagnostics = new List<Diagnostic>();
        var machine = DevelopmentCertificate.Trust(EngineEnvironment.Machine(), plan.Services);
        _secrets = SecretValues.Read(plan.Secrets, machine);
        _mask = SecretMask.Of(SecretValues.WithInherited(_secrets, [.. plan.Environment, .. EngineOutputs.Secrets(plan.Outputs, machine)], machine), diagnostics);
        _engine = await EngineResolver.ResolveAsync(
            plan.Settings, options.Engines, machine, plan.ProjectFile, diagnostics, cancellationToken).ConfigureAwait(false);
        diagnostics.AddRange(EngineOutputs.Missing(plan.Outputs, _engine.Info));
        diagnostics.AddRange(SecretValues.SourceNotOfEngine(plan, _engine.Info));
        Report(diagnostics, null);
        if (diagnostics.Exists(one => one.Severity == DiagnosticSeverity.Error))
        {
            return;
        }

        Report(plan.Services.Select(DebugBuild.Check).OfType<Diagnostic>(), null);
        var services = await ServiceGroup.StartAsync(
            plan.Services, _folder!.Staging, machine, Phase, cancellationToken).ConfigureAwait(false);
        ServiceGroup? compared = null;
        try
        {
            compared = await StartBaseAsync(services, machine, cancellationToken).ConfigureAwait(false);
            await RunTestsAsync(services, compared, machine, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (compared is not null)
            {
                await compared.DisposeAsync().ConfigureAwait(false);
            }

            await services.DisposeAsync().ConfigureAwait(false);
            Report(services.StopProblems, null);
        }
    }

    // A page is not worth the run.
    private void StartDashboard()
    {
        try
        {
            _dashboard = LiveDashboard.Start();
            progress?.Report(new DashboardStarted(_dashboard.Address));
        }
        catch (SocketException failure)
        {
            Report([Rules.DashboardNotStarted.At(null, $"The live page cannot be shown: {failure.Message} The load test goes on without it.")], null);
        }
    }

    private async Task RunTestsAsync(ServiceGroup services, ServiceGroup? compared, IReadOnlyDictionary<string, string> machine, CancellationToken cancellationToken)
    {
        var monitor = LoadMonitor.Start(services.Processes, name => services.Hosts.FirstOrDefault(host => host.Name == name)?.Output?.Counts);
        await using var _ = monitor.ConfigureAwait(false);
        var diagnostics = new List<Diagnostic>();
        var environment = EnvironmentOf(services.Variables, diagnostics);
        _baseEnvironment = compared is null ? Nothing : EnvironmentOf(compared.Variables.Concat(services.Variables).DistinctBy(variable => variable.Key), []);
        Report(diagnostics, null);

        IReadOnlyDictionary<string, string> EnvironmentOf(IEnumerable<KeyValuePair<string, string>> addresses, List<Diagnostic> found) => EngineEnvironment.WithSecrets(
            EngineEnvironment.Build(machine, plan.Environment, addresses, found), _secrets, plan.Settings.SecretSource)
            .WithOutputs(plan.Outputs, machine);

        // The engine checks every test before the first one makes any load.
        var ready = new List<EngineRunRequest>();
        foreach (var test in plan.Tests)
        {
            Phase($"checking {test.Name}");
            if (await InspectAsync(test, environment, cancellationToken).ConfigureAwait(false) is { } request)
            {
                ready.Add(request);
            }
        }

        if (ready.Count < plan.Tests.Count)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, services.Broken, compared?.Broken ?? CancellationToken.None);
        if (plan.Settings.Dashboard)
        {
            StartDashboard();
        }

        try
        {
            foreach (var request in ready)
            {
                await RunAsync(request, services, monitor, stop.Token).ConfigureAwait(false);
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                if (!plan.Settings.ContinueOnFailure && _tests[^1].Verdict == Verdict.Failed && _tests.Count < ready.Count)
                {
                    Report([Rules.TestsNotRun.At(null, $"{_tests[^1].Name} failed, so {string.Join(", ", ready.Skip(_tests.Count).Select(left => left.Test.Name))} did not run: K6ContinueOnFailure is false.")], null);
                    break;
                }
            }
        }
        finally
        {
            if (_dashboard is not null)
            {
                await _dashboard.DisposeAsync().ConfigureAwait(false);
            }
        }

        // A service that ended after the last load has been reported by none.
        Report(services.Problems.Concat(compared?.Problems ?? []).Except(_servicesTold), null);
    }

    private async Task<EngineRunRequest?> InspectAsync(
        TestPlan test, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var bundle = bundles.First(bundle => bundle.Test == test.Name);
        var folder = _folder!.ForTest(test.Name);
        var inspection = await EngineInspector.InspectAsync(test, bundle, _engine!, environment, folder, cancellationToken, _mask).ConfigureAwait(false);
        Report(inspection.Diagnostics, test.Name);
        return inspection.Requirements is null ? null : new EngineRunRequest
        {
            Test = test,
            Bundle = bundle,
            Engine = _engine!,
            Settings = plan.Settings,
            Environment = environment,
            Mask = _mask,
            Folder = folder,
            Outputs = plan.Outputs,
            Labels = plan.Outputs.Count == 0 ? new Dictionary<string, string>() : Labels(test.Name),
            Requirements = inspection.Requirements,
        };
    }

    // By these, what was streamed elsewhere is found again. The scenario is a tag of k6's own.
    private Dictionary<string, string> Labels(string test)
    {
        var labels = new Dictionary<string, string> { ["run_id"] = _id.ToString("D"), ["test"] = test };
        if (LoadTestResults.CommitOf(plan) is { } commit)
        {
            labels["commit"] = commit.Sha;
            if (commit.Branch is { } branch)
            {
                labels["branch"] = branch;
            }
        }

        return labels;
    }

    private async Task RunAsync(EngineRunRequest request, ServiceGroup services, LoadMonitor monitor, CancellationToken cancellationToken)
    {
        var name = request.Test.Name;
        var logs = RecordLogs(request.Folder, services);
        var warmUp = request.Test.WarmUp is null ? null : await WarmUpAsync(request, services, monitor, logs, cancellationToken).ConfigureAwait(false);
        if (warmUp is { Outcome: not EngineOutcome.Completed })
        {
            return;
        }

        progress?.Report(new TestStarted(name, request.Engine.Info, request.Requirements?.PlannedDuration));
        var record = new EngineFiles(request.Folder, request.Bundle.File).Record;
        _dashboard?.Feed.Begin(request.Test, request.Requirements?.PlannedDuration, record, monitor.Latest);
        var live = new LiveRecording(record);
        var evidence = Evidence.Start(
            plan.Settings.ServiceDiagnostics,
            services.Processes,
            new CrossedThresholds(record, request.Test.Thresholds, monitor.Latest),
            request.Folder);
        await using var _ = evidence.ConfigureAwait(false);
        var run = await EngineRunner.RunAsync(
            request with { Started = engine => monitor.BeginTest(engine, forget: warmUp is null) },
            new Relay(figures =>
            {
                live.Read();
                _dashboard?.Feed.Update();
                progress?.Report(new TestProgressed(name, figures) { Figures = live.Last() });
            }),
            cancellationToken).ConfigureAwait(false);

        StopRecording(services);

        // Before anything reads them: what a name or an address held must not reach a report either.
        var swept = SecretSweep.Clean(request.Folder, _mask);

        var diagnostics = HowItEnded(run, request.Test, services);
        diagnostics.AddRange(DevelopmentCertificate.Refusals(run, services.Hosts));
        var watched = new WatchedRun
        {
            Observations = monitor.EndTest(),
            WarmUp = warmUp,
            WarmUpLength = request.Test.WarmUp is { } length ? K6Duration.Parse(length) : default,
            Logs = logs,
        };
        var result = TestResultReader.Read(request.Test, request.Bundle, run, plan.Settings, diagnostics, watched);
        if (plan.Settings.ApiCheck)
        {
            result = ApiCheckJudge.Judge(request.Test, result, run.LogFile, diagnostics);
        }

        diagnostics.AddRange(await evidence.StopAsync().ConfigureAwait(false));
        WriteDebugLog(run);
        diagnostics.AddRange(swept);
        LoadTestJson.Write(new EngineFiles(request.Folder, request.Bundle.File).Run, run.MovedTo(Path.Combine(_folder!.Directory, name)));
        result = await CompareAsync(request, result, diagnostics, cancellationToken).ConfigureAwait(false);
        Finish(result, diagnostics, run.Engine);
    }

    private void Finish(TestResult result, IReadOnlyList<Diagnostic> diagnostics, EngineInfo engine)
    {
        _tests.Add(result);
        _dashboard?.Feed.End(result);
        Report(diagnostics, result.Name);
        progress?.Report(new TestFinished(result, engine, [.. _reported.Where(one => one.Test == result.Name)]));
    }

    // Where a service ended, that is why the load was stopped.
    private List<Diagnostic> HowItEnded(EngineRun run, TestPlan test, ServiceGroup services)
    {
        var problems = run.Outcome == EngineOutcome.Cancelled ? services.Problems.ToList() : [];
        _servicesTold.AddRange(problems);
        return [.. problems.Count > 0 ? problems : OutcomeDiagnostics.From(run, test)];
    }

    private static List<string> RecordLogs(string runFolder, ServiceGroup services)
    {
        var files = new List<string>();
        foreach (var host in services.Hosts.Where(host => host.Output is not null))
        {
            files.Add(Path.Combine(runFolder, "services", $"{host.Name}.recorded"));
            host.Output!.Record(files[^1]);
        }

        return files;
    }

    private static void StopRecording(ServiceGroup services)
    {
        foreach (var host in services.Hosts)
        {
            host.Output?.StopRecording();
        }
    }

    // Earlier runs are read when they are needed: those of the tests before in this invocation are none of them.
    private async Task<TestResult> CompareAsync(EngineRunRequest request, TestResult result, List<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var declared = request.Test.Regressions;
        if (declared.Count == 0 || result.Outcome is not (EngineOutcome.Completed or EngineOutcome.ThresholdsCrossed))
        {
            return result;
        }

        var run = LoadTestResults.Assemble(plan, _id, result.StartTime ?? DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, _engine?.Info, [result], [], []);
        var history = plan.Settings.HistoryPath is { } path ? new HistoryStore(path).Read(diagnostics) : [];
        var gate = new RegressionGate(plan, history);
        var compared = options.Base is null
            ? gate.Compare(declared, run, result)
            : await CompareInTurnAsync(request, result, gate, diagnostics, cancellationToken).ConfigureAwait(false);
        if (options.Base is null && plan.Settings.ConfirmRegression && !cancellationToken.IsCancellationRequested && compared.Any(one => one.Verdict == RegressionVerdict.Regressed))
        {
            Phase($"measuring {result.Name} again: it looks slower than before");
            var again = await EngineRunner.RunAsync(
                request with { Folder = Path.Combine(request.Folder, "again") },
                new Relay(figures => progress?.Report(new TestProgressed(result.Name, figures))),
                cancellationToken).ConfigureAwait(false);
            var second = TestResultReader.Read(request.Test, request.Bundle, again, plan.Settings, []);
            compared = RegressionGate.Confirm(compared, gate.Compare(declared, run, second with { Noisy = result.Noisy, LoadKey = result.LoadKey, Scenarios = result.Scenarios }));
        }

        // What broke a comparison off has been said.
        var broken = diagnostics.Exists(one => one.Code == Rules.ComparisonBroken.Code) || cancellationToken.IsCancellationRequested;
        var found = (broken ? [] : gate.Report(declared, compared, run, result)).Select(one => RuleSeverity.Tuned(one, plan.Settings)).OfType<Diagnostic>().ToList();
        diagnostics.AddRange(found);
        var failed = found.Concat(diagnostics).Any(one => one.Severity == DiagnosticSeverity.Error);
        return result with { Regressions = compared, Verdict = failed ? Verdict.Failed : result.Verdict };
    }

    // What did not run to its end tells nothing of the application's speed.
    private void KeepHistory(DateTimeOffset start)
    {
        if (plan.Settings.HistoryPath is not { } path || plan.Settings.Debug || plan.Settings.ApiCheck)
        {
            return;
        }

        var whole = _tests.Where(test => test.Outcome is EngineOutcome.Completed or EngineOutcome.ThresholdsCrossed).ToList();
        var result = LoadTestResults.Assemble(plan, _id, start, EndOf(start), _engine?.Info, whole, _reported, []);
        try
        {
            new HistoryStore(path).Append(HistoryLine.Of(result, plan.Settings.HistoryLabel));
        }
        catch (LoadTestException failure)
        {
            ReportFailure(failure);
        }
    }

    private void WriteDebugLog(EngineRun run)
    {
        if (plan.Settings.Debug && run.LogFile is not null)
        {
            var records = DebugText.Read(run.LogFile);
            File.WriteAllText(Path.Combine(run.Folder, "debug.txt"), DebugText.Render(records, int.MaxValue) + "\n");
            progress?.Report(new DebugLog(run.Test, DebugText.Render(records, DebugText.Shown)));
        }
    }

    // The machine's clock may be set meanwhile.
    private DateTimeOffset EndOf(DateTimeOffset start) => start + Stopwatch.GetElapsedTime(_begin);

    private LoadTestResult Assemble(DateTimeOffset start)
    {
        // A test that was planned and did not run is in the result too: nothing that is missing can look green.
        var tests = plan.Tests.Select(test =>
            _tests.FirstOrDefault(result => result.Name == test.Name)
            ?? TestResultReader.NotRun(test, EngineOutcome.NotRun)).ToList();
        var coverage = EndpointCoverage.Of(OperationList.Read(bundles.SelectMany(bundle => bundle.OperationLists).Distinct()), tests);
        // A load that broke off, or a part of it, says nothing of the whole.
        if (_tests.Count == plan.Tests.Count && _tests.All(test => test.Outcome is EngineOutcome.Completed or EngineOutcome.ThresholdsCrossed) && plan.Settings is { Debug: false, ApiCheck: false, IsFiltered: false })
        {
            Report(EndpointCoverage.Judge(coverage, plan).Select(diagnostic => RuleSeverity.Tuned(diagnostic, plan.Settings)).OfType<Diagnostic>(), null);
        }

        return LoadTestResults.Assemble(
            plan, _id, start, EndOf(start), _engine?.Info, tests, _reported, _folder?.Files() ?? [], coverage);
    }

    private LoadTestResult Publish(LoadTestResult result)
    {
        _folder!.Publish(TestsOfTheInvocationBefore(), staging =>
        {
            LoadTestJson.Write(Path.Combine(staging, "loadtest.json"), result);
            ReportFiles.Write(result, staging);
            // The logs of services, and the options of tests that never ran.
            SecretSweep.Clean(staging, _mask);
        });
        progress?.Report(new ResultsPublished(_folder.Directory));
        if (plan.Settings.CiReports && CiSurfaces.AppendStepSummary(_folder.Directory, Environment.GetEnvironmentVariable) is { } problem)
        {
            progress?.Report(new DiagnosticReported(problem, null));
        }

        return result with { Folder = _folder.Directory };
    }

    private IEnumerable<string> TestsOfTheInvocationBefore()
    {
        try
        {
            return [.. LoadTestJson.Read<LoadTestResult>(Path.Combine(_folder!.Directory, "loadtest.json")).Tests.Select(test => test.Name)];
        }
        catch (Exception failure) when (failure is IOException or System.Text.Json.JsonException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void ReportFailure(Exception failure) => Report(
        [
            failure switch
            {
                LoadTestException expected => expected.Diagnostic,
                OperationCanceledException => Rules.RunCancelled.At(null, $"The load test of {plan.Project} was cancelled."),
                _ => Rules.FileAccess.At(null, $"The load test of {plan.Project} broke off: {failure.Message} Check the path, its permissions and the free space, then run it again."),
            },
        ],
        null);

    private void Phase(string text) => progress?.Report(new PhaseStarted(text));

    private void Report(IEnumerable<Diagnostic> diagnostics, string? test)
    {
        foreach (var found in diagnostics)
        {
            // Errors are tuned where they are judged; what is tuned here can no longer turn a failure green.
            var tuned = found.Severity == DiagnosticSeverity.Error ? found : RuleSeverity.Tuned(found, plan.Settings);
            if (tuned is null)
            {
                continue;
            }

            // Files are still aside while the run goes on; people read of them when they are in place.
            var diagnostic = tuned with
            {
                Message = _mask.Text(InPlace(tuned.Message)),
                Location = tuned.Location is { } place ? place with { File = InPlace(place.File) } : null,
            };
            _reported.Add(ReportedDiagnostic.From(diagnostic, test));
            progress?.Report(new DiagnosticReported(diagnostic, test));
        }
    }

    private string InPlace(string text) =>
        _folder is null ? text : text.Replace(_folder.Staging, _folder.Directory, StringComparison.Ordinal);

    private sealed class Relay(Action<EngineProgress> report) : IProgress<EngineProgress>
    {
        public void Report(EngineProgress value) => report(value);
    }
}
