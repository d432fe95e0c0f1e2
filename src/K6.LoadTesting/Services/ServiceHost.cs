using System.ComponentModel;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services.Logs;

namespace K6.LoadTesting.Services;

/// <summary>An application under test that runs and is healthy. What was started ends when this is disposed, or when this process dies.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private readonly ServicePlan _plan;
    private readonly ChildProcess? _child;
    private readonly ChildCommand? _stop;
    private readonly LineLog? _log;
    private readonly ServiceOutput? _output;
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceHost(ServicePlan plan, string url, ChildProcess? child, ChildCommand? stop, LineLog? log, ServiceOutput? output, string? logFile)
    {
        _plan = plan;
        _child = child;
        _stop = stop;
        _log = log;
        _output = output;
        LogFile = logFile;
        Url = url;
        Variables = ServiceEnvironment.ForOthers(plan, url);
        Ended = WatchAsync();
    }

    /// <summary>Its declaration.</summary>
    internal ServicePlan Plan => _plan;

    /// <summary>What it prints; null when we did not start it.</summary>
    internal ServiceOutput? Output => _output;

    /// <summary>Name of the service.</summary>
    public string Name => _plan.Name;

    /// <summary>
    /// Id of its process, which is the service itself for a project, and whatever was started for a command; null when there is none:
    /// it ran before, or what started it has ended.
    /// </summary>
    public int? ProcessId => _child is { Exited.IsCompleted: false } child ? child.Id : null;

    /// <summary>Its address, such as <c>http://127.0.0.1:41873</c>, without a slash at the end.</summary>
    public string Url { get; }

    /// <summary>Variables that hand the address to scripts and other services: <c>services__NAME__SCHEME__0</c> and <see cref="ServicePlan.UrlVariable"/>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Absolute path of its output, <c>services/NAME.log</c> in the folder of results; null when we did not start it.</summary>
    public string? LogFile { get; }

    /// <summary>Ends with the service: null when it was stopped by us, else the error to report. Never faults.</summary>
    public Task<Diagnostic?> Ended { get; }

    /// <summary>What went wrong when it was stopped; null before, and when nothing did.</summary>
    public Diagnostic? StopProblem { get; private set; }

    /// <summary>Starts a service that waited for no other one.</summary>
    /// <inheritdoc cref="StartAsync(ServicePlan, string, IReadOnlyDictionary{string, string}, IReadOnlyDictionary{string, string}, CancellationToken)"/>
    public static Task<ServiceHost> StartAsync(
        ServicePlan plan, string resultsFolder, IReadOnlyDictionary<string, string> machine, CancellationToken cancellationToken) =>
        StartAsync(plan, resultsFolder, machine, new Dictionary<string, string>(), cancellationToken);

    /// <summary>Starts a service, unless it runs already, and waits until it is ready.</summary>
    /// <param name="plan">The service; a project has its <see cref="ServicePlan.Command"/> filled in.</param>
    /// <param name="resultsFolder">Absolute path of the folder of results.</param>
    /// <param name="machine">Variables of the build (<see cref="EngineEnvironment.Machine"/>).</param>
    /// <param name="addresses">Variables with the addresses of the services that it waited for.</param>
    /// <param name="cancellationToken">Ends the wait, and the service.</param>
    /// <exception cref="LoadTestException">It does not start, ends early, or does not become healthy.</exception>
    public static async Task<ServiceHost> StartAsync(
        ServicePlan plan,
        string resultsFolder,
        IReadOnlyDictionary<string, string> machine,
        IReadOnlyDictionary<string, string> addresses,
        CancellationToken cancellationToken)
    {
        if (plan.Url is { } url)
        {
            var command = new ServiceCommand(plan, machine, url, new Uri(url).Port);
            var host = new ServiceHost(plan, url, null, null, null, null, null);
            await host.WaitUntilHealthyAsync(ServiceHealth.For(plan, url, command.Health()), cancellationToken).ConfigureAwait(false);
            return host;
        }

        if (plan.Port is { } wanted)
        {
            ThrowIfTaken(plan, wanted);
            return await StartAsync(plan, resultsFolder, machine, addresses, wanted, cancellationToken).ConfigureAwait(false);
        }

        var port = EngineCommandLine.FreePort();
        try
        {
            return await StartAsync(plan, resultsFolder, machine, addresses, port, cancellationToken).ConfigureAwait(false);
        }
        catch (LoadTestException) when (PortOwner.IsTaken(port))
        {
            // Somebody took it between our look and the service's; once is bad luck.
            return await StartAsync(plan, resultsFolder, machine, addresses, EngineCommandLine.FreePort(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Runs <see cref="ServicePlan.StopCommand"/>, asks what still runs to end (SIGTERM to all of it), and kills what has not within
    /// <see cref="ServicePlan.StopTimeout"/>. What it started goes with it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.TrySetResult();
        if (_stop is not null)
        {
            StopProblem = await RunStopCommandAsync(_stop).ConfigureAwait(false);
        }

        if (_child is not null)
        {
            StopProblem ??= await EndAsync(_child).ConfigureAwait(false);
            await _child.DisposeAsync().ConfigureAwait(false);
        }

        await Ended.ConfigureAwait(false);
        _output?.Dispose();
        _log?.Dispose();
    }

    private static async Task<ServiceHost> StartAsync(
        ServicePlan plan,
        string resultsFolder,
        IReadOnlyDictionary<string, string> machine,
        IReadOnlyDictionary<string, string> addresses,
        int port,
        CancellationToken cancellationToken)
    {
        var url = ServiceEnvironment.Url(plan.Scheme, port);
        var logFile = Path.Combine(resultsFolder, "services", $"{plan.Name}.log");
        var command = new ServiceCommand(plan, ServiceEnvironment.Build(plan, machine, addresses, port), url, port);
        var (start, stop) = (command.Start(), command.Stop());
        var health = ServiceHealth.For(plan, url, command.Health());
        var log = new LineLog(logFile);
        var output = new ServiceOutput(health.Hear);
        ServiceHost host;
        try
        {
            var child = ChildProcess.Start(
                start, new OutputReader(log, output.Hear), new OutputReader(log, output.Hear), K6Duration.Parse(plan.StopTimeout), stop);
            host = new ServiceHost(plan, url, child, stop, log, output, logFile);
        }
        catch (Win32Exception exception)
        {
            log.Dispose();
            throw new LoadTestException(Rules.ServiceNotStarted.At(plan.Location, $"The service '{plan.Name}' cannot be started: {start.Program}: {exception.Message}."), exception);
        }

        try
        {
            await host.WaitUntilHealthyAsync(health, cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task WaitUntilHealthyAsync(ServiceHealth health, CancellationToken cancellationToken)
    {
        var timeout = K6Duration.Parse(_plan.StartTimeout);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(timeout);
        try
        {
            while (!Ended.IsCompleted)
            {
                if (await health.IsReadyAsync(late.Token).ConfigureAwait(false) && !Ended.IsCompleted)
                {
                    return;
                }

                await Task.WhenAny(Ended, Task.Delay(health.Interval, late.Token)).ConfigureAwait(false);
                late.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var advice = _plan.Url is null ? "" : " Start it before the load test, or let the load test start it with Command.";
            throw new LoadTestException(Rules.ServiceNotHealthy.At(
                _plan.Location,
                $"The service '{Name}' was not healthy after {timeout.TotalSeconds:0.#} s: {health.Expectation}, {health.Last}. Correct {health.Metadatum} or raise StartTimeout.{advice}{LastLines()}"));
        }

        throw new LoadTestException(Rules.ServiceExitedEarly.At(
            _plan.Location,
            $"The service '{Name}' ended with exit code {await _child!.Exited.ConfigureAwait(false)} before it was healthy: {health.Expectation}.{Advice()}{LastLines()}"));
    }

    // What the service needs of this machine, where its own last words are not enough to know what to do.
    private string Advice() =>
        _plan.Scheme == ServiceScheme.Https && _log!.Tail.Any(line => line.Contains("developer certificate", StringComparison.OrdinalIgnoreCase))
            ? " It has no certificate: 'dotnet dev-certs https' makes one for development, or name one in Environment with Kestrel__Certificates__Default__Path."
            : "";

    private async Task<Diagnostic?> WatchAsync()
    {
        if (_child is not null)
        {
            var exitCode = await _child.Exited.ConfigureAwait(false);
            if (!_stopping.Task.IsCompleted && !(exitCode == 0 && _stop is not null))
            {
                return Rules.ServiceCrashed.At(_plan.Location, $"The service '{Name}' ended with exit code {exitCode} while it was needed.{LastLines()}");
            }
        }

        await _stopping.Task.ConfigureAwait(false);
        return null;
    }

    private async Task<Diagnostic?> EndAsync(ChildProcess child)
    {
        child.Terminate();
        try
        {
            await child.Exited.WaitAsync(K6Duration.Parse(_plan.StopTimeout)).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return Rules.ServiceKilled.At(
                _plan.Location, $"The service '{Name}' did not end within {_plan.StopTimeout} of being asked to, and was killed. Raise StopTimeout if its shutdown takes that long.{LastLines()}");
        }
    }

    private async Task<Diagnostic?> RunStopCommandAsync(ChildCommand command)
    {
        using var output = new LineLog();
        try
        {
            var exitCode = await ChildProcess.RunAsync(command, new OutputReader(output), new OutputReader(output), K6Duration.Parse(_plan.StopTimeout), CancellationToken.None).ConfigureAwait(false);
            return exitCode == 0 ? null : Failed($"ended with exit code {exitCode}");
        }
        catch (TimeoutException)
        {
            return Failed($"was not over within {_plan.StopTimeout}");
        }
        catch (Win32Exception exception)
        {
            return Failed($"cannot be started: {exception.Message}");
        }

        Diagnostic Failed(string how) => Rules.ServiceNotStopped.At(
            _plan.Location, $"StopCommand of the service '{Name}' {how}; something of it may still run.{(output.Tail is { Count: > 0 } lines ? $" Its last lines: {string.Join(" | ", lines)}" : "")}");
    }

    private string LastLines() =>
        _log is null ? "" : _log.Tail is { Count: > 0 } lines ? $" Its last lines ({LogFile}): {string.Join(" | ", lines)}" : $" It printed nothing ({LogFile}).";

    private static void ThrowIfTaken(ServicePlan plan, int port)
    {
        if (PortOwner.IsTaken(port))
        {
            var owner = PortOwner.Describe(port);
            throw new LoadTestException(Rules.ServicePortTaken.At(
                plan.Location, $"The service '{plan.Name}' wants port {port}, which is taken{(owner is null ? "" : $" by {owner}")}. End that program, or leave Port out for a free one."));
        }
    }
}
