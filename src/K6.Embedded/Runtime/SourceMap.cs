using System.Text.Json;

namespace K6.Embedded.Runtime;

/// <summary>A position in a source: line and column from 1.</summary>
internal readonly record struct SourcePosition(string Source, int Line, int Column);

/// <summary>A source map (version 3): positions of a bundle to positions of the sources it was made from. Immutable.</summary>
internal sealed class SourceMap
{
    private readonly string[] sources;
    private readonly Segment[][] lines;

    private SourceMap(string[] sources, Segment[][] lines)
    {
        this.sources = sources;
        this.lines = lines;
    }

    private readonly record struct Segment(int Column, int Source, int Line, int SourceColumn);

    /// <summary>Reads a map. Names of sources become absolute against the URL of the map.</summary>
    /// <param name="json">The map.</param>
    /// <param name="mapUrl">Where it lies: <c>file:///…/bundle.js.map</c>, or the bundle itself for an inline map.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="FormatException">It is not a source map.</exception>
    public static SourceMap Parse(string json, string mapUrl)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (!root.TryGetProperty("mappings", out var mappings) || !root.TryGetProperty("sources", out var sourceNames))
        {
            throw new FormatException("the source map has no mappings");
        }

        var sourceRoot = root.TryGetProperty("sourceRoot", out var r) ? r.GetString() ?? "" : "";
        if (sourceRoot.Length > 0 && !sourceRoot.EndsWith('/'))
        {
            sourceRoot += "/";
        }

        var baseUrl = new Uri(mapUrl);
        string[] sources = [.. sourceNames.EnumerateArray().Select(s => Absolute(baseUrl, sourceRoot + s.GetString()))];
        return new SourceMap(sources, Decode(mappings.GetString() ?? ""));
    }

    /// <summary>Where the code at a position of the bundle comes from; null when the map does not say.</summary>
    public SourcePosition? Find(int line, int column)
    {
        if (line < 1 || line > lines.Length)
        {
            return null;
        }

        var segments = lines[line - 1];
        int low = 0, high = segments.Length - 1, found = -1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (segments[middle].Column <= column - 1)
            {
                found = middle;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        if (found < 0 || segments[found].Source < 0 || segments[found].Source >= sources.Length)
        {
            return null;
        }

        var segment = segments[found];
        return new SourcePosition(sources[segment.Source], segment.Line + 1, segment.SourceColumn + 1);
    }

    private static string Absolute(Uri baseUrl, string source) =>
        Uri.TryCreate(baseUrl, source, out var url) ? Uri.UnescapeDataString(url.AbsoluteUri) : source;

    private static Segment[][] Decode(string mappings)
    {
        var lines = new List<Segment[]>();
        var segments = new List<Segment>();
        int source = 0, line = 0, sourceColumn = 0, position = 0, column = 0;
        while (position <= mappings.Length)
        {
            if (position == mappings.Length || mappings[position] == ';')
            {
                lines.Add([.. segments]);
                segments.Clear();
                column = 0;
                position++;
                continue;
            }

            if (mappings[position] == ',')
            {
                position++;
                continue;
            }

            column += ReadVlq(mappings, ref position);
            if (AtEndOfSegment(mappings, position))
            {
                segments.Add(new Segment(column, -1, 0, 0));
                continue;
            }

            source += ReadVlq(mappings, ref position);
            line += ReadVlq(mappings, ref position);
            sourceColumn += ReadVlq(mappings, ref position);
            segments.Add(new Segment(column, source, line, sourceColumn));
            while (!AtEndOfSegment(mappings, position))
            {
                _ = ReadVlq(mappings, ref position);
            }
        }

        return [.. lines];
    }

    private static bool AtEndOfSegment(string mappings, int position) =>
        position >= mappings.Length || mappings[position] is ',' or ';';

    private static int ReadVlq(string text, ref int position)
    {
        int value = 0, shift = 0;
        while (position < text.Length)
        {
            var digit = DigitOf(text[position++]);
            value |= (digit & 31) << shift;
            if ((digit & 32) == 0)
            {
                return (value & 1) == 0 ? value >> 1 : -(value >> 1);
            }

            shift += 5;
        }

        throw new FormatException("the source map ends inside of a number");
    }

    private static int DigitOf(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' => 62,
        '/' => 63,
        _ => throw new FormatException($"'{c}' is no digit of a source map"),
    };
}
