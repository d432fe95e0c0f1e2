using System.ComponentModel;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>An application under test that runs and is healthy. It ends when this is disposed, or when this process dies.</summary>
public sealed class ServiceHost : IAsyncDisposable
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    private readonly ServicePlan _plan;
    private readonly ChildProcess _child;
    private readonly LineLog _log;
    private bool _stopping;

    private ServiceHost(ServicePlan plan, ChildProcess child, LineLog log, string logFile, int port)
    {
        _plan = plan;
        _child = child;
        _log = log;
        LogFile = logFile;
        Url = ServiceEnvironment.Url(port);
        Variables = ServiceEnvironment.ForScripts(plan, Url);
        Ended = WatchAsync();
    }

    /// <summary>Name of the service.</summary>
    public string Name => _plan.Name;

    /// <summary>Id of its process, which is the service itself for a project; for a command, whatever was started.</summary>
    public int ProcessId => _child.Id;

    /// <summary>Its address, such as <c>http://127.0.0.1:41873</c>, without a slash at the end.</summary>
    public string Url { get; }

    /// <summary>Variables that hand the address to scripts: <c>services__NAME__http__0</c> and <see cref="ServicePlan.UrlVariable"/>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Absolute path of its output: <c>services/NAME.log</c> in the folder of results.</summary>
    public string LogFile { get; }

    /// <summary>Ends with the service: null when it was stopped by us, else the error to report. Never faults.</summary>
    public Task<Diagnostic?> Ended { get; }

    /// <summary>Starts a service and waits until its health path answers with 2xx.</summary>
    /// <param name="plan">The service; a project has its <see cref="ServicePlan.Command"/> filled in.</param>
    /// <param name="resultsFolder">Absolute path of the folder of results.</param>
    /// <param name="machine">Variables of the build (<see cref="EngineEnvironment.Machine"/>).</param>
    /// <param name="cancellationToken">Ends the wait, and the service.</param>
    /// <exception cref="LoadTestException">It does not start, ends early, or does not become healthy.</exception>
    public static async Task<ServiceHost> StartAsync(ServicePlan plan, string resultsFolder, IReadOnlyDictionary<string, string> machine, CancellationToken cancellationToken)
    {
        if (plan.Port is { } wanted)
        {
            ThrowIfTaken(plan, wanted);
            return await StartAsync(plan, resultsFolder, machine, wanted, cancellationToken).ConfigureAwait(false);
        }

        var port = EngineCommandLine.FreePort();
        try
        {
            return await StartAsync(plan, resultsFolder, machine, port, cancellationToken).ConfigureAwait(false);
        }
        catch (LoadTestException) when (PortOwner.IsTaken(port))
        {
            // Somebody took it between our look and the service's; once is bad luck.
            return await StartAsync(plan, resultsFolder, machine, EngineCommandLine.FreePort(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks the service to end (SIGTERM to all of it), waits for <see cref="ServicePlan.StopTimeout"/>, then kills it.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _child.Terminate();
        try
        {
            await _child.Exited.WaitAsync(K6Duration.Parse(_plan.StopTimeout)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Killed below.
        }

        await _child.DisposeAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        _log.Dispose();
    }

    private static async Task<ServiceHost> StartAsync(ServicePlan plan, string resultsFolder, IReadOnlyDictionary<string, string> machine, int port, CancellationToken cancellationToken)
    {
        var logFile = Path.Combine(resultsFolder, "services", $"{plan.Name}.log");
        var environment = ServiceEnvironment.Build(plan, machine, port);
        var command = Command(plan, environment);
        var log = new LineLog(logFile);
        ServiceHost host;
        try
        {
            var child = ChildProcess.Start(command, new OutputReader(log), new OutputReader(log), K6Duration.Parse(plan.StopTimeout));
            host = new ServiceHost(plan, child, log, logFile, port);
        }
        catch (Win32Exception exception)
        {
            log.Dispose();
            throw new LoadTestException(Rules.ServiceNotStarted.At(plan.Location, $"The service '{plan.Name}' cannot be started: {command.Program}: {exception.Message}."), exception);
        }

        try
        {
            await host.WaitUntilHealthyAsync(cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static ChildCommand Command(ServicePlan plan, IReadOnlyDictionary<string, string> environment)
    {
        var folder = plan.WorkingDirectory ?? Path.GetDirectoryName(plan.Project ?? plan.Location.File)!;
        if (!Directory.Exists(folder))
        {
            throw NotStarted($"its working folder {folder} does not exist");
        }

        if (plan.Command is not { Length: > 0 } command)
        {
            throw NotStarted(plan.Project is null ? "it has no Command" : $"{plan.Project} was not built");
        }

        var isPath = command.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        var program = Programs.Find(isPath ? Path.Combine(folder, command) : command, environment.GetValueOrDefault("PATH"))
            ?? throw NotStarted(isPath ? $"there is no file '{command}'" : $"there is no program '{command}' on PATH");
        return Programs.IsExecutable(program)
            ? new ChildCommand(program, plan.Arguments, environment, folder)
            : throw NotStarted($"{program} may not be executed; run 'chmod +x' on it");

        LoadTestException NotStarted(string why) => new(Rules.ServiceNotStarted.At(plan.Location, $"The service '{plan.Name}' cannot be started: {why}."));
    }

    private async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        var health = new Uri(Url + (_plan.HealthPath.StartsWith('/') ? "" : "/") + _plan.HealthPath);
        var timeout = K6Duration.Parse(_plan.StartTimeout);
        var start = Environment.TickCount64;
        var last = "nobody answered there";
        while (!_child.Exited.IsCompleted && Environment.TickCount64 - start < timeout.TotalMilliseconds)
        {
            try
            {
                using var response = await Client.GetAsync(health, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode && !_child.Exited.IsCompleted)
                {
                    return;
                }

                last = $"the last answer was {(int)response.StatusCode} {response.ReasonPhrase}";
            }
            catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                last = exception is TaskCanceledException ? "the last request got no answer within 5 s" : last;
            }

            await Task.WhenAny(_child.Exited, Task.Delay(100, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        throw new LoadTestException(_child.Exited.IsCompleted
            ? Rules.ServiceExitedEarly.At(_plan.Location, $"The service '{Name}' ended with exit code {await _child.Exited.ConfigureAwait(false)} before {health} answered.{LastLines()}")
            : Rules.ServiceNotHealthy.At(_plan.Location, $"The service '{Name}' was not healthy after {timeout.TotalSeconds:0.#} s: {health} did not answer with 2xx, {last}. Correct HealthPath or raise StartTimeout.{LastLines()}"));
    }

    private async Task<Diagnostic?> WatchAsync()
    {
        var exitCode = await _child.Exited.ConfigureAwait(false);
        return _stopping ? null : Rules.ServiceCrashed.At(_plan.Location, $"The service '{Name}' ended with exit code {exitCode} while it was needed.{LastLines()}");
    }

    private string LastLines() =>
        _log.Tail is { Count: > 0 } lines ? $" Its last lines ({LogFile}): {string.Join(" | ", lines)}" : $" It printed nothing ({LogFile}).";

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
