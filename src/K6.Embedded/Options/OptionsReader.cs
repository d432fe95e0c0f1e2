using System.Globalization;
using System.Net;
using System.Text.Json;
using K6.Embedded.Http;

namespace K6.Embedded.Options;

/// <summary>Reads the options of a script or of a configuration file from JSON, with k6's messages.</summary>
internal static class OptionsReader
{
    /// <summary>Keys of the configuration file that are no options; the script must not have them.</summary>
    private static readonly string[] ConfigOnly = ["out", "linger", "noUsageReport", "webDashboard", "noArchiveUpload", "collectors", "features"];

    /// <summary>Reads the <c>options</c> that a script exports. Unknown keys are reported to <paramref name="unknown"/> (k6: a warning).</summary>
    /// <exception cref="OptionsException">With k6's message.</exception>
    public static TestOptions ReadScript(string? json, Action<string> unknown)
    {
        if (json is null)
        {
            return new TestOptions();
        }

        using var document = JsonDocument.Parse(json);
        var value = document.RootElement;
        if (value.ValueKind is JsonValueKind.Null)
        {
            return new TestOptions();
        }

        try
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                throw new OptionsTypeException($"json: cannot unmarshal {JsonReading.Kind(value)} into Go value of type lib.Options", value.GetRawText());
            }

