using System.Text.Json;
using System.Text.Unicode;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Data;

/// <summary>Reads the values of a JSON array, or one JSON value after the other, and knows their places. Holds one at a time.</summary>
internal sealed class JsonRows(Stream stream, bool isArray, DataProblems problems) : IDisposable
{
    private const int LongestRow = 1 << 26;
    private readonly JsonPieces pieces = new(stream);
    private bool open;
    private bool ended;
    private JsonReaderState state = new(new JsonReaderOptions { AllowMultipleValues = !isArray, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

    /// <summary>The row; valid until the next one is read.</summary>
    public JsonDocument? Current { get; private set; }

    /// <summary>The line that the row starts at.</summary>
    public long Line { get; private set; }

    /// <summary>Column of the row's first character, in bytes.</summary>
    public long Column { get; private set; }

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="DataUnreadableException">The file is not what it should be; that was reported.</exception>
    public bool Next()
    {
        Current?.Dispose();
        Current = null;
        while (!ended)
        {
            switch (Step())
            {
                case Progress.Row:
                    return true;
                case Progress.NeedsMore when !Fill():
                    ended = true;
                    if (isArray && open)
                    {
                        throw problems.End(Rules.DataMalformed, pieces.Line, "The file ends in the middle of its list.", pieces.Column);
                    }

                    break;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Current?.Dispose();
        pieces.Dispose();
    }

    private enum Progress
    {
        Row,
        Other,
        NeedsMore,
    }

    private Progress Step()
    {
        var rest = pieces.Rest;
        if (!open && rest.Trim(" \n\r\t"u8).IsEmpty)
        {
            // The reader takes nothing at all for a mistake.
            return Progress.NeedsMore;
        }

        var reader = new Utf8JsonReader(rest, pieces.AtEnd, state);
        try
        {
            if (!reader.Read())
            {
                return Progress.NeedsMore;
            }

            if (isArray && !open)
            {
                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    throw problems.End(Rules.DataMalformed, pieces.Line, "The file is not a list of rows: it has to start with '['. A value per line is a .jsonl file.", pieces.Column);
                }

                open = true;
                Take(reader);
                return Progress.Other;
            }

            if (isArray && reader is { TokenType: JsonTokenType.EndArray, CurrentDepth: 0 })
            {
                open = false;
                Take(reader);
                CheckEnd();
                ended = true;
                return Progress.Other;
            }

            var first = (int)reader.TokenStartIndex;
            if (!JsonDocument.TryParseValue(ref reader, out var row))
            {
                return Progress.NeedsMore;
            }

            Current = row;
            pieces.Take(first);
            (Line, Column) = (pieces.Line, pieces.Column);
            CheckEncoding(pieces.Rest[..((int)reader.BytesConsumed - first)]);
            Take(reader, first);
            return Progress.Row;
        }
        catch (JsonException failure)
        {
            CheckEncoding(pieces.Rest);
            throw problems.End(
                Rules.DataMalformed, (failure.LineNumber ?? 0) + 1, $"This is not JSON: {Sentence(failure)}", (failure.BytePositionInLine ?? 0) + 1);
        }
    }

    private void CheckEncoding(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)0) || !Utf8.IsValid(text))
        {
            // What is read is a piece, whose last character may be cut; a row is whole.
            if (text.Contains((byte)0) || Current is not null || Array.FindIndex(text.ToArray(), one => one >= 0x80) is >= 0 and var at && at < text.Length - 4)
            {
                throw problems.End(Rules.DataEncoding, pieces.Line, $"There are bytes here that are not UTF-8. {DataFile.Advice}");
            }
        }
    }

    // After the list there is nothing but space.
    private void CheckEnd()
    {
        do
        {
            for (; !pieces.Rest.IsEmpty; pieces.Take(1))
            {
                if (pieces.Rest[0] is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                {
                    throw problems.End(Rules.DataMalformed, pieces.Line, "There is something behind the list of rows.", pieces.Column);
                }
            }
        }
        while (Fill());
    }

    private void Take(in Utf8JsonReader reader, int already = 0)
    {
        state = reader.CurrentState;
        pieces.Take((int)reader.BytesConsumed - already);
    }

    private bool Fill()
    {
        if (pieces.Rest.Length >= LongestRow)
        {
            throw problems.End(Rules.DataMalformed, pieces.Line, $"This row is longer than {LongestRow >> 20} MB.", pieces.Column);
        }

        return pieces.Fill();
    }

    // Without the place at the end, which the diagnostic has.
    private static string Sentence(JsonException failure) => failure.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
}
