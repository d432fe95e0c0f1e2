using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Bundling;

/// <summary>A source map (ECMA-426): positions in a bundle to positions in the sources.</summary>
internal sealed class SourceMap
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyList<string> sources;

    // By line of the bundle: column there, index of the source, line and column in it; all from 0, columns in characters.
    private readonly List<List<(int Column, int Source, int SourceLine, int SourceColumn)>> lines = [];

    private SourceMap(IReadOnlyList<string> sources) => this.sources = sources;

    /// <summary>Reads a map whose sources are relative to a folder.</summary>
    public static SourceMap Parse(byte[] json, string folder)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var map = new SourceMap([.. root.GetProperty("sources").EnumerateArray().Select(source => Resolve(Uri.UnescapeDataString(source.GetString()!), folder))]);
        map.Read(root.GetProperty("mappings").GetString()!);
        return map;
    }

    /// <summary>
    /// A map whose sources are plain paths. esbuild writes them as URLs, and k6 makes URLs of them once more: a letter
    /// beyond ASCII would be encoded twice in its stacks.
    /// </summary>
    public static byte[] WithPlainSources(byte[] json)
    {
        var map = JsonNode.Parse(json)!;
        map["sources"] = new JsonArray([.. map["sources"]!.AsArray().Select(source => (JsonNode)Uri.UnescapeDataString((string)source!))]);
        return Encoding.UTF8.GetBytes(map.ToJsonString(Plain));
    }

    /// <summary>The source of a position; line from 1, column from 0 (as in a syntax tree). Null where nothing is mapped.</summary>
    public SourceLocation? Find(int line, int column)
    {
        if (line < 1 || line > lines.Count)
        {
            return null;
        }

        var segments = lines[line - 1];
        var index = segments.FindLastIndex(segment => segment.Column <= column);
        if (index < 0)
        {
            return null;
        }

        var (_, source, sourceLine, sourceColumn) = segments[index];
        return new SourceLocation(sources[source], sourceLine + 1, sourceColumn + 1);
    }

    private static string Resolve(string source, string folder) =>
        source.Contains(':', StringComparison.Ordinal) && !Path.IsPathRooted(source) ? source : Path.GetFullPath(source, folder);

    private void Read(string mappings)
    {
        int source = 0, sourceLine = 0, sourceColumn = 0;
        foreach (var group in mappings.Split(';'))
        {
            var segments = new List<(int, int, int, int)>();
            lines.Add(segments);
            var column = 0;
            var position = 0;
            while (position < group.Length)
            {
                column += ReadNumber(group, ref position);
                if (position < group.Length && group[position] != ',')
                {
                    source += ReadNumber(group, ref position);
                    sourceLine += ReadNumber(group, ref position);
                    sourceColumn += ReadNumber(group, ref position);
                    segments.Add((column, source, sourceLine, sourceColumn));
                }

                while (position < group.Length && group[position] != ',')
                {
                    ReadNumber(group, ref position); // names
                }

                position++;
            }
        }
    }

    /// <summary>A base64 VLQ: five bits a digit, the lowest bit of the number is its sign.</summary>
    private static int ReadNumber(string text, ref int position)
    {
        const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        int value = 0, shift = 0, digit;
        do
        {
            digit = Digits.IndexOf(text[position++], StringComparison.Ordinal);
            value |= (digit & 31) << shift;
            shift += 5;
        }
        while ((digit & 32) != 0);
        return (value & 1) == 0 ? value >> 1 : -(value >> 1);
    }
}
