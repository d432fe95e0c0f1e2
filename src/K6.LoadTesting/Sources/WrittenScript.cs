using System.Text;
using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources;

/// <summary>The text of a script, and where each line of it was declared.</summary>
internal sealed class WrittenScript
{
    private readonly List<(string Text, SourceLocation? Location)> lines = [];

    /// <summary>The text; its lines end with \n.</summary>
    public string Text => string.Concat(lines.Select(line => line.Text + "\n"));

    internal void Add(string text, SourceLocation? location) => lines.Add((text, location));

    internal void InsertHead(IEnumerable<string> head) => lines.InsertRange(0, head.Select(text => (text, (SourceLocation?)null)));

    /// <summary>The source map (ECMA-426) from its lines to those of the declarations.</summary>
    /// <param name="file">Absolute path of the script; a line that nobody declared is at its own place there.</param>
    public byte[] SourceMap(string file)
    {
        var directory = Path.GetDirectoryName(file)!;
        var sources = new List<string> { Path.GetFileName(file) };
        var mappings = new StringBuilder();
        var last = (Source: 0, Line: 0, Column: 0);
        for (var i = 0; i < lines.Count; i++)
        {
            var place = lines[i].Location is { Line: > 0 } location
                ? (Source: Index(location.File), location.Line, Column: Math.Max(location.Column, 1))
                : (Source: 0, Line: i + 1, Column: 1);
            mappings.Append(i == 0 ? "" : ";").Append('A');
            Number(mappings, place.Source - last.Source);
            Number(mappings, place.Line - 1 - last.Line);
            Number(mappings, place.Column - 1 - last.Column);
            last = (place.Source, place.Line - 1, place.Column - 1);
        }

        return JsonSerializer.SerializeToUtf8Bytes(new SourceMapFile(3, sources, [], mappings.ToString()), GeneratedJson.Instance.SourceMapFile);

        int Index(string path)
        {
            var relative = string.Join('/', ModulePaths.Relative(directory, path).Split('/').Select(Uri.EscapeDataString));
            var index = sources.IndexOf(relative);
            if (index < 0)
            {
                index = sources.Count;
                sources.Add(relative);
            }

            return index;
        }
    }

    /// <summary>A base64 VLQ: five bits a digit, the lowest bit of the number is its sign.</summary>
    private static void Number(StringBuilder text, int number)
    {
        const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var rest = number < 0 ? (-number << 1) | 1 : number << 1;
        do
        {
            text.Append(Digits[(rest & 31) | (rest > 31 ? 32 : 0)]);
            rest >>= 5;
        }
        while (rest > 0);
    }
}

/// <summary>A source map as it is written.</summary>
/// <param name="Version">Version of the format.</param>
/// <param name="Sources">Sources as URLs, relative to the script.</param>
/// <param name="Names">Names of identifiers: none.</param>
/// <param name="Mappings">The mappings, in base 64 VLQ.</param>
internal sealed record SourceMapFile(int Version, IReadOnlyList<string> Sources, IReadOnlyList<string> Names, string Mappings);
