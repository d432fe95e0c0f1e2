using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Reads JSON as nodes with their places.</summary>
internal static class JsonNodes
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="DocumentException">It is no JSON.</exception>
    public static DocumentNode Read(string file, byte[] json)
    {
        var places = new Places(json);
        try
        {
            return Read(file, json, places);
        }
        catch (JsonException problem)
        {
            var (line, column) = places.Of((int)(problem.LineNumber ?? 0), (int)(problem.BytePositionInLine ?? 0));
            throw new DocumentException(new SourceLocation(file, line, column), Reason(problem));
        }
        catch (InvalidOperationException)
        {
            // A text with bytes that are no UTF-8, or half of a surrogate pair.
            var (line, column) = places.Last;
            throw new DocumentException(new SourceLocation(file, line, column), "a text here is not valid UTF-8 or has half of a surrogate pair");
        }
    }

    private static DocumentNode Read(string file, byte[] json, Places places)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DocumentReader.Deepest });
        var open = new Stack<DocumentNode>();
        (string Name, int Line, int Column) key = ("", 0, 0);
        DocumentNode? root = null;
        while (reader.Read())
        {
            var (line, column) = places.At((int)reader.TokenStartIndex);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    key = (reader.GetString()!, line, column);
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    continue;
                default:
                    var node = new DocumentNode(KindOf(reader.TokenType), TextOf(ref reader), file, line, column);
                    if (open.TryPeek(out var parent))
                    {
                        if (parent.IsObject)
                        {
                            parent.Members.Add(new DocumentMember(key.Name, key.Line, key.Column, node));
                        }
                        else
                        {
                            parent.Items.Add(node);
                        }
                    }

                    root ??= node;
                    if (node.Kind is NodeKind.Object or NodeKind.Array)
                    {
                        open.Push(node);
                    }

                    continue;
            }
        }

        return root!;
    }

    private static NodeKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => NodeKind.Object,
        JsonTokenType.StartArray => NodeKind.Array,
        JsonTokenType.String => NodeKind.String,
        JsonTokenType.Number => NodeKind.Number,
        JsonTokenType.Null => NodeKind.Null,
        _ => NodeKind.Boolean,
    };

    private static string TextOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => "",
    };

    // "… LineNumber: 3 | BytePositionInLine: 5." is said by the place.
    private static string Reason(JsonException problem)
    {
        var end = problem.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? problem.Message : problem.Message[..end]).TrimEnd('.');
    }

    /// <summary>Lines and columns of bytes; asked from front to back.</summary>
    private sealed class Places(byte[] text)
    {
        private int at;
        private int line = 1;
        private int lineStart;

        /// <summary>The place that was asked for last.</summary>
        public (int Line, int Column) Last { get; private set; } = (1, 1);

        public (int Line, int Column) At(int index)
        {
            for (; at < index; at++)
            {
                if (text[at] == '\n')
                {
                    line++;
                    lineStart = at + 1;
                }
            }

            return Last = (line, Characters(lineStart, index) + 1);
        }

        public (int Line, int Column) Of(int lineIndex, int bytes)
        {
            var start = 0;
            for (var i = 0; i < lineIndex; i++)
            {
                start = Array.IndexOf(text, (byte)'\n', start) + 1;
            }

            return (lineIndex + 1, Characters(start, Math.Min(start + bytes, text.Length)) + 1);
        }

        // A minified document is one line of megabytes: counted from its start each time, it would take for ever.
        private int countedTo;
        private int counted;
        private int countedLine = -1;

        private int Characters(int start, int end)
        {
            if (countedLine != start || countedTo > end)
            {
                (countedLine, countedTo, counted) = (start, start, 0);
            }

            counted += Encoding.UTF8.GetCharCount(text, countedTo, end - countedTo);
            countedTo = end;
            return counted;
        }
    }
}
