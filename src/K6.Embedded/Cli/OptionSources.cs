using K6.Embedded.Execution;
using K6.Embedded.Options;

namespace K6.Embedded.Cli;

/// <summary>Options from the environment (<c>K6_VUS</c> and its like) and from flags.</summary>
internal static class OptionSources
{
    /// <summary>The options of flags.</summary>
    /// <exception cref="UsageException">A value that k6 refuses.</exception>
    public static TestOptions FromFlags(FlagSet flags) => new()
    {
        Paused = flags.Bool("paused"),
        Vus = flags.Integer("vus"),
        Duration = flags.Duration("duration"),
        Iterations = flags.Integer("iterations"),
        Stages = flags.All("stage")?.SelectMany(s => s.Split(',')).Select((s, i) => ParseStage(s, m => new UsageException($"error for stage {i}: {m}"))).ToArray(),
        ExecutionSegment = flags.Text("execution-segment"),
        ExecutionSegmentSequence = flags.Text("execution-segment-sequence"),
        NoSetup = flags.Bool("no-setup"),
        NoTeardown = flags.Bool("no-teardown"),
        MaxRedirects = flags.Integer("max-redirects"),
        Batch = flags.Integer("batch"),
        BatchPerHost = flags.Integer("batch-per-host"),
        Rps = flags.Integer("rps"),
        UserAgent = flags.Text("user-agent"),
        HttpDebug = flags.Text("http-debug"),
        InsecureSkipTlsVerify = flags.Bool("insecure-skip-tls-verify"),
        NoConnectionReuse = flags.Bool("no-connection-reuse"),
        NoVuConnectionReuse = flags.Bool("no-vu-connection-reuse"),
        MinIterationDuration = flags.Duration("min-iteration-duration"),
        Throw = flags.Bool("throw"),
        BlacklistIps = flags.All("blacklist-ip")?.Select(OptionsReader.Network).ToArray(),
        BlockHostnames = flags.All("block-hostnames")?.SelectMany(v => v.Split(',')).ToArray(),
        SummaryTrendStats = flags.All("summary-trend-stats")?.SelectMany(SplitList).ToArray(),
        SummaryTimeUnit = flags.Text("summary-time-unit"),
        SystemTags = flags.All("system-tags") is { } tags ? OptionsReader.KnownTags(tags.SelectMany(SplitList)) : null,
        Tags = Tags(flags.All("tag")),
        ConsoleOutput = flags.Text("console-output"),
        DiscardResponseBodies = flags.Bool("discard-response-bodies"),
        LocalIps = flags.Text("local-ips"),
        Dns = Dns(flags.Text("dns")),
    };

