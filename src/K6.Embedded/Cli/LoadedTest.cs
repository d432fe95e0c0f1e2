using System.Text.Json;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;
using K6.Embedded.Options;
using K6.Embedded.Secrets;

namespace K6.Embedded.Cli;

/// <summary>A script that was loaded, and its options: what <c>run</c> and <c>inspect</c> have in common.</summary>
internal sealed class LoadedTest : IDisposable
{
    private LoadedTest(ITestScript script, TestState state, string displayPath, string path, TestOptions scriptOptions)
    {
        Script = script;
        State = state;
        DisplayPath = displayPath;
        Path = path;
        ScriptOptions = scriptOptions;
    }

    public ITestScript Script { get; }

    public TestState State { get; }

    /// <summary>The script as the command line names it.</summary>
    public string DisplayPath { get; }

    /// <summary>The script's absolute path.</summary>
    public string Path { get; }

    /// <summary>The options that the script exports.</summary>
    public TestOptions ScriptOptions { get; }

    /// <summary>The variables that configure k6: the process's, and those of <c>-e</c> while system variables are included.</summary>
    public required IReadOnlyDictionary<string, string> ConfigurationEnvironment { get; init; }

    /// <summary>Loads the script that the command line names.</summary>
    /// <param name="host">The process.</param>
    /// <param name="flags">The flags.</param>
    /// <param name="log">The log.</param>
    /// <param name="includesSystemEnvironment">Whether <c>__ENV</c> has the process's environment when no flag says: true for <c>run</c>, false for <c>inspect</c>.</param>
    /// <param name="interrupt">Ends the init code.</param>
    /// <exception cref="OperationCanceledException"><paramref name="interrupt"/> was signalled.</exception>
    /// <exception cref="UsageException">There is no such script.</exception>
    /// <exception cref="ScriptException">The script cannot be loaded.</exception>
    /// <exception cref="OptionsException">Its options are wrong.</exception>
    public static LoadedTest Load(EngineHost host, FlagSet flags, EngineLog log, bool includesSystemEnvironment, CancellationToken interrupt = default)
    {
        if (flags.Positional.Count != 1)
        {
            throw new UsageException($"accepts 1 arg(s), received {flags.Positional.Count}: arg should either be \"-\", if reading script from stdin, or a path to a script file");
        }

        var display = flags.Positional[0];
        var (environment, configuration) = Environments(host, flags, includesSystemEnvironment);
        var (path, source) = Locate(host, flags, display);
        var state = new TestState(log, new MetricRegistry()) { Secrets = SecretStore.Open(host, flags, log), Proxies = Http.ProxyRules.Of(host.Environment, message => log.Warning(message)) };
        var prefix = $"could not initialize '{display}': could not load JS test '{FileUri(path)}': ";
        ITestScript? script = null;
        try
        {
            script = TestRun.OnScriptThread(() => host.Load(new ScriptLoadRequest(
                path,
                source,
                environment,
                state,
                host.Text(flags, "compatibility-mode", "K6_COMPATIBILITY_MODE") ?? "extended")
            { Interrupt = interrupt }));
            var unknown = new List<string>();
            var options = OptionsReader.ReadScript(script.OptionsJson, unknown.Add);
            if (unknown.Count > 0)
            {
                log.Warning("There were unknown fields in the options exported in the script", ("error", $"json: unknown field {GoText.Quote(unknown[0])}"));
            }

            if (options.Features is not null)
            {
                log.Warning("Feature flags in script options are not supported; use --features, K6_FEATURES, or the JSON config", ("source", "options"));
            }

            if (!script.ExportedFunctions.Any(f => f is not ("setup" or "teardown" or "handleSummary" or "options")))
            {
                throw new UsageException("no exported functions in script");
            }

            var loaded = new LoadedTest(script, state, display, path, options with { Features = null }) { ConfigurationEnvironment = configuration };
            script = null;
            return loaded;
        }
        catch (OptionsException e)
        {
            throw new OptionsException(prefix + e.Message, e.ExitCode);
        }
        catch (UsageException e)
        {
            throw new UsageException(prefix + e.Message, e.ExitCode);
        }
        catch (TestAbortedException e)
        {
            throw new UsageException(prefix + e.Message, ExitCodes.ScriptAborted);
        }
        catch (ScriptException e) when (!e.IsStackTrace)
        {
            throw new ScriptException(prefix + e.Message, isStackTrace: false) { ExitCode = e.ExitCode };
        }
        finally
        {
            script?.Dispose();
        }
    }

    /// <summary>All layers of options merged, scenarios derived, everything checked: the truth of the run.</summary>
    /// <exception cref="OptionsException">With k6's message.</exception>
    public TestOptions Consolidate(EngineHost host, FlagSet flags, bool withFlags, bool withThresholds)
    {
        var warn = new Action<string>(message => State.Log.Warning(message));
        var options = ReadConfig(host, flags);
        options = OptionsLayers.Apply(options, ScriptOptions, "script", warn);
        options = OptionsLayers.Apply(options, OptionSources.FromEnvironment(ConfigurationEnvironment), "env", warn);
        if (withFlags)
        {
            options = OptionsLayers.Apply(options, OptionSources.FromFlags(flags), "cli", warn);
        }

        options = options with
        {
            SummaryTrendStats = options.SummaryTrendStats is { Count: > 0 } stats ? TrendStats.Check(stats) : TrendStats.Default,
            SystemTags = options.SystemTags ?? SystemTags.Default,
            Thresholds = withThresholds ? options.Thresholds : null,
        };
        options = OptionsLayers.DeriveScenarios(options, warn);
        RefuseUnsupported(options);
        ScenarioValidation.Check(options, Script.ExportedFunctions.Contains);
        return options;
    }

