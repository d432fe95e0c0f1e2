using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace K6.LoadTesting.Data;

/// <summary>Writes rows as JSON, one a line, with no line break at the end: the module splits the text at line breaks.</summary>
internal sealed class RowWriter : IDisposable
{
    private const int Full = 1 << 16;
    private readonly Stream stream;
    private readonly ArrayBufferWriter<byte> buffer = new(2 * Full);
    private readonly Utf8JsonWriter json;

    /// <param name="stream">Where to.</param>
    public RowWriter(Stream stream)
    {
        this.stream = stream;
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Rows that were written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes a row: one JSON value.</summary>
    public void Write(Action<Utf8JsonWriter> row)
    {
        if (Count++ > 0)
        {
            buffer.Write("\n"u8);
        }

        json.Reset();
        row(json);
        json.Flush();
        if (buffer.WrittenCount >= Full)
        {
            Empty();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        json.Dispose();
        Empty();
    }

    private void Empty()
    {
        stream.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }
}
