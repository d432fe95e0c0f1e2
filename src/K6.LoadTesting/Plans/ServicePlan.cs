using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>What a service speaks.</summary>
public enum ServiceScheme
{
    /// <summary>HTTP.</summary>
    Http,

    /// <summary>HTTP over TLS; ASP.NET Core takes the development certificate unless it is told another.</summary>
    Https,

    /// <summary>Anything else on a TCP port, such as a database.</summary>
    Tcp,
}

/// <summary>A <c>K6Service</c> item: an application under test that is started, awaited and stopped around the runs, or only awaited.</summary>
public sealed record ServicePlan
{
    internal const string DefaultStartTimeout = "60s";
    internal const string DefaultStopTimeout = "10s";
    internal const string DefaultUrlVariable = "BASE_URL";

    /// <summary>Stands for the port in arguments, commands and variables of the service, and in <see cref="HealthPort"/>.</summary>
    internal const string PortPlaceholder = "{port}";

    /// <summary>Stands for the address in arguments, commands and variables of the service.</summary>
    internal const string UrlPlaceholder = "{url}";

    /// <summary>Name; part of the variable that hands its address to scripts.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of its project; null for a command and for a service that runs already.</summary>
    public string? Project { get; init; }

    /// <summary>Program to start; for a project, filled in once it is built (<c>dotnet</c> and its arguments).</summary>
    public string? Command { get; init; }

    /// <summary>Arguments of <see cref="Command"/>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Address of a service that runs already and is neither started nor stopped, without a slash at the end; null for others.</summary>
    public string? Url { get; init; }

    /// <summary>What it speaks.</summary>
    public ServiceScheme Scheme { get; init; }

    /// <summary>Working folder, absolute.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Port to listen on; null for a free one.</summary>
    public int? Port { get; init; }

    /// <summary>Names of the services that have to be ready before this one starts; it is told their addresses.</summary>
    public IReadOnlyList<string> WaitFor { get; init; } = [];

    /// <summary>Path that answers 2xx when the service is ready, such as <c>/health</c>; null where another sign of readiness is named.</summary>
    public string? HealthPath { get; init; } = "/";

    /// <summary>Port of the service's machine that takes TCP connections when it is ready: a number or <c>{port}</c>, its own; null for another sign.</summary>
    public string? HealthPort { get; init; }

    /// <summary>Text that a line of its output has when it is ready, or a regular expression between two slashes; null for another sign.</summary>
    public string? HealthLog { get; init; }

    /// <summary>Program with arguments that exits with 0 when the service is ready; empty for another sign.</summary>
    public IReadOnlyList<string> HealthCommand { get; init; } = [];

    /// <summary>Time from start to ready, a k6 duration.</summary>
    public string StartTimeout { get; init; } = DefaultStartTimeout;

    /// <summary>
    /// Program with arguments that ends the service; empty for SIGTERM alone. With it, <see cref="Command"/> may end with exit code 0 while the service goes on
    /// elsewhere, as <c>docker compose up --detach</c> does.
    /// </summary>
    public IReadOnlyList<string> StopCommand { get; init; } = [];

    /// <summary>Time from the request to stop until it is killed, a k6 duration.</summary>
    public string StopTimeout { get; init; } = DefaultStopTimeout;

    /// <summary>Variable that hands its address to scripts, besides <c>services__NAME__SCHEME__0</c>; null for none.</summary>
    public string? UrlVariable { get; init; } = DefaultUrlVariable;

    /// <summary>Environment of the service.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }
}
