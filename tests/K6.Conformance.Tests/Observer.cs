using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace K6.Conformance.Tests;

/// <summary>Makes an <see cref="Observation"/> of what a run left behind.</summary>
internal sealed partial class Observer(ConformanceCase @case, string folder, CaseServers servers)
{
    public const string SamplesFile = "observed-samples.csv";
    public const string SummaryFile = "observed-summary.json";

    private static readonly string[] Times = ["iteration_duration", "group_duration", "data_sent", "data_received", "ws_connecting", "ws_session_duration", "ws_ping"];
    private static readonly string[] Timings = ["blocked", "connecting", "duration", "receiving", "sending", "tls_handshaking", "waiting"];

    /// <summary>Reads all parts that the case compares.</summary>
    public Observation Observe(int exitCode, string output, string error)
    {
        var (metrics, checks) = ReadSummary();
        var result = new Observation
        {
            ExitCode = exitCode,
            Log = ReadLog(error),
            Output = @case.ComparesOutput ? Lines(output) : null,
            Metrics = metrics,
            Checks = checks,
            Samples = ReadSamples(),
            Server = servers.Seen(),
            Files = ReadFiles(),
        };
        return result with
        {
            Log = Keep("log", result.Log),
            Output = Keep("output", result.Output),
            Metrics = Keep("metrics", result.Metrics),
            Checks = Keep("checks", result.Checks),
            Samples = Keep("samples", result.Samples),
            Server = Keep("server", result.Server),
            Files = Keep("files", result.Files),
        };
    }

    private T? Keep<T>(string part, T? value)
        where T : class, System.Collections.IEnumerable => @case.Ignored.Contains(part) || value is null || !value.GetEnumerator().MoveNext() ? null : value;

    private List<string> ReadLog(string error)
    {
        var records = new List<string>();
        foreach (var line in error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            records.Add(Normalize(line.StartsWith('{') && TryParse(line) is { } json ? Record(json.RootElement) : LogTime().Replace(line, "")));
        }

        if (@case.IsUnordered)
        {
            records.Sort(StringComparer.Ordinal);
        }

        return records;
    }

