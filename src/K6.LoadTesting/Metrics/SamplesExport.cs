using System.Globalization;
using System.Text;

namespace K6.LoadTesting.Metrics;

/// <summary>Raw samples as plain CSV for spreadsheets and notebooks: <c>metric,time,value</c> and a column for each tag.</summary>
internal static class SamplesExport
{
    /// <summary>Writes the file aside and moves it into place; the samples are read twice, since any of them may bring another tag.</summary>
    /// <param name="files">Samples as <see cref="SamplesReader"/> reads them.</param>
    /// <param name="target">Absolute path of the file to write.</param>
    /// <returns>Number of samples.</returns>
    /// <exception cref="InvalidDataException">A file is not of this format.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static long Write(IReadOnlyList<string> files, string target)
    {
        var reader = new SamplesReader(files);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        IReadOnlyDictionary<string, string>? last = null;
        foreach (var sample in reader.Read())
        {
            if (!ReferenceEquals(sample.Tags, last))
            {
                last = sample.Tags;
                names.UnionWith(last.Keys);
            }
        }

        var count = 0L;
        var aside = $"{target}.{Environment.ProcessId}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using (var writer = new StreamWriter(aside, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" })
        {
            writer.WriteLine($"metric,time,value{string.Concat(names.Select(name => $",{Field(name)}"))}");
            var tags = "";
            last = null;
            foreach (var sample in reader.Read())
            {
                if (!ReferenceEquals(sample.Tags, last))
                {
                    last = sample.Tags;
                    tags = string.Concat(names.Select(name => $",{Field(last.GetValueOrDefault(name, ""))}"));
                }

                var time = DateTimeOffset.UnixEpoch.AddTicks(sample.Microseconds * TimeSpan.TicksPerMicrosecond);
                writer.Write(sample.Metric);
                writer.Write(',');
                writer.Write(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
                writer.Write(',');
                writer.Write(sample.Value.ToString("R", CultureInfo.InvariantCulture));
                writer.WriteLine(tags);
                count++;
            }
        }

        File.Move(aside, target, overwrite: true);
        return count;
    }

    // A first character of a formula is what spreadsheets run; names and URLs are the server's to choose.
    private static string Field(string text)
    {
        text = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{text}" : text;
        return text.AsSpan().IndexOfAny(',', '"', '\n') >= 0 || text.Contains('\r') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
