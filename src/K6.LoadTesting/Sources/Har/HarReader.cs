using System.Text;
using System.Text.Json;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.Har;

/// <summary>Reads the pages and entries of a recording (HAR 1.2), one at a time, however large the file is.</summary>
internal sealed class HarReader(string file) : IDisposable
{
    private const int LongestEntry = 1 << 27;

    private readonly JsonPieces pieces = new(File.OpenRead(file));
    private JsonReaderState state = new(new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    private string? rootProperty;
    private string? logProperty;
    private string? list;
    private bool hasEntries;
    private bool started;

    /// <summary>Whether the value is a page; else it is an entry.</summary>
    public bool IsPage { get; private set; }

    /// <summary>The value; valid until the next one is read.</summary>
    public JsonDocument? Current { get; private set; }

    /// <summary>Its place.</summary>
    public SourceLocation Location { get; private set; } = new(file, 1, 1);

    /// <summary>Goes to the next page or entry.</summary>
    /// <exception cref="LoadTestException">The file is no recording, ends in the middle, or an entry is too large.</exception>
    public bool Next()
    {
        Current?.Dispose();
        Current = null;
        while (true)
        {
            switch (Step())
            {
                case Progress.Value:
                    return true;
                case Progress.End:
                    return hasEntries ? false : throw Malformed(null, null, "This is JSON, but no recording: it has no list log.entries.");
                case Progress.NeedsMore when pieces.Rest.Length > LongestEntry:
                    throw new LoadTestException(Rules.HarTooLarge.At(Here(), $"This entry is longer than {LongestEntry >> 20} MB. Record again without its content, or remove it."));
                case Progress.NeedsMore when !pieces.Fill():
                    throw started
                        ? Malformed(null, null, "The recording ends in the middle; it was cut off when it was saved or copied. Save it again.")
                        : Malformed(null, null, "The file is empty.");
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Current?.Dispose();
        pieces.Dispose();
    }

    private enum Progress
    {
        Value,
        Other,
        NeedsMore,
        End,
    }

    private Progress Step()
    {
        if (!started)
        {
            if (pieces.Rest.Length < Encoding.UTF8.Preamble.Length && !pieces.AtEnd)
            {
                return Progress.NeedsMore;
            }

            if (pieces.Rest.StartsWith(Encoding.UTF8.Preamble))
            {
                pieces.Take(Encoding.UTF8.Preamble.Length);
            }

            started = pieces.Rest.Length > 0;
        }

        // Never the final block: what is missing at the end is told by us.
        var reader = new Utf8JsonReader(pieces.Rest, isFinalBlock: false, state);
        try
        {
            if (!reader.Read())
            {
                return Progress.NeedsMore;
            }

            if (list is not null && reader.TokenType == JsonTokenType.StartObject)
            {
                var first = (int)reader.TokenStartIndex;
                if (!JsonDocument.TryParseValue(ref reader, out var value))
                {
                    return Progress.NeedsMore;
                }

                state = reader.CurrentState;
                var consumed = (int)reader.BytesConsumed;
                pieces.Take(first);
                Location = Here();
                pieces.Take(consumed - first);
                (Current, IsPage) = (value, list == "pages");
                return Progress.Value;
            }

            Follow(reader);
            var end = reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 };
            state = reader.CurrentState;
            pieces.Take((int)reader.BytesConsumed);
            return end ? Progress.End : Progress.Other;
        }
        catch (JsonException failure)
        {
            throw Malformed(failure.LineNumber, failure.BytePositionInLine, $"This is not JSON: {failure.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0]}");
        }
    }

    private void Follow(in Utf8JsonReader reader)
    {
        switch (reader)
        {
            case { CurrentDepth: 0, TokenType: not (JsonTokenType.StartObject or JsonTokenType.EndObject) }:
                throw Malformed(null, null, "This is JSON, but no recording: it has no list log.entries.");
            case { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 }:
                rootProperty = reader.GetString();
                break;
            case { TokenType: JsonTokenType.PropertyName, CurrentDepth: 2 }:
                logProperty = reader.GetString();
                break;
            case { TokenType: JsonTokenType.StartArray, CurrentDepth: 2 } when rootProperty == "log" && logProperty is "pages" or "entries":
                list = logProperty;
                hasEntries |= list == "entries";
                break;
            case { TokenType: JsonTokenType.EndArray, CurrentDepth: 2 }:
                list = null;
                break;
        }
    }

    private SourceLocation Here() => new(file, (int)Math.Min(pieces.Line, int.MaxValue), (int)Math.Min(pieces.Column, int.MaxValue));

    private LoadTestException Malformed(long? line, long? column, string message) => new(Rules.HarMalformed.At(
        line is null ? Here() : new SourceLocation(file, (int)Math.Min(line.Value + 1, int.MaxValue), (int)Math.Min((column ?? 0) + 1, int.MaxValue)), message));
}
