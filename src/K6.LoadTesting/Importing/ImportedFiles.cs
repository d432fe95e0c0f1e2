using System.IO.Compression;
using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Importing;

/// <summary>What somebody hands in of a k6 run that was made elsewhere.</summary>
/// <param name="Summaries">Absolute paths of summaries: data of <c>handleSummary</c>, or <c>--summary-export</c>; several only with samples.</param>
/// <param name="Samples">Absolute paths of raw samples: <c>csv</c> or <c>json</c> output, plain or gzip; several, where several instances of k6 made the load.</param>
internal sealed record ImportedFiles(IReadOnlyList<string> Summaries, IReadOnlyList<string> Samples)
{
    private const int PeekBytes = 64 * 1024;

    /// <summary>Tells the files apart by what is in them.</summary>
    /// <param name="files">Absolute paths.</param>
    /// <exception cref="LoadTestException">One is not there or nothing that k6 writes, or there are several summaries and no samples.</exception>
    public static ImportedFiles Of(IReadOnlyList<string> files)
    {
        var summaries = new List<string>();
        var samples = new List<string>();
        foreach (var file in files)
        {
            (IsSummary(file) ? summaries : samples).Add(file);
        }

        return summaries.Count < 2 || samples.Count > 0 ? new ImportedFiles(summaries, samples) : throw new LoadTestException(Rules.ImportNotMergeable.At(
            new SourceLocation(summaries[1], 0, 0),
            $"There are {summaries.Count} summaries and no samples, and percentiles of several cannot be joined. Hand in raw samples of each instance as well (k6 run --out csv=… or --out json=…), which can, or one summary."));
    }

    /// <summary>Whether a file is a result of ours rather than of k6.</summary>
    public static bool IsResult(string file)
    {
        var text = Peek(file);
        return text.StartsWith('{') && text.Contains("\"schemaVersion\"", StringComparison.Ordinal) && !IsSampleLine(FirstLine(text));
    }

    private static bool IsSummary(string file)
    {
        var text = Peek(file);
        var line = FirstLine(text);
        if (line.StartsWith("metric_name,timestamp,metric_value", StringComparison.Ordinal) || IsSampleLine(line))
        {
            return false;
        }

        if (!text.StartsWith('{'))
        {
            throw Unknown(file, "it is neither JSON nor k6's csv");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement;
            return root.TryGetProperty("metrics", out var metrics) && metrics.ValueKind == JsonValueKind.Object ? true
                : root.TryGetProperty("results", out _) && root.TryGetProperty("config", out _) ? throw Unknown(
                    file, "it is k6's newer machine-readable summary, which has no thresholds and few percentiles. Run k6 without --new-machine-readable-summary, or hand in its json or csv output")
                : throw Unknown(file, "it is JSON, but no summary and no samples of k6");
        }
        catch (JsonException failure)
        {
            throw Unknown(file, $"it is cut short or no JSON ({failure.Message})");
        }
    }

    private static bool IsSampleLine(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("metric", out _)
                && document.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() is "Point" or "Metric";
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r');

    private static string Peek(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var isGzip = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
            stream.Position = 0;
            using Stream content = isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            var buffer = new byte[PeekBytes];
            var read = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return read == 0 ? throw Unknown(file, "it is empty") : Encoding.UTF8.GetString(buffer, 0, read).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        }
        catch (InvalidDataException failure)
        {
            throw Unknown(file, $"it is gzip and damaged ({failure.Message})");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unknown(file, failure.Message.TrimEnd('.'));
        }
    }

    internal static LoadTestException Unknown(string file, string why) => new(Rules.ImportUnknown.At(
        new SourceLocation(file, 0, 0),
        $"The file cannot be imported: {why}. K6ReportInput takes loadtest.json, a summary of k6 (--summary-export, or handleSummary's data), and its csv or json output, plain or gzip."));
}
