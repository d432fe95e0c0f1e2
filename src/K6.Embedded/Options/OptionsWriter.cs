using System.Text.Encodings.Web;
using System.Text.Json;

namespace K6.Embedded.Options;

/// <summary>Writes options as k6's <c>inspect</c> and <c>exec.test.options</c> show them: every key, null where not set.</summary>
internal static class OptionsWriter
{
    /// <summary>The JSON of <c>inspect</c>.</summary>
    /// <param name="options">The options.</param>
    /// <param name="requirements">With <c>--execution-requirements</c>: the derived length and number of VUs.</param>
    public static string ForInspect(TestOptions options, ExecutionRequirements? requirements) => Write(indented: true, writer =>
    {
        WriteBool(writer, "paused", options.Paused);
        WriteShortcuts(writer, options);
        WriteScenarios(writer, options);
        WriteRest(writer, options);
        if (requirements is not null)
        {
            writer.WriteString("totalDuration", GoDuration.Format(requirements.TotalDuration));
            writer.WriteNumber("maxVUs", requirements.MaxVus);
        }
    });

    /// <summary>The JSON of <c>exec.test.options</c>.</summary>
    public static string ForScript(TestOptions options) => Write(indented: false, writer =>
    {
        WriteBool(writer, "paused", options.Paused);
        WriteScenarios(writer, options);
        WriteRest(writer, options);
        writer.WriteString("consoleOutput", options.ConsoleOutput);
        writer.WriteString("localIPs", options.LocalIps);
    });

    private static string Write(bool indented, Action<Utf8JsonWriter> body)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        var text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        return text.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    private static void WriteShortcuts(Utf8JsonWriter writer, TestOptions options)
    {
        WriteInteger(writer, "vus", options.Vus);
        WriteDuration(writer, "duration", options.Duration);
        WriteInteger(writer, "iterations", options.Iterations);
        WriteStages(writer, options.Stages);
    }

    private static void WriteScenarios(Utf8JsonWriter writer, TestOptions options)
    {
        writer.WritePropertyName("scenarios");
        if (options.Scenarios is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, scenario) in options.Scenarios)
        {
            writer.WritePropertyName(name);
            WriteScenario(writer, scenario);
        }

