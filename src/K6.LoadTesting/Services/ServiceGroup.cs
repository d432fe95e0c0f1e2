using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>
/// The applications under test of one invocation. Each starts as soon as those that it waits for are ready, and is told their addresses; they
/// are stopped in the reverse order of becoming ready.
/// </summary>
internal sealed class ServiceGroup : IAsyncDisposable
{
    private readonly List<ServiceHost> _hosts = [];
    private readonly CancellationTokenSource _broken = new();

    private ServiceGroup()
    {
    }

    /// <summary>The services, in the order in which they became ready.</summary>
    public IReadOnlyList<ServiceHost> Hosts => _hosts;

    /// <summary>Names and process ids of the services that this invocation started and that have a process.</summary>
    public IReadOnlyList<(string Name, int ProcessId)> Processes =>
        [.. _hosts.Select(host => (host.Name, Id: host.ProcessId)).Where(host => host.Id is not null).Select(host => (host.Name, host.Id!.Value))];

    /// <summary>Variables that hand the addresses to scripts.</summary>
    public IReadOnlyDictionary<string, string> Variables => VariablesOf(_hosts);

    /// <summary>Cancelled when a service ends by itself: a load without its target measures nothing.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Errors of services that ended by themselves, so far.</summary>
    public IEnumerable<Diagnostic> Problems =>
        _hosts.Where(host => host.Ended.IsCompletedSuccessfully).Select(host => host.Ended.Result).OfType<Diagnostic>();

    /// <summary>What went wrong when they were stopped.</summary>
    public IEnumerable<Diagnostic> StopProblems => _hosts.Select(host => host.StopProblem).OfType<Diagnostic>();

    /// <summary>Starts all services; when one fails, the others are stopped again.</summary>
    /// <param name="services">The services; the plan has seen to it that none waits for itself.</param>
    /// <param name="resultsFolder">Absolute path of the folder of results.</param>
    /// <param name="machine">Variables of the build.</param>
    /// <param name="phase">Hears what starts, on any thread.</param>
    /// <param name="cancellationToken">Stops them all.</param>
    /// <exception cref="LoadTestException">One does not start, ends early, or does not become healthy.</exception>
    public static async Task<ServiceGroup> StartAsync(
        IReadOnlyList<ServicePlan> services,
        string resultsFolder,
        IReadOnlyDictionary<string, string> machine,
        Action<string> phase,
        CancellationToken cancellationToken)
    {
        var group = new ServiceGroup();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, group.Broken);
        var start = new TaskCompletionSource();
        var starts = new Dictionary<string, Task<ServiceHost>>();
        var byName = services.ToDictionary(service => service.Name);
        foreach (var service in services)
        {
            starts[service.Name] = StartOneAsync(service);
        }

        start.SetResult();
        try
        {
            await Task.WhenAll(starts.Values).ConfigureAwait(false);
            return group;
        }
        catch
        {
            await group.DisposeAsync().ConfigureAwait(false);

            // The first that failed for a reason of its own; the others were only stopped.
            var failed = starts.Values.Where(one => one.IsFaulted).Select(one => one.Exception!.InnerException!).ToList();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(
                failed.Find(failure => failure is LoadTestException) ?? failed.FirstOrDefault()
                ?? (group.Problems.FirstOrDefault() is { } problem ? new LoadTestException(problem) : new OperationCanceledException(cancellationToken)));
            throw;
        }

        IEnumerable<string> Before(ServicePlan service) => service.WaitFor.SelectMany(name => Before(byName[name]).Prepend(name));

        async Task<ServiceHost> StartOneAsync(ServicePlan service)
        {
            await start.Task.ConfigureAwait(false);
            try
            {
                var before = await Task.WhenAll(Before(service).Distinct().Select(name => starts[name])).ConfigureAwait(false);
                stop.Token.ThrowIfCancellationRequested();
                phase(service.Url is null ? $"starting {service.Name}" : $"waiting for {service.Name}");
                var host = await ServiceHost.StartAsync(service, resultsFolder, machine, VariablesOf(before), stop.Token).ConfigureAwait(false);
                group.Add(host);
                return host;
            }
            catch (LoadTestException)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>Stops all services, the last one first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.DisposeAsync().ConfigureAwait(false);
        }

        _broken.Dispose();
    }

    private static Dictionary<string, string> VariablesOf(IEnumerable<ServiceHost> hosts) =>
        hosts.SelectMany(host => host.Variables).DistinctBy(variable => variable.Key).ToDictionary();

    private void Add(ServiceHost host)
    {
        lock (_hosts)
        {
            _hosts.Add(host);
        }

        _ = WatchAsync(host);
    }

    private async Task WatchAsync(ServiceHost host)
    {
        if (await host.Ended.ConfigureAwait(false) is not null)
        {
            await _broken.CancelAsync().ConfigureAwait(false);
        }
    }
}
