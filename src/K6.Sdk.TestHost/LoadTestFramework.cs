using System.Globalization;
using K6.LoadTesting;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Running;
using Microsoft.Testing.Platform.Extensions.Messages;
using Microsoft.Testing.Platform.Extensions.OutputDevice;
using Microsoft.Testing.Platform.Extensions.TestFramework;
using Microsoft.Testing.Platform.OutputDevice;
using Microsoft.Testing.Platform.Requests;

namespace K6.Sdk.TestHost;

/// <summary>
/// The load tests of a project as a test framework: lists the cases that are known beforehand, runs the tests of those that are selected, and reports them. Without a
/// filter, all that a run finds is reported, checks too.
/// </summary>
/// <param name="prepared">What the build left.</param>
/// <param name="results">The platform's folder of results: the project's own, or one that was asked for on the command line, which other projects may share.</param>
/// <param name="output">Where progress goes.</param>
internal sealed class LoadTestFramework(PreparedRun prepared, string results, IOutputDevice output)
    : LoadTestExtension, ITestFramework, IDataProducer, IOutputDeviceDataProducer
{
    private readonly IReadOnlyList<LoadTestCase> _cases = LoadTestCase.Of(prepared.Plan, prepared.Bundles);

    public Type[] DataTypesProduced { get; } = [typeof(TestNodeUpdateMessage), typeof(SessionFileArtifact)];

    public Task<CreateTestSessionResult> CreateTestSessionAsync(CreateTestSessionContext context) => Task.FromResult(new CreateTestSessionResult { IsSuccess = true });

    public Task<CloseTestSessionResult> CloseTestSessionAsync(CloseTestSessionContext context) => Task.FromResult(new CloseTestSessionResult { IsSuccess = true });

    public async Task ExecuteRequestAsync(ExecuteRequestContext context)
    {
        try
        {
            var request = (TestExecutionRequest)context.Request;
            var session = request.Session.SessionUid;
            Task PublishAsync(TestNode node) => context.MessageBus.PublishAsync(this, new TestNodeUpdateMessage(session, node));
            var selected = _cases.Where(one => Nodes.Matches(request.Filter, one)).ToList();
            if (request is DiscoverTestExecutionRequest)
            {
                foreach (var one in selected)
                {
                    await PublishAsync(Nodes.Of(one, DiscoveredTestNodeStateProperty.CachedInstance)).ConfigureAwait(false);
                }
            }
            else if (selected.Count > 0)
            {
                foreach (var one in selected)
                {
                    await PublishAsync(Nodes.Of(one, InProgressTestNodeStateProperty.CachedInstance)).ConfigureAwait(false);
                }

                await RunAsync(selected, PublishAsync, file => context.MessageBus.PublishAsync(this, new SessionFileArtifact(session, new FileInfo(file), Path.GetFileName(file))), context.CancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            context.Complete();
        }
    }

    private async Task RunAsync(List<LoadTestCase> selected, Func<TestNode, Task> publish, Func<string, Task> attach, CancellationToken cancellationToken)
    {
        var run = prepared.Only(selected.Select(one => one.Test).ToHashSet());
        if (Path.TrimEndingDirectorySeparator(results) != Path.TrimEndingDirectorySeparator(prepared.Plan.Settings.ResultsDirectory))
        {
            run = run.WithResultsIn(Path.Combine(results, prepared.Plan.Project));
        }

        LoadTestResult result;
        try
        {
            result = await run.RunAsync(new Progress(this), cancellationToken).ConfigureAwait(false);
        }
        catch (LoadTestException failure)
        {
            foreach (var one in selected)
            {
                await publish(Nodes.Of(one, new ErrorTestNodeStateProperty($"{failure.Diagnostic.Code}: {failure.Message}"))).ConfigureAwait(false);
            }

            return;
        }

        var reported = TestCase.Of(result);
        var known = _cases.Where(one => run.Plan.Tests.Any(test => test.Name == one.Test)).ToList();
        var all = selected.Count == known.Count;
        var told = new HashSet<TestCase>();
        foreach (var one in selected)
        {
            var own = one.In(result, reported);
            told.UnionWith(own);
            await publish(Nodes.Of(one, own, run.Plan.Settings.ResultsDirectory)).ConfigureAwait(false);
        }

        // What only the run could tell: checks, thresholds that a script computes. A failed run is told in any case, since no figure of it proves anything.
        foreach (var other in reported.Where(one => !told.Contains(one) && (all || (one.Category == "run" && one.Outcome == CaseOutcome.Failed))))
        {
            await publish(Nodes.Of(other, run.Plan.Settings.ResultsDirectory)).ConfigureAwait(false);
        }

        foreach (var file in result.ReportFiles)
        {
            await attach(file).ConfigureAwait(false);
        }
    }

    private void Display(string text) => output.DisplayAsync(this, new TextOutputDeviceData(text), CancellationToken.None).GetAwaiter().GetResult();

    // The platform's terminal has no row of ours; a line now and then, as in a plain log of a build.
    private sealed class Progress(LoadTestFramework owner) : IProgress<RunEvent>
    {
        private readonly TimeSpan _interval = K6Duration.Parse(owner.Interval);
        private long _last = System.Diagnostics.Stopwatch.GetTimestamp();

        public void Report(RunEvent value)
        {
            switch (value)
            {
                case PhaseStarted phase:
                    owner.Display(phase.Text);
                    break;
                case TestStarted start:
                    owner.Display($"{start.Test}: running on {VerdictText.EngineName(start.Engine)}");
                    break;
                case TestProgressed { Progress: var figures } progress when System.Diagnostics.Stopwatch.GetElapsedTime(_last) >= _interval:
                    _last = System.Diagnostics.Stopwatch.GetTimestamp();
                    owner.Display(string.Create(CultureInfo.InvariantCulture, $"{progress.Test}: {figures.Elapsed:mm\\:ss}, {figures.Vus}/{figures.MaxVus} VUs, {figures.Complete} iterations, {figures.Interrupted} interrupted"));
                    break;
                case TestFinished finished:
                    owner.Display(string.Join('\n', VerdictText.Render(finished.Result, finished.Engine, finished.Diagnostics)));
                    break;
                case DiagnosticReported { Diagnostic: { Severity: not DiagnosticSeverity.Error } } told:
                    owner.Display(DiagnosticText.Line(ReportedDiagnostic.From(told.Diagnostic, told.Test)));
                    break;
                case DebugLog debug:
                    owner.Display(debug.Text);
                    break;
                case ResultsPublished published:
                    owner.Display($"Results: {published.Folder}");
                    break;
            }
        }
    }

    private string Interval => prepared.Plan.Settings.ProgressInterval;
}