        writer.WriteEndObject();
    }

    private static void WriteScenario(Utf8JsonWriter writer, ScenarioOptions s)
    {
        writer.WriteStartObject();
        writer.WriteString("executor", s.Executor);
        WriteDuration(writer, "startTime", s.StartTime);
        WriteDuration(writer, "gracefulStop", s.GracefulStop);
        WriteMap(writer, "env", s.Env);
        writer.WriteString("exec", s.Exec);
        WriteMap(writer, "tags", s.Tags);
        if (s.Options is { } specific)
        {
            writer.WritePropertyName("options");
            WriteSorted(writer, specific);
        }

        switch (s.Executor)
        {
            case "shared-iterations" or "per-vu-iterations":
                WriteInteger(writer, "vus", s.Vus);
                WriteInteger(writer, "iterations", s.Iterations);
                WriteDuration(writer, "maxDuration", s.MaxDuration);
                break;
            case "constant-vus":
                WriteInteger(writer, "vus", s.Vus);
                WriteDuration(writer, "duration", s.Duration);
                break;
            case "ramping-vus":
                WriteInteger(writer, "startVUs", s.StartVus);
                WriteStages(writer, s.Stages);
                WriteDuration(writer, "gracefulRampDown", s.GracefulRampDown);
                break;
            case "constant-arrival-rate":
                WriteInteger(writer, "rate", s.Rate);
                WriteDuration(writer, "timeUnit", s.TimeUnit);
                WriteDuration(writer, "duration", s.Duration);
                WriteInteger(writer, "preAllocatedVUs", s.PreAllocatedVus);
                WriteInteger(writer, "maxVUs", s.MaxVus);
                break;
            default:
                WriteInteger(writer, "startRate", s.StartRate);
                WriteDuration(writer, "timeUnit", s.TimeUnit);
                WriteStages(writer, s.Stages);
                WriteInteger(writer, "preAllocatedVUs", s.PreAllocatedVus);
                WriteInteger(writer, "maxVUs", s.MaxVus);
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter writer, TestOptions options)
    {
        writer.WriteString("executionSegment", options.ExecutionSegment);
        writer.WriteString("executionSegmentSequence", options.ExecutionSegmentSequence);
        WriteBool(writer, "noSetup", options.NoSetup);
        WriteDuration(writer, "setupTimeout", options.SetupTimeout);
        WriteBool(writer, "noTeardown", options.NoTeardown);
        WriteDuration(writer, "teardownTimeout", options.TeardownTimeout);
        WriteDuration(writer, "handleSummaryTimeout", options.HandleSummaryTimeout);
        WriteInteger(writer, "rps", options.Rps);
        writer.WriteStartObject("dns");
        writer.WriteString("ttl", options.Dns.Ttl);
        writer.WriteString("select", options.Dns.Select);
        writer.WriteString("policy", options.Dns.Policy);
        writer.WriteEndObject();
        WriteInteger(writer, "maxRedirects", options.MaxRedirects);
        writer.WriteString("userAgent", options.UserAgent);
        WriteInteger(writer, "batch", options.Batch);
        WriteInteger(writer, "batchPerHost", options.BatchPerHost);
        writer.WriteString("httpDebug", options.HttpDebug);
        WriteBool(writer, "insecureSkipTLSVerify", options.InsecureSkipTlsVerify);
        WriteStrings(writer, "tlsCipherSuites", options.TlsCipherSuites);
        WriteTls(writer, options);
        WriteBool(writer, "throw", options.Throw);
        WriteThresholds(writer, options);
        WriteStrings(writer, "blacklistIPs", options.BlacklistIps);
        WriteStrings(writer, "blockHostnames", options.BlockHostnames);
        WriteMap(writer, "hosts", options.Hosts);
        WriteBool(writer, "noConnectionReuse", options.NoConnectionReuse);
        WriteBool(writer, "noVUConnectionReuse", options.NoVuConnectionReuse);
        WriteDuration(writer, "minIterationDuration", options.MinIterationDuration);
        if (options.Cloud is { } cloud)
        {
            writer.WritePropertyName("cloud");
            WriteSorted(writer, cloud);
        }

        writer.WritePropertyName("ext");
        if (options.Ext is { } ext)
        {
            WriteSorted(writer, ext);
        }
        else
        {
            writer.WriteNullValue();
        }

        WriteStrings(writer, "summaryTrendStats", options.SummaryTrendStats);
        writer.WriteString("summaryTimeUnit", options.SummaryTimeUnit);
        WriteStrings(writer, "systemTags", options.SystemTags is { Count: 0 } ? null : options.SystemTags);
        WriteMap(writer, "tags", options.Tags);
        WriteInteger(writer, "metricSamplesBufferSize", options.MetricSamplesBufferSize);
        WriteBool(writer, "noCookiesReset", options.NoCookiesReset);
        WriteBool(writer, "discardResponseBodies", options.DiscardResponseBodies);
        WriteStrings(writer, "features", options.Features);
    }

    private static void WriteTls(Utf8JsonWriter writer, TestOptions options)
    {
        writer.WritePropertyName("tlsVersion");
        if (options.TlsVersion is { } versions)
        {
            writer.WriteStartObject();
            writer.WriteString("min", versions.Min ?? "");
            writer.WriteString("max", versions.Max ?? "");
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WritePropertyName("tlsAuth");
        if (options.TlsAuth is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (var auth in options.TlsAuth)
        {
            writer.WriteStartObject();
            writer.WriteString("cert", auth.Cert);
            writer.WriteString("key", auth.Key);
            writer.WriteString("password", auth.Password);
            WriteStrings(writer, "domains", auth.Domains);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteThresholds(Utf8JsonWriter writer, TestOptions options)
    {
        writer.WritePropertyName("thresholds");
        if (options.Thresholds is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        foreach (var (metric, thresholds) in options.Thresholds)
        {
            writer.WriteStartArray(metric);
            foreach (var threshold in thresholds)
            {
                if (!threshold.AbortOnFail)
                {
                    writer.WriteStringValue(threshold.Expression);
                    continue;
                }

                writer.WriteStartObject();
                writer.WriteString("threshold", threshold.Expression);
                writer.WriteBoolean("abortOnFail", true);
                WriteDuration(writer, "delayAbortEval", threshold.DelayAbortEval);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteStages(Utf8JsonWriter writer, IReadOnlyList<Stage>? stages)
    {
        writer.WritePropertyName("stages");
        if (stages is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (var stage in stages)
        {
            writer.WriteStartObject();
            WriteDuration(writer, "duration", stage.Duration);
            WriteInteger(writer, "target", stage.Target);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                WriteSorted(writer, item);
            }

            writer.WriteEndArray();
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(property.Name);
            WriteSorted(writer, property.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteBool(Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is { } known)
        {
            writer.WriteBoolean(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteInteger(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteDuration(Utf8JsonWriter writer, string name, TimeSpan? value) =>
        writer.WriteString(name, value is { } known ? GoDuration.Format(known) : null);

    private static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string>? map)
    {
        if (map is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
