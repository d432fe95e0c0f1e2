using System.Diagnostics;
using System.Diagnostics.Tracing;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using Microsoft.Diagnostics.NETCore.Client;

namespace K6.LoadTesting.Services.Monitoring;

/// <summary>
/// Takes a trace or a dump of a service when a threshold is crossed while the load runs, and again when a later second is half as bad again; the last one is kept.
/// </summary>
internal sealed class Evidence : IAsyncDisposable
{
    private const double Worse = 1.5;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TraceLength = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, double> _taken = [];
    private readonly Dictionary<string, Diagnostic> _told = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ServiceDiagnostics _kind;
    private readonly IReadOnlyList<(string Name, int ProcessId)> _services;
    private readonly CrossedThresholds _crossed;
    private readonly string _folder;
    private readonly Task _watching;

    private Evidence(ServiceDiagnostics kind, IReadOnlyList<(string Name, int ProcessId)> services, CrossedThresholds crossed, string folder)
    {
        (_kind, _services, _crossed, _folder) = (kind, services, crossed, folder);
        _watching = kind == ServiceDiagnostics.None || services.Count == 0 ? Task.CompletedTask : Task.Run(WatchAsync);
    }

    /// <summary>Begins to watch; files go to <c>evidence/</c> in the folder of the run.</summary>
    public static Evidence Start(ServiceDiagnostics kind, IReadOnlyList<(string Name, int ProcessId)> services, CrossedThresholds crossed, string runFolder) =>
        new(kind, services, crossed, Path.Combine(runFolder, "evidence"));

    /// <summary>Ends, after what is being taken; what to tell, a diagnostic for each service.</summary>
    public async Task<IReadOnlyList<Diagnostic>> StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        return [.. _told.Values];
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                foreach (var crossed in _crossed.Now())
                {
                    await Task.WhenAll(_services.Where(service => crossed.Service is null || crossed.Service == service.Name).Select(service => TakeAsync(service.Name, service.ProcessId, crossed))).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task TakeAsync(string service, int group, CrossedThreshold crossed)
    {
        if (_taken.TryGetValue(service, out var before) && crossed.Severity < before * Worse)
        {
            return;
        }

        _taken[service] = crossed.Severity;
        var file = Path.Combine(_folder, service + (_kind switch { ServiceDiagnostics.Dump => ".dmp", ServiceDiagnostics.GcDump => ".gcdump.nettrace", _ => ".nettrace" }));
        var at = Stopwatch.GetElapsedTime(_start);
        try
        {
            if (ProcessUsage.Of(group) is not { } usage || RuntimeCounters.Find(usage.Processes) is not { } process)
            {
                _told[service] = Rules.EvidenceNotTaken.At(null, $"K6ServiceDiagnostics: the service '{service}' is no .NET program, or its diagnostics are turned off; nothing of it could be taken when {crossed.Text} was crossed.");
                return;
            }

            Directory.CreateDirectory(_folder);
            var client = new DiagnosticsClient(process);
            await (_kind == ServiceDiagnostics.Dump ? client.WriteDumpAsync(DumpType.WithHeap, file, logDumpGeneration: false, CancellationToken.None) : TraceAsync(client, file)).ConfigureAwait(false);
            _told[service] = Rules.EvidenceTaken.At(null, $"{crossed.Text} was crossed after {at.TotalSeconds:0} s; a {Word} of '{service}' at that moment: {file}");
        }
#pragma warning disable CA1031 // The channel fails in many ways; evidence is a help and never the reason of a red build.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _told[service] = Rules.EvidenceNotTaken.At(null, $"K6ServiceDiagnostics: no {Word} of the service '{service}' could be taken when {crossed.Text} was crossed: {failure.Message}");
        }
    }

    private string Word => _kind switch { ServiceDiagnostics.Dump => "dump", ServiceDiagnostics.GcDump => "heap snapshot", _ => "trace" };

    private async Task TraceAsync(DiagnosticsClient client, string file)
    {
        // Keywords of the runtime's provider: GC 0x1, contention 0x4000, exceptions 0x8000, thread pool 0x10000; a heap snapshot is GCHeapSnapshot 0x1980001.
        EventPipeProvider[] providers = _kind == ServiceDiagnostics.GcDump
            ? [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Verbose, 0x1980001)]
            : [new EventPipeProvider("Microsoft-DotNETCore-SampleProfiler", EventLevel.Informational), new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, 0x1C001)];
        using var session = await client.StartEventPipeSessionAsync(providers, requestRundown: true, circularBufferMB: 256, CancellationToken.None).ConfigureAwait(false);
        var stream = File.Create(file);
        await using (stream.ConfigureAwait(false))
        {
            var copying = session.EventStream.CopyToAsync(stream);
            await Task.WhenAny(copying, Task.Delay(TraceLength)).ConfigureAwait(false);
            await session.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await copying.ConfigureAwait(false);
        }
    }
}
