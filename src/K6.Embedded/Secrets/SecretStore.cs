using System.Collections.Concurrent;
using K6.Embedded.Cli;
using K6.Embedded.Execution;

namespace K6.Embedded.Secrets;

/// <summary>A secret cannot be had; the message is k6's.</summary>
internal sealed class SecretException(string message) : Exception(message);

/// <summary>Where secrets come from: <c>--secret-source</c>.</summary>
internal interface ISecretSource
{
    /// <summary>The value of a secret.</summary>
    /// <exception cref="SecretException">There is none.</exception>
    Task<string> GetAsync(string key, CancellationToken interrupt);
}

/// <summary>The sources of <c>k6/secrets</c> by their names. What was read from one is kept, and masked in the log from then on. Thread-safe.</summary>
internal sealed class SecretStore
{
    private const string Default = "default";

    private readonly Dictionary<string, ISecretSource> sources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Source, string Key), string> known = new();
    private readonly EngineLog log;

    private SecretStore(EngineLog log) => this.log = log;

    /// <summary>No source.</summary>
    public static SecretStore None { get; } = new(new EngineLog(TextWriter.Null, LogFormat.Json));

    /// <summary>Opens the sources that the command line or <c>K6_SECRET_SOURCE</c> names.</summary>
    /// <exception cref="UsageException">One cannot be opened; the message is k6's.</exception>
    public static SecretStore Open(EngineHost host, FlagSet flags, EngineLog log)
    {
        var store = new SecretStore(log);
        var configurations = flags.All("secret-source") ?? (host.Environment.GetValueOrDefault("K6_SECRET_SOURCE") is { Length: > 0 } one ? [one] : []);
        foreach (var configuration in configurations)
        {
            store.Add(host, configuration);
        }

        if (store.sources.Count == 1)
        {
            store.sources.TryAdd(Default, store.sources.Values.First());
        }

        return store;
    }

    /// <summary>The value of a secret.</summary>
    /// <param name="source">The source's name; null for the default.</param>
    /// <param name="key">The secret's name.</param>
    /// <param name="interrupt">Ends waiting.</param>
    /// <exception cref="SecretException">There is no such source, or no such secret.</exception>
    public async Task<string> GetAsync(string? source, string key, CancellationToken interrupt)
    {
        if (sources.Count == 0)
        {
            throw new SecretException("no secret sources are configured");
        }

        var name = source ?? Default;
        if (!sources.TryGetValue(name, out var found))
        {
            throw new SecretException($"no secret source with name \"{name}\" is configured");
        }

        if (known.TryGetValue((name, key), out var value))
        {
            return value;
        }

        value = await found.GetAsync(key, interrupt).ConfigureAwait(false);
        log.Mask(value);
        return known.GetOrAdd((name, key), value);
    }

    private void Add(EngineHost host, string configuration)
    {
        var parts = configuration.Split('=', 2);
        var (kind, rest) = (parts[0], parts.Length == 2 ? parts[1] : "");
        if (kind == "cloud")
        {
            throw new UsageException("'cloud' is not a valid value for --secret-source; cloud secrets are automatically available for 'k6 cloud run --local-execution'", ExitCodes.InvalidConfig);
        }

        if (kind is not ("mock" or "file" or "url"))
        {
            throw new UsageException($"no secret source for type \"{kind}\" for configuration \"{configuration}\"");
        }

        var (name, isDefault, settings) = (kind, false, new List<string>());
        foreach (var setting in rest.Split(','))
        {
            if (setting == Default)
            {
                isDefault = true;
            }
            else if (setting.StartsWith("name=", StringComparison.Ordinal))
            {
                name = setting["name=".Length..];
            }
            else
            {
                settings.Add(setting);
            }
        }

        ISecretSource source = kind switch
        {
            "mock" => KnownSecrets.Parse(settings),
            "file" => KnownSecrets.Read(host, settings),
            _ => UrlSecrets.Open(host, settings),
        };
        if (!sources.TryAdd(name, source))
        {
            throw new UsageException($"secret source for name \"{name}\" already registered before configuration \"{configuration}\"");
        }

        if (isDefault && !sources.TryAdd(Default, source))
        {
            throw new UsageException($"can't have two secret sources that are default ones, second one was \"{string.Join(',', settings)}\"");
        }
    }
}