            return Read(value, "Options", unknown);
        }
        catch (OptionsTypeException e)
        {
            var near = value.ValueKind == JsonValueKind.Object ? $"\"{e.Near.Split('.')[0]}\"" : e.Near;
            throw new OptionsException($"parsing options from script got error while parsing {Execution.GoText.Quote(near)}: {e.Message}");
        }
    }

    /// <summary>Reads the options of a configuration file; unknown keys are ignored, as k6 does.</summary>
    /// <exception cref="OptionsException">With k6's message.</exception>
    public static TestOptions ReadConfig(JsonElement value) => Read(value, "Config.Options", _ => { });

    private static TestOptions Read(JsonElement value, string root, Action<string> unknown)
    {
        var read = new JsonReading(root);
        var options = new TestOptions();
        foreach (var property in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            options = Set(options, property.Name, property.Value, read, unknown);
        }

        return options;
    }

    private static TestOptions Set(TestOptions o, string name, JsonElement value, JsonReading read, Action<string> unknown) => name.ToLowerInvariant() switch
    {
        "paused" => o with { Paused = JsonReading.Bool(value, name) },
        "vus" => o with { Vus = read.Integer(value, "vus") },
        "duration" => o with { Duration = JsonReading.Duration(value, name) },
        "iterations" => o with { Iterations = read.Integer(value, "iterations") },
        "stages" => o with { Stages = Stages(value, read, "stages") },
        "scenarios" => o with { Scenarios = ScenarioReader.ReadAll(value, read) },
        "executionsegment" => o with { ExecutionSegment = JsonReading.Text(value, name) },
        "executionsegmentsequence" => o with { ExecutionSegmentSequence = JsonReading.Text(value, name) },
        "nosetup" => o with { NoSetup = JsonReading.Bool(value, name) },
        "setuptimeout" => o with { SetupTimeout = JsonReading.Duration(value, name) },
        "noteardown" => o with { NoTeardown = JsonReading.Bool(value, name) },
        "teardowntimeout" => o with { TeardownTimeout = JsonReading.Duration(value, name) },
        "handlesummarytimeout" => o with { HandleSummaryTimeout = JsonReading.Duration(value, name) },
        "rps" => o with { Rps = read.Integer(value, "rps") },
        "dns" => o with { Dns = Dns(value, read) },
        "maxredirects" => o with { MaxRedirects = read.Integer(value, "maxRedirects") },
        "useragent" => o with { UserAgent = JsonReading.Text(value, name) },
        "batch" => o with { Batch = read.Integer(value, "batch") },
        "batchperhost" => o with { BatchPerHost = read.Integer(value, "batchPerHost") },
        "httpdebug" => o with { HttpDebug = JsonReading.Text(value, name) },
        "insecureskiptlsverify" => o with { InsecureSkipTlsVerify = JsonReading.Bool(value, name) },
        "tlsciphersuites" => o with { TlsCipherSuites = TlsCipherSuites(value, read) },
        "tlsversion" => o with { TlsVersion = TlsVersion(value, read) },
        "tlsauth" => o with { TlsAuth = TlsAuth(value, read) },
        "throw" => o with { Throw = JsonReading.Bool(value, name) },
        "thresholds" => o with { Thresholds = Thresholds(value, read) },
        "blacklistips" => o with { BlacklistIps = read.Strings(value, "blacklistIPs")?.Select(Network).ToArray() },
        "blockhostnames" => o with { BlockHostnames = read.Strings(value, "blockHostnames") },
        "hosts" => o with { Hosts = read.Map(value, "hosts") },
        "noconnectionreuse" => o with { NoConnectionReuse = JsonReading.Bool(value, name) },
        "novuconnectionreuse" => o with { NoVuConnectionReuse = JsonReading.Bool(value, name) },
        "miniterationduration" => o with { MinIterationDuration = JsonReading.Duration(value, name) },
        "ext" => o with { Ext = Raw(value, read, "ext", "map[string]json.RawMessage") },
        "cloud" => o with { Cloud = Raw(value, read, "cloud", "json.RawMessage") },
        "summarytrendstats" => o with { SummaryTrendStats = read.Strings(value, "summaryTrendStats") },
        "summarytimeunit" => o with { SummaryTimeUnit = JsonReading.Text(value, name) },
        "systemtags" => o with { SystemTags = read.Strings(value, "systemTags") is { } tags ? KnownTags(tags) : null },
        "tags" => o with { Tags = read.Map(value, "tags") },
        "metricsamplesbuffersize" => o with { MetricSamplesBufferSize = read.Integer(value, "metricSamplesBufferSize") },
        "nocookiesreset" => o with { NoCookiesReset = JsonReading.Bool(value, name) },
        "discardresponsebodies" => o with { DiscardResponseBodies = JsonReading.Bool(value, name) },
        "features" => o with { Features = read.Strings(value, "features") },
        _ => Unknown(o, name, unknown),
    };

    private static TestOptions Unknown(TestOptions options, string name, Action<string> unknown)
    {
        if (!ConfigOnly.Contains(name) || name is "linger" or "noUsageReport" or "out")
        {
            unknown(name);
        }

        return options;
    }

    /// <summary>The system tags that k6 knows among those given, in order of name.</summary>
    public static IReadOnlyList<string> KnownTags(IEnumerable<string> tags) =>
        [.. tags.Where(t => Metrics.SystemTags.Known.Contains(t)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The stages of a ramp.</summary>
    public static IReadOnlyList<Stage>? Stages(JsonElement value, JsonReading read, string key)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var stages = new List<Stage>();
        foreach (var item in read.Array(value, key, "[]lib.Stage"))
        {
            TimeSpan? duration = null;
            long? target = null;
            foreach (var property in read.Object(item, key, "lib.Stage"))
            {
                switch (property.Name.ToLowerInvariant())
                {
                    case "duration":
                        duration = JsonReading.Duration(property.Value, key);
                        break;
                    case "target":
                        target = read.Integer(property.Value, $"{key}.target");
                        break;
                }
            }

            stages.Add(new Stage(duration, target));
        }

        return stages;
    }

    /// <summary>A CIDR as its network, <c>10.0.0.1/8</c> as <c>10.0.0.0/8</c>.</summary>
    public static string Network(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            || bits > address.GetAddressBytes().Length * 8)
        {
            throw new OptionsException($"failed to parse CIDR '{text}': invalid CIDR address: {text}");
        }

        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(bits - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - keep));
        }

        return $"{new IPAddress(bytes)}/{bits}";
    }

    private static DnsOptions Dns(JsonElement value, JsonReading read)
    {
        var dns = new DnsOptions(null, null, null);
        if (value.ValueKind == JsonValueKind.Null)
        {
            return dns;
        }

        foreach (var property in read.Object(value, "dns", "types.DNSConfig"))
        {
            dns = property.Name.ToLowerInvariant() switch
            {
                "ttl" => dns with { Ttl = Ttl(property.Value.ValueKind == JsonValueKind.Number ? property.Value.GetRawText() : JsonReading.Text(property.Value, "ttl")) },
                "select" => dns with { Select = OneOf(JsonReading.Text(property.Value, "select"), "first", "random", "roundRobin", "DNSSelect") },
                "policy" => dns with { Policy = JsonReading.Text(property.Value, "policy") },
                _ => dns,
            };
        }

        return dns;
    }

    private static string? Ttl(string? text)
    {
        if (text is null or "" or "inf")
        {
            return text;
        }

        try
        {
            _ = GoDuration.ParseExtended(text);
            return text;
        }
        catch (FormatException)
        {
            throw new OptionsException($"invalid DNS TTL: {text}", Cli.ExitCodes.Unspecified);
        }
    }

    private static string? OneOf(string? value, string a, string b, string c, string type) =>
        value is null || value == a || value == b || value == c ? value : throw new OptionsException($"{value} does not belong to {type} values");

    private static TlsVersions? TlsVersion(JsonElement value, JsonReading read)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                var both = value.GetString()!;
                return IsTls(both) ? new TlsVersions(both, both) : throw read.WrongType(value, "tlsVersion", "lib.tlsVersionsFields");
            default:
                string? min = null, max = null;
                foreach (var property in read.Object(value, "tlsVersion", "lib.tlsVersionsFields"))
                {
                    var text = JsonReading.Text(property.Value, "tlsVersion");
                    if (text is not null && !IsTls(text))
                    {
                        throw new OptionsException($"unknown TLS version '{text}'");
                    }

                    (min, max) = property.Name.ToLowerInvariant() switch
                    {
                        "min" => (text, max),
                        "max" => (min, text),
                        _ => (min, max),
                    };
                }

                return new TlsVersions(min, max);
        }

        static bool IsTls(string text) => text is "" or "tls1.0" or "tls1.1" or "tls1.2" or "tls1.3";
    }

    private static IReadOnlyList<string>? TlsCipherSuites(JsonElement value, JsonReading read)
    {
        var names = read.Strings(value, "tlsCipherSuites");
        return names?.FirstOrDefault(name => CipherSuites.Find(name) is null) is { } unknown ? throw new OptionsException($"unknown cipher suite '{unknown}'") : names;
    }

    private static List<TlsAuth>? TlsAuth(JsonElement value, JsonReading read)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var list = new List<TlsAuth>();
        foreach (var item in read.Array(value, "tlsAuth", "[]*lib.TLSAuth"))
        {
            string cert = "", key = "";
            string? password = null;
            IReadOnlyList<string>? domains = null;
            foreach (var property in read.Object(item, "tlsAuth", "lib.TLSAuthFields"))
            {
                switch (property.Name.ToLowerInvariant())
                {
                    case "cert":
                        cert = JsonReading.Text(property.Value, "cert") ?? "";
                        break;
                    case "key":
                        key = JsonReading.Text(property.Value, "key") ?? "";
                        break;
                    case "password":
                        password = JsonReading.Text(property.Value, "password");
                        break;
                    case "domains":
                        domains = read.Strings(property.Value, "tlsAuth.domains");
                        break;
                }
            }

            var identity = new TlsAuth(cert, key, password, domains);
            try
            {
                ClientCertificate.Load(identity).Dispose();
            }
            catch (FormatException e)
            {
                throw new OptionsException(e.Message);
            }

            list.Add(identity);
        }

        return list;
    }

    private static SortedDictionary<string, IReadOnlyList<ThresholdOptions>>? Thresholds(JsonElement value, JsonReading read)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var thresholds = new SortedDictionary<string, IReadOnlyList<ThresholdOptions>>(StringComparer.Ordinal);
        foreach (var property in read.Object(value, "thresholds", "map[string]metrics.Thresholds"))
        {
            thresholds[property.Name] = property.Value.ValueKind == JsonValueKind.Null
                ? []
                : [.. read.Array(property.Value, "thresholds", "[]metrics.thresholdConfig").Select(item => Threshold(item, read))];
        }

        return thresholds;
    }

    private static ThresholdOptions Threshold(JsonElement value, JsonReading read)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return new ThresholdOptions(value.GetString()!);
        }

        var threshold = new ThresholdOptions("");
        foreach (var property in read.Object(value, "thresholds", "metrics.rawThresholdConfig"))
        {
            threshold = property.Name.ToLowerInvariant() switch
            {
                "threshold" => threshold with
                {
                    Expression = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : throw read.WrongType(property.Value, "thresholds.threshold", "string"),
                },
                "abortonfail" => threshold with
                {
                    AbortOnFail = property.Value.ValueKind switch
                    {
                        JsonValueKind.True => true,
                        JsonValueKind.False or JsonValueKind.Null => false,
                        _ => throw read.WrongType(property.Value, "thresholds.abortOnFail", "bool"),
                    },
                },
                "delayaborteval" => threshold with { DelayAbortEval = JsonReading.Duration(property.Value, "delayAbortEval") },
                _ => threshold,
            };
        }

        return threshold;
    }

    private static JsonElement? Raw(JsonElement value, JsonReading read, string key, string goType) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => value.Clone(),
        _ => throw read.WrongType(value, key, goType),
    };
}
