using System.IO.Compression;

namespace K6.Embedded.Http;

/// <summary>Compression of bodies.</summary>
internal static class ContentCodings
{
    /// <summary>Compresses a body by the algorithms of <c>params.compression</c>, in order.</summary>
    /// <exception cref="FormatException">An algorithm is unknown; the message is k6's.</exception>
    public static byte[] Compress(byte[] body, string algorithms)
    {
        foreach (var name in algorithms.Split(',', StringSplitOptions.TrimEntries))
        {
            using var output = new MemoryStream();
            using (Stream stream = name switch
            {
                "gzip" => new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true),
                "deflate" => new ZLibStream(output, CompressionLevel.Optimal, leaveOpen: true),
                "br" => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true),
                _ => throw new FormatException($"unknown compression algorithm {name}, supported algorithms are [gzip deflate zstd br]"),
            })
            {
                stream.Write(body);
            }

            body = output.ToArray();
        }

        return body;
    }

    /// <summary>Undoes the codings of a <c>Content-Encoding</c> header; one that is unknown ends it, as in k6.</summary>
    /// <exception cref="InvalidDataException">The body is not what the header says.</exception>
    public static byte[] Decompress(byte[] body, string encodings)
    {
        var names = encodings.Split(',', StringSplitOptions.TrimEntries);
        for (var i = names.Length - 1; i >= 0; i--)
        {
            using var input = new MemoryStream(body);
            using Stream? stream = names[i] switch
            {
                "gzip" or "x-gzip" => new GZipStream(input, CompressionMode.Decompress),
                "deflate" => new ZLibStream(input, CompressionMode.Decompress),
                "br" => new BrotliStream(input, CompressionMode.Decompress),
                _ => null,
            };
            if (stream is null)
            {
                return body;
            }

            using var output = new MemoryStream();
            try
            {
                stream.CopyTo(output);
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or InvalidDataException)
            {
                throw new InvalidDataException("unexpected EOF", e);
            }

            if (output.Length == 0 && body.Length > 0)
            {
                throw new InvalidDataException("unexpected EOF");
            }

            body = output.ToArray();
        }

        return body;
    }
}
