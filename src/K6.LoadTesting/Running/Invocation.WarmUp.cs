using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Secrets;
using K6.LoadTesting.Services;
using K6.LoadTesting.Services.Logs;
using K6.LoadTesting.Services.Monitoring;

namespace K6.LoadTesting.Running;

internal sealed partial class Invocation
{
    /// <summary>The warm-up of a test, in a folder of its own; when it does not end well, the test ends there.</summary>
    private async Task<EngineRun> WarmUpAsync(EngineRunRequest request, ServiceGroup services, LoadMonitor monitor, IReadOnlyList<string> logs, CancellationToken cancellationToken)
    {
        var name = request.Test.Name;
        var folder = Directory.CreateDirectory(Path.Combine(request.Folder, "warm-up")).FullName;
        var planned = K6Duration.Parse(request.Test.WarmUp!);
        Phase($"warming up {name} for {request.Test.WarmUp}");
        var run = await EngineRunner.RunAsync(
            request with { WarmUp = request.Test.WarmUp, Folder = folder, Started = engine => monitor.BeginTest(engine) },
            new Relay(figures => progress?.Report(new WarmUpProgressed(name, figures, planned))),
            cancellationToken).ConfigureAwait(false);
        LoadTestJson.Write(new EngineFiles(folder, request.Bundle.File).Run, run.MovedTo(Path.Combine(_folder!.Directory, name, "warm-up")));
        if (run.Outcome == EngineOutcome.Completed)
        {
            Report(run.LastProgress?.Complete > 0 ? [] : [Rules.WarmUpWithoutIterations.At(
                request.Test.Scenarios[0].Location, $"The warm-up of {request.Test.WarmUp} completed no iteration, so it warmed nothing: the measured run starts as cold as without it. An iteration may take longer than the warm-up.")], name);
            return run;
        }

        StopRecording(services);
        SecretSweep.Clean(request.Folder, _mask);
        var diagnostics = HowItEnded(run, request.Test, services);
        Finish(
            TestResultReader.NotRun(request.Test, run.Outcome) with
            {
                LogTail = EngineLogTail.Read(run.LogFile, TestResultReader.LogTailLines),
                ServiceLogs = [.. logs.Select(log => ServiceLogReader.Read(log, run.StartTime, null)).OfType<ServiceLogResult>()],
            },
            diagnostics.ConvertAll(one => one with { Message = $"In the warm-up, so that nothing was measured: {one.Message}" }),
            run.Engine);
        return run;
    }
}
