using System.Net;
using System.Net.Http.Headers;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Install;

/// <summary>
/// Downloads a file over HTTP and goes on where an earlier attempt, or an earlier build, was cut off. The caller verifies a sum, so that a server that
/// answers with something else cannot do more than cost time. Proxies are those of the machine (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>, the system's on Windows).
/// </summary>
/// <param name="request">Times, and how to open the file.</param>
/// <param name="progress">Gets bytes received and bytes expected.</param>
internal sealed class FileDownload(K6InstallRequest request, IProgress<(long Received, long? Total)>? progress)
{
    private const int Attempts = 6;
    private const long MaxBytes = 1L << 30;

    /// <summary>Fills a file.</summary>
    /// <returns>Whether a part of it was there already.</returns>
    /// <exception cref="LoadTestException">The file cannot be had.</exception>
    public async Task<bool> ToFileAsync(Uri address, string file, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = request.StallTimeout };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("K6.Sdk", typeof(FileDownload).Assembly.GetName().Version?.ToString(3)));
        var stream = request.Open(file);
        await using var _ = stream.ConfigureAwait(false);
        var resumed = stream.Length > 0;
        var delay = request.RetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            string reason;
            try
            {
                await OnceAsync(client, address, stream, cancellationToken).ConfigureAwait(false);
                return resumed;
            }
            catch (HttpRequestException exception) when (IsFinal(exception.StatusCode))
            {
                throw Failed(address, Reason(exception));
            }
            catch (HttpRequestException exception)
            {
                reason = Reason(exception);
            }
            catch (HttpIOException exception)
            {
                reason = $"the connection ended after {stream.Length} bytes ({exception.HttpRequestError})";
            }
            catch (IOException exception) when (exception.InnerException is System.Net.Sockets.SocketException)
            {
                reason = exception.Message;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                reason = $"no byte came for {request.StallTimeout.TotalSeconds:0.#} s";
            }

            if (attempt == Attempts)
            {
                throw Failed(address, $"{reason}, {Attempts} times");
            }

            await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
            delay *= 2;
            resumed |= stream.Length > 0;
        }
    }

    private async Task OnceAsync(HttpClient client, Uri address, Stream stream, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(request.StallTimeout);
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        if (stream.Length > 0)
        {
            message.Headers.Range = new RangeHeaderValue(stream.Length, null);
        }

        using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && stream.Length > 0)
        {
            // All of it is here, or it is the part of another file: the sum tells.
            if (response.Content.Headers.ContentRange?.Length != stream.Length)
            {
                stream.SetLength(0);
                throw new HttpRequestException("the server has less than what was downloaded before");
            }

            return;
        }

        response.EnsureSuccessStatusCode();
        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != stream.Length)
        {
            stream.SetLength(0);
        }

        stream.Position = stream.Length;
        var total = stream.Length + response.Content.Headers.ContentLength;
        var content = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        await using var _ = content.ConfigureAwait(false);
        var buffer = new byte[128 * 1024];
        while (true)
        {
            stall.CancelAfter(request.StallTimeout);
            var read = await content.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            if (stream.Length + read > MaxBytes)
            {
                stream.SetLength(0);
                throw Failed(address, "it is larger than any k6");
            }

            Write(stream, buffer.AsSpan(0, read));
            progress?.Report((stream.Length, total));
        }
    }

    // Apart from the network's, since both are IOExceptions and only one of them is worth a new attempt.
    private static void Write(Stream stream, ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (IOException exception)
        {
            throw new CacheWriteException(exception);
        }
    }

    private static bool IsFinal(HttpStatusCode? status) =>
        status is not null and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests) && (int)status < 500;

    private static string Reason(HttpRequestException exception) => exception.StatusCode switch
    {
        null => exception.Message,
        // .NET follows redirections, but neither endless ones nor those from https to http.
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
            $"the server answers {(int)exception.StatusCode} and redirects to where this download does not follow (from https to http, or in a circle)",
        HttpStatusCode.NotFound => "the server answers 404, there is no such file",
        { } status => $"the server answers {(int)status} {status}",
    };

    private static LoadTestException Failed(Uri address, string reason) => new(Rules.K6DownloadFailed.At(
        null,
        $"{address.GetLeftPart(UriPartial.Path)} cannot be downloaded: {reason}. A proxy is taken from HTTPS_PROXY and HTTP_PROXY; a mirror, or a file that you have, is named with -p:K6DownloadUrl=…"));
}

/// <summary>The cache cannot be written: no space, or not allowed.</summary>
internal sealed class CacheWriteException(IOException inner) : Exception(inner.Message, inner);
