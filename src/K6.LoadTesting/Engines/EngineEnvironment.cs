using System.Collections;
using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Engines;

/// <summary>
/// Makes the environment of an engine. Nothing of the machine comes in unless it is on the list: a stray <c>K6_VUS</c> replaces the scenarios,
/// <c>K6_NO_THRESHOLDS</c> takes the gate away, <c>SSLKEYLOGFILE</c> writes keys to disk. Proxies stay, since some can reach
/// nothing without; k6 never asks them for loopback addresses.
/// </summary>
internal static class EngineEnvironment
{
    // Of Go's runtime (https://pkg.go.dev/runtime#hdr-Environment_Variables).
    private const string CollectorVariable = "GOGC";
    private const string MemoryVariable = "GOMEMLIMIT";

    private const long LeastMemory = 1 << 30;

    private static readonly HashSet<string> Allowed = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", "TZ",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "USERPROFILE", "USERNAME", "HOMEDRIVE", "HOMEPATH",
        "APPDATA", "LOCALAPPDATA", "ProgramData", "ProgramFiles", "ProgramFiles(x86)", "COMPUTERNAME",
        "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "OS", "K6_CLOUD_TOKEN",
        CollectorVariable, MemoryVariable, "GOMAXPROCS",
    };

    private static readonly string[] AllowedPrefixes = ["LC_", "XDG_", "DOTNET_ROOT", "K6_BROWSER_"];

    /// <summary>The variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> Machine() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            variable => (string)variable.Key,
            variable => (string?)variable.Value ?? "",
            NameComparer);

    /// <summary>The environment of an engine: the list's part of the machine's, then addresses of services, then what the plan says.</summary>
    /// <param name="machine">Variables of the machine.</param>
    /// <param name="plan">Variables of the plan.</param>
    /// <param name="services">Variables that hand the addresses of services to scripts.</param>
    /// <param name="diagnostics">Gets a warning for each variable that should be inherited and is not set.</param>
    public static IReadOnlyDictionary<string, string> Build(
        IReadOnlyDictionary<string, string> machine,
        IReadOnlyList<EnvironmentVariablePlan> plan,
        IEnumerable<KeyValuePair<string, string>> services,
        ICollection<Diagnostic> diagnostics)
    {
        var result = new Dictionary<string, string>(NameComparer);
        foreach (var (name, value) in machine.Where(variable => IsAllowed(variable.Key)))
        {
            result[name] = value;
        }

        foreach (var (name, value) in services)
        {
            result[name] = value;
        }

        foreach (var variable in plan.Where(variable => !Configures(variable.Name)))
        {
            if ((variable.Value ?? machine.GetValueOrDefault(variable.Name)) is { } value)
            {
                result[variable.Name] = value;
            }
            else if (!result.ContainsKey(variable.Name))
            {
                diagnostics.Add(Rules.VariableNotSet.At(
                    variable.Location,
                    $"The scripts should inherit the variable '{variable.Name}', but it is not set here, so they get none. Set it, or give K6EnvironmentVariable a Value unless it is a secret."));
            }
        }

        return result;
    }

    /// <summary>An environment with secrets: each in its variable, and k6's own source of them.</summary>
    internal static IReadOnlyDictionary<string, string> WithSecrets(
        IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> secrets, string? source)
    {
        var result = new Dictionary<string, string>(environment, NameComparer);
        foreach (var (name, value) in secrets)
        {
            result[name] = value;
        }

        if (source is not null)
        {
            result["K6_SECRET_SOURCE"] = source;
        }

        return result;
    }

    /// <summary>
    /// An environment in which k6 collects garbage when its heap is five times what was alive, rather than twice; from half of the machine's memory on, as often as it has to.
    /// As it is, where somebody has set either, or there is less than a gigabyte.
    /// </summary>
    /// <param name="environment">The environment of the engine.</param>
    /// <param name="memory">The machine's memory, or that of the container, in bytes.</param>
    internal static IReadOnlyDictionary<string, string> WithRoom(IReadOnlyDictionary<string, string> environment, long memory) =>
        memory < LeastMemory || environment.ContainsKey(CollectorVariable) || environment.ContainsKey(MemoryVariable)
            ? environment
            : new Dictionary<string, string>(environment, NameComparer)
            {
                [CollectorVariable] = "400",
                [MemoryVariable] = string.Create(CultureInfo.InvariantCulture, $"{memory / 2 >> 20}MiB"),
            };

    /// <summary>Whether a variable of the machine reaches the engine.</summary>
    internal static bool IsAllowed(string name) =>
        Allowed.Contains(name) || AllowedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a variable would configure k6 rather than the script; the plan refuses these with an error of its own.</summary>
    internal static bool Configures(string name) =>
        name.StartsWith("XK6_", StringComparison.OrdinalIgnoreCase) ||
        (name.StartsWith("K6_", StringComparison.OrdinalIgnoreCase) && !IsAllowed(name));

    internal static StringComparer NameComparer { get; } =
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
