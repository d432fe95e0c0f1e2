using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>The applications under test of one invocation: started in the order of declaration, stopped in the reverse one.</summary>
internal sealed class ServiceGroup : IAsyncDisposable
{
    private readonly List<ServiceHost> _hosts = [];
    private readonly CancellationTokenSource _broken = new();

    private ServiceGroup()
    {
    }

    /// <summary>Names and process ids of the services that this invocation started.</summary>
    public IReadOnlyList<(string Name, int ProcessId)> Processes => [.. _hosts.Select(host => (host.Name, host.ProcessId))];

    /// <summary>Variables that hand the addresses to scripts; of two services with one variable, the first keeps it.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        _hosts.SelectMany(host => host.Variables).DistinctBy(variable => variable.Key).ToDictionary();

    /// <summary>Cancelled when a service ends by itself: a load without its target measures nothing.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Errors of services that ended by themselves, so far.</summary>
    public IEnumerable<Diagnostic> Problems =>
        _hosts.Where(host => host.Ended.IsCompletedSuccessfully).Select(host => host.Ended.Result).OfType<Diagnostic>();

    /// <summary>Starts all services; when one fails, those before it are stopped again.</summary>
    /// <exception cref="LoadTestException">One does not start, ends early, or does not become healthy.</exception>
    public static async Task<ServiceGroup> StartAsync(
        IReadOnlyList<ServicePlan> services,
        string resultsFolder,
        IReadOnlyDictionary<string, string> machine,
        Action<string> phase,
        CancellationToken cancellationToken)
    {
        var group = new ServiceGroup();
        try
        {
            foreach (var service in services)
            {
                phase($"starting {service.Name}");
                var host = await ServiceHost.StartAsync(service, resultsFolder, machine, cancellationToken).ConfigureAwait(false);
                group._hosts.Add(host);
                _ = group.WatchAsync(host);
            }

            return group;
        }
        catch
        {
            await group.DisposeAsync().ConfigureAwait(false);
            throw;
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

    private async Task WatchAsync(ServiceHost host)
    {
        if (await host.Ended.ConfigureAwait(false) is not null)
        {
            await _broken.CancelAsync().ConfigureAwait(false);
        }
    }
}