    /// <summary>A path as k6 shows it.</summary>
    public static string FileUri(string path) => path == "-" ? "file:///-" : new Uri(path).AbsoluteUri;

    /// <inheritdoc/>
    public void Dispose() => Script.Dispose();

    private static TestOptions ReadConfig(EngineHost host, FlagSet flags)
    {
        var named = host.Text(flags, "config", "K6_CONFIG");
        var path = named is null ? DefaultConfig(host) : host.PathOf(named);
        if (path is null || (named is null && !File.Exists(path)))
        {
            return new TestOptions();
        }

        const string Prefix = "failed to load the configuration file from the local file system: ";
        if (!File.Exists(path))
        {
            throw new OptionsException($"{Prefix}stat {named}: no such file or directory");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? OptionsReader.ReadConfig(document.RootElement)
                : throw new OptionsException($"json: cannot unmarshal {JsonReading.Kind(document.RootElement)} into Go value of type cmd.Config");
        }
        catch (OptionsException e)
        {
            throw new OptionsException($"{Prefix}couldn't parse the configuration from {GoText.Quote(named ?? path)}: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new OptionsException($"{Prefix}couldn't parse the configuration from {GoText.Quote(named ?? path)}: {e.Message}");
        }
    }

    private static string? DefaultConfig(EngineHost host)
    {
        var folder = host.Environment.GetValueOrDefault("XDG_CONFIG_HOME") is { Length: > 0 } xdg ? xdg
            : OperatingSystem.IsWindows() ? host.Environment.GetValueOrDefault("APPDATA")
            : host.Environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? System.IO.Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Application Support" : ".config")
            : null;
        return folder is null ? null : System.IO.Path.Combine(folder, "k6", "config.json");
    }

    private static (IReadOnlyDictionary<string, string> Script, IReadOnlyDictionary<string, string> Configuration) Environments(
        EngineHost host, FlagSet flags, bool includesSystemEnvironment)
    {
        var includes = host.Bool(flags, "include-system-env-vars", "K6_INCLUDE_SYSTEM_ENV_VARS", includesSystemEnvironment);
        var script = includes ? new Dictionary<string, string>(host.Environment, StringComparer.Ordinal) : new Dictionary<string, string>(StringComparer.Ordinal);
        var configuration = new Dictionary<string, string>(host.Environment, StringComparer.Ordinal);
        foreach (var pair in flags.All("env") ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] == '_') || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new UsageException($"invalid environment variable name '{name}'");
            }

            var value = equals < 0 ? host.Environment.GetValueOrDefault(name) : pair[(equals + 1)..];
            if (value is null)
            {
                continue;
            }

            script[name] = value;
            if (includes)
            {
                configuration[name] = value;
            }
        }

        return (script, configuration);
    }

    private static (string Path, string? Source) Locate(EngineHost host, FlagSet flags, string display)
    {
        var type = host.Text(flags, "type", "K6_TYPE");
        if (type == "archive")
        {
            throw Unsupported.Archive(display);
        }

        if (type is not (null or "js"))
        {
            throw new UsageException($"unknown -t/--type: {type}");
        }

        if (display == "-")
        {
            return (host.PathOf("-"), host.Input.ReadToEnd());
        }

        var path = host.PathOf(display);
        if (!File.Exists(path))
        {
            throw new UsageException(
                $"The moduleSpecifier {GoText.Quote(display)} couldn't be found on local disk. Make sure that you've specified the right path to the file. If you're running k6 using the Docker image make sure you have mounted the local directory (-v /local/path/:/inside/docker/path) containing your script and modules so that they're accessible by k6 from inside of the container, see https://grafana.com/docs/k6/latest/using-k6/modules/#use-modules-with-docker.");
        }

        return IsArchive(path) && type is null ? throw Unsupported.Archive(display) : (path, null);
    }

    private static bool IsArchive(string path)
    {
        Span<byte> head = stackalloc byte[262];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[257..].SequenceEqual("ustar"u8);
    }

    private static void RefuseUnsupported(TestOptions options)
    {
        if (options.ExecutionSegment is not (null or "" or "0:1") || options.ExecutionSegmentSequence is not (null or "" or "0,1"))
        {
            throw Unsupported.Option("executionSegment", "it runs the whole test on one machine");
        }

        if (options.LocalIps is not null)
        {
            throw Unsupported.Option("localIPs", "it sends from the system's own address");
        }

        if (options.Features is { Count: > 0 })
        {
            throw Unsupported.Option("features", "it follows k6 2.2 without feature flags");
        }

        if (options.Scenarios!.FirstOrDefault(s => s.Value.Options is { } specific && specific.TryGetProperty("browser", out _)).Key is { } name)
        {
            throw Unsupported.Option($"scenarios.{name}.options.browser", "it has no browser");
        }
    }
}