    /// <summary>The options of the environment.</summary>
    /// <exception cref="OptionsException">A value that k6 refuses.</exception>
    public static TestOptions FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var e = new Reader(environment);
        return new TestOptions
        {
            Paused = e.Bool("PAUSED", "Paused"),
            Vus = e.Integer("VUS", "VUs"),
            Duration = e.Duration("DURATION", "Duration"),
            Iterations = e.Integer("ITERATIONS", "Iterations"),
            Stages = e.Text("STAGES") is { } stages ? stages.Split(',').Select(s => ParseStage(s, m => new OptionsException($"envconfig.Process: assigning K6_STAGES to Stages: converting '{s}' to type []lib.Stage. details: {m}"))).ToArray() : null,
            NoSetup = e.Bool("NO_SETUP", "NoSetup"),
            SetupTimeout = e.Duration("SETUP_TIMEOUT", "SetupTimeout"),
            NoTeardown = e.Bool("NO_TEARDOWN", "NoTeardown"),
            TeardownTimeout = e.Duration("TEARDOWN_TIMEOUT", "TeardownTimeout"),
            HandleSummaryTimeout = e.Duration("HANDLE_SUMMARY_TIMEOUT", "HandleSummaryTimeout"),
            Rps = e.Integer("RPS", "RPS"),
            MaxRedirects = e.Integer("MAX_REDIRECTS", "MaxRedirects"),
            UserAgent = e.Text("USER_AGENT"),
            Batch = e.Integer("BATCH", "Batch"),
            BatchPerHost = e.Integer("BATCH_PER_HOST", "BatchPerHost"),
            HttpDebug = e.Text("HTTP_DEBUG"),
            InsecureSkipTlsVerify = e.Bool("INSECURE_SKIP_TLS_VERIFY", "InsecureSkipTLSVerify"),
            Throw = e.Bool("THROW", "Throw"),
            Thresholds = e.Text("THRESHOLDS") is { } thresholds ? Thresholds(thresholds) : null,
            BlacklistIps = e.List("BLACKLIST_IPS")?.Select(OptionsReader.Network).ToArray(),
            BlockHostnames = e.List("BLOCK_HOSTNAMES"),
            NoConnectionReuse = e.Bool("NO_CONNECTION_REUSE", "NoConnectionReuse"),
            NoVuConnectionReuse = e.Bool("NO_VU_CONNECTION_REUSE", "NoVUConnectionReuse"),
            MinIterationDuration = e.Duration("MIN_ITERATION_DURATION", "MinIterationDuration"),
            SummaryTrendStats = e.List("SUMMARY_TREND_STATS"),
            SummaryTimeUnit = e.Text("SUMMARY_TIME_UNIT"),
            SystemTags = e.List("SYSTEM_TAGS") is { } tags ? OptionsReader.KnownTags(tags) : null,
            Tags = e.Text("TAGS") is { } map ? Map(map) : null,
            MetricSamplesBufferSize = e.Integer("METRIC_SAMPLES_BUFFER_SIZE", "MetricSamplesBufferSize"),
            NoCookiesReset = e.Bool("NO_COOKIES_RESET", "NoCookiesReset"),
            DiscardResponseBodies = e.Bool("DISCARD_RESPONSE_BODIES", "DiscardResponseBodies"),
            ConsoleOutput = e.Text("CONSOLE_OUTPUT"),
            LocalIps = e.Text("LOCAL_IPS"),
            Dns = Dns(e.Text("DNS")),
        };
    }

    private static IEnumerable<string> SplitList(string text) => text.Split(',').Select(part => part.Trim());

    private static Stage ParseStage(string text, Func<string, Exception> failed)
    {
        var parts = text.Split(':', 2);
        try
        {
            var duration = parts[0].Length == 0 ? (TimeSpan?)null : GoDuration.Parse(parts[0]);
            var target = parts.Length < 2 || parts[1].Length == 0 ? (long?)null : JsonReading.ParseInteger(parts[1]);
            return new Stage(duration, target);
        }
        catch (Exception e) when (e is FormatException or OptionsException)
        {
            throw failed(e.Message);
        }
    }

    private static SortedDictionary<string, string>? Tags(IReadOnlyList<string>? pairs)
    {
        if (pairs is null)
        {
            return null;
        }

        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw new UsageException($"error parsing tag '{pair}': invalid tag, empty value");
            }

            if (equals == 0)
            {
                throw new UsageException($"error parsing tag '{pair}': invalid tag, empty name");
            }

            if (equals == pair.Length - 1)
            {
                throw new UsageException($"error parsing tag '{pair}': invalid tag, empty value");
            }

            tags[pair[..equals]] = pair[(equals + 1)..];
        }

        return tags;
    }

    private static SortedDictionary<string, string> Map(string text)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                throw new OptionsException($"envconfig.Process: assigning K6_TAGS to RunTags: converting '{text}' to type map[string]string. details: invalid map item: {GoText.Quote(pair)}");
            }

            map[pair[..colon]] = pair[(colon + 1)..];
        }

        return map;
    }

    /// <summary><c>K6_THRESHOLDS</c> cannot hold thresholds: k6 reads metric names from it and no expressions, which wipes the script's.</summary>
    private static Dictionary<string, IReadOnlyList<ThresholdOptions>> Thresholds(string text)
    {
        var result = new Dictionary<string, IReadOnlyList<ThresholdOptions>>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            result[colon < 0
                ? throw new OptionsException($"envconfig.Process: assigning K6_THRESHOLDS to Thresholds: converting '{text}' to type map[string]metrics.Thresholds. details: invalid map item: {GoText.Quote(pair)}")
                : pair[..colon]] = [];
        }

        return result;
    }

    private static DnsOptions Dns(string? text)
    {
        var dns = new DnsOptions(null, null, null);
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var value = pair.Length > 1 ? pair[1] : "";
            dns = pair[0] switch
            {
                "ttl" => dns with { Ttl = value },
                "select" => dns with { Select = value },
                "policy" => dns with { Policy = value },
                _ => throw new UsageException($"unknown DNS configuration field: {pair[0]}"),
            };
        }

        return dns;
    }

    private sealed class Reader(IReadOnlyDictionary<string, string> environment)
    {
        public string? Text(string name) => environment.TryGetValue("K6_" + name, out var value) && value.Length > 0 ? value : null;

        public string[]? List(string name) => Text(name)?.Split(',').Select(part => part.Trim()).ToArray();

        public long? Integer(string name, string field)
        {
            try
            {
                return Text(name) is { } text ? JsonReading.ParseInteger(text) : null;
            }
            catch (OptionsException e)
            {
                throw Failed(name, field, "null.Int", e.Message);
            }
        }

        public bool? Bool(string name, string field) => Text(name) is not { } text
            ? null
            : text switch
            {
                "true" => true,
                "false" => false,
                _ => throw Failed(name, field, "null.Bool", $"invalid input:{text}"),
            };

        public TimeSpan? Duration(string name, string field)
        {
            try
            {
                return Text(name) is { } text ? GoDuration.ParseExtended(text) : null;
            }
            catch (FormatException e)
            {
                throw Failed(name, field, "types.NullDuration", e.Message);
            }
        }

        private OptionsException Failed(string name, string field, string type, string details) =>
            new($"envconfig.Process: assigning K6_{name} to {field}: converting '{Text(name)}' to type {type}. details: {details}");
    }
}
