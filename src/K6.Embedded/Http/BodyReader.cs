using System.Buffers;

namespace K6.Embedded.Http;

/// <summary>Reads the bodies of responses.</summary>
internal static class BodyReader
{
    /// <summary>Reads a body, blocking; null when it is thrown away. What arrived of one that ends too early stays in the exchange.</summary>
    public static byte[]? Read(HttpResponseMessage response, bool discards, HttpExchange exchange, CancellationToken cancellation)
    {
        using var stream = response.Content.ReadAsStream(cancellation);

        // Reading blocks without an end of its own; the connection is closed below it when the time runs out.
        using var closing = cancellation.UnsafeRegister(static e => ((HttpExchange)e!).Connection?.Close?.Invoke(), exchange);
        var length = response.Content.Headers.ContentLength;
        if (length is > 0 and < int.MaxValue && !discards)
        {
            var exact = new byte[length.Value];
            var have = 0;
            try
            {
                int read;
                while (have < exact.Length && (read = stream.Read(exact, have, exact.Length - have)) > 0)
                {
                    have += read;
                }
            }
            catch (IOException)
            {
                exchange.PartialBody = exact[..have];
                throw;
            }

            // An answer to HEAD, and one that nothing changed, tell a length and have no body.
            var hasBody = response.RequestMessage?.Method != HttpMethod.Head && response.StatusCode != System.Net.HttpStatusCode.NotModified;
            return have == exact.Length ? exact : hasBody ? throw new EndOfStreamException() : [];
        }

        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            using var collected = discards ? null : new MemoryStream();
            int count;
            while ((count = stream.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                collected?.Write(buffer, 0, count);
            }

            return collected is null ? null : collected.Length == 0 ? [] : collected.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a body as <see cref="Read"/> does.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpResponseMessage response, bool discards, HttpExchange exchange, CancellationToken cancellation)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var collected = new MemoryStream();
            try
            {
                await stream.CopyToAsync(discards ? Stream.Null : collected, cancellation).ConfigureAwait(false);
            }
            catch (IOException)
            {
                exchange.PartialBody = collected.ToArray();
                throw;
            }

            return discards ? null : collected.ToArray();
        }
    }
}