    private static JsonDocument? TryParse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Record(JsonElement record)
    {
        var fields = record.EnumerateObject().Where(p => p.Name is not ("level" or "msg" or "time")).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value}");
        var texts = string.Join(", ", fields);
        return $"{record.GetProperty("level")}{(texts.Length > 0 ? $"({texts})" : "")} {record.GetProperty("msg")}";
    }

    private (SortedDictionary<string, string>? Metrics, SortedDictionary<string, string>? Checks) ReadSummary()
    {
        var file = Path.Combine(folder, SummaryFile);
        if (!File.Exists(file))
        {
            return (null, null);
        }

        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var checks = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Walk(document.RootElement.GetProperty("root_group"));
        var metrics = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var metric in document.RootElement.GetProperty("metrics").EnumerateObject())
        {
            // They are there when the run lasted a second, unless somebody asks for them.
            if (metric.Name is "vus" or "vus_max" && !metric.Value.TryGetProperty("thresholds", out _))
            {
                continue;
            }

            metrics[Normalize(metric.Name)] = Normalize(Values(metric));
        }

        if (document.RootElement.TryGetProperty("setup_data", out var data))
        {
            metrics["(setup data)"] = Normalize(JsonSerializer.Serialize(data));
        }

        return (metrics, checks);

        void Walk(JsonElement group)
        {
            foreach (var check in group.GetProperty("checks").EnumerateObject())
            {
                checks[check.Value.GetProperty("path").GetString()!] = $"{check.Value.GetProperty("passes")}/{check.Value.GetProperty("fails")}";
            }

            foreach (var child in group.GetProperty("groups").EnumerateObject())
            {
                checks[child.Value.GetProperty("path").GetString()!] = "group";
                Walk(child.Value);
            }
        }
    }

    private static string Values(JsonProperty metric)
    {
        var name = metric.Name.Split('{')[0];
        var varies = IsTime(name) || name is "vus" or "vus_max";
        var parts = new List<string>();
        var isCounter = metric.Value.TryGetProperty("count", out _) && metric.Value.TryGetProperty("rate", out _);
        foreach (var value in metric.Value.EnumerateObject().Where(v => v.Name != "thresholds").OrderBy(v => v.Name, StringComparer.Ordinal))
        {
            var known = (!varies || (name == "iteration_duration" && value.Name == "count") || (name == "vus_max" && value.Name == "max")) && !(isCounter && value.Name == "rate");
            parts.Add(known ? $"{value.Name}={Number(value.Value)}" : value.Name);
        }

        if (metric.Value.TryGetProperty("thresholds", out var thresholds))
        {
            parts.AddRange(thresholds.EnumerateObject().OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => $"[{t.Name}: {(t.Value.GetBoolean() ? "crossed" : "ok")}]"));
        }

        return string.Join(" ", parts);
    }

    private static string Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("G9", CultureInfo.InvariantCulture) : value.ToString();

    private static bool IsTime(string metric) => Times.Contains(metric) || (metric.StartsWith("http_req_", StringComparison.Ordinal) && metric != "http_req_failed");

    private SortedDictionary<string, string>? ReadSamples()
    {
        var file = Path.Combine(folder, SamplesFile);
        if (!File.Exists(file))
        {
            return null;
        }

        var rows = Csv.Read(File.ReadAllText(file));
        var found = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var row in rows.Skip(1).Where(row => row[0] is not ("vus" or "vus_max")))
        {
            var tags = rows[0].Zip(row).Skip(3).Where(pair => pair.Second.Length > 0).Select(pair => $"{pair.First}={(pair.First is "extra_tags" or "metadata" ? Sorted(pair.Second) : pair.Second)}");
            var timing = row[0].StartsWith("http_req_", StringComparison.Ordinal) && Timings.Contains(row[0]["http_req_".Length..]);
            var key = Normalize($"{(timing ? "http_req_TIMING" : row[0])}{{{string.Join(", ", tags)}}}");
            if (!found.TryGetValue(key, out var values))
            {
                found[key] = values = [];
            }

            values.Add(timing ? row[0]["http_req_".Length..] : IsTime(row[0]) ? "" : double.TryParse(row[2], CultureInfo.InvariantCulture, out var number) ? number.ToString("G9", CultureInfo.InvariantCulture) : row[2]);
        }

        return new SortedDictionary<string, string>(found.ToDictionary(p => p.Key, p => Fold(p.Value)), StringComparer.Ordinal);
    }

    private static string Fold(List<string> values)
    {
        var groups = values.GroupBy(v => v, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, Count: g.Count())).ToArray();
        return groups.Length == Timings.Length && groups.All(g => Timings.Contains(g.Key) && g.Count == groups[0].Count)
            ? $"{groups[0].Count} × each of {groups.Length}"
            : string.Join(", ", groups.Select(g => g.Key.Length == 0 ? $"{g.Count} samples" : $"{g.Count} × {g.Key}"));
    }

    private SortedDictionary<string, IReadOnlyList<string>> ReadFiles()
    {
        var files = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (name is not (SamplesFile or SummaryFile))
            {
                var text = Encoding.UTF8.GetString(name.EndsWith(".gz", StringComparison.Ordinal) ? Decompressed(file) : File.ReadAllBytes(file));
                files[name] = name.Contains(".csv", StringComparison.Ordinal) ? CsvLines(text) : Lines(text);
            }
        }

        return files;
    }

    private static byte[] Decompressed(string file)
    {
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var all = new MemoryStream();
        gzip.CopyTo(all);
        return all.ToArray();
    }

    /// <summary>The header as it is; rows with the form of their time, and their value where it does not vary.</summary>
    private List<string> CsvLines(string text)
    {
        var rows = Csv.Read(text);
        return [string.Join(',', rows[0]), .. rows.Skip(1).Where(row => row[0] is not ("vus" or "vus_max")).Select(row => Normalize(string.Join(',',
            (string[])[row[0], Digit().Replace(row[1], "9"), IsTime(row[0]) ? "VALUE" : row[2], .. row[3..^2], Sorted(row[^2]), Sorted(row[^1])])))];
    }

    /// <summary>k6 writes a sample's own tags in any order.</summary>
    private static string Sorted(string tags) => string.Join('&', tags.Split('&').Order(StringComparer.Ordinal));

    private List<string> Lines(string text) => [.. text.TrimEnd('\n').Split('\n').Select(Normalize)];

    private string Normalize(string text)
    {
        var result = Stack().Replace(servers.Normalize(text), Place);
        result = result.Replace(Path.GetDirectoryName(@case.Script)!.Replace('\\', '/'), "<cases>", StringComparison.Ordinal).Replace(folder, "<folder>", StringComparison.Ordinal);
        return @case.Varying.Aggregate(result, (all, pattern) => Regex.Replace(all, pattern, "…"));
    }

    /// <summary>Of a stack the file and line of the first frame in JavaScript: columns, names and the frames below differ (case language/stack).</summary>
    private static string Place(Match stack)
    {
        var frames = stack.Value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal).Split("\n\tat ", StringSplitOptions.RemoveEmptyEntries);
        var first = frames.FirstOrDefault(f => !f.Contains("(native)", StringComparison.Ordinal));
        return first is null ? "" : $" at {Position().Match(first).Groups[1].Value}";
    }

    [GeneratedRegex(@"(?:(?:\n|\\n)(?:\t|\\t)at (?:(?!\\n|\n).)*)+(?:\\n|\n)?")]
    private static partial Regex Stack();

    [GeneratedRegex(@"([^(\s]+:\d+):\d+\(")]
    private static partial Regex Position();

    [GeneratedRegex("""^time="[^"]*" """)]
    private static partial Regex LogTime();

    [GeneratedRegex(@"\d")]
    private static partial Regex Digit();
}
