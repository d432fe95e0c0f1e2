using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using K6.Embedded.Execution;

namespace K6.Embedded.Http;

/// <summary>Why a request got no answer: k6's number and words.</summary>
/// <param name="Code">k6's <c>error_code</c>.</param>
/// <param name="Message">k6's <c>error</c>, short and without values, because it is a tag.</param>
internal sealed partial record HttpFailure(int Code, string Message)
{
    /// <summary>What k6 writes to the log; null for <see cref="Message"/>.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether the log's text stands alone, without method and URL: k6 does so for bodies.</summary>
    public bool IsOfBody { get; init; }

    /// <summary>The time ran out.</summary>
    public static HttpFailure Timeout { get; } = new(1050, "request timeout");

    /// <summary>Finds the number and the words for what the HTTP client threw.</summary>
    public static HttpFailure Of(Exception exception)
    {
        HttpFailure? io = null;
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case DialException dial:
                    return dial.Failure;
                case SocketException socket:
                    return OfSocket(socket);
                case InvalidDataException data:
                    return new HttpFailure(1701, $"error decompressing response body ({data.Message})") { IsOfBody = true };
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    io ??= new HttpFailure(1000, "EOF");
                    break;
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    io = Malformed(e.Message);
                    break;
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    io = new HttpFailure(1000, "net/http: server response headers exceeded the limit");
                    break;
                case HttpProtocolException protocol:
                    return new HttpFailure(1600, $"http2: {protocol.Message}");
                case System.Security.Authentication.AuthenticationException authentication:
                    io = authentication.Message.StartsWith("Cannot determine the frame size", StringComparison.Ordinal)
                        ? new HttpFailure(1301, "tls: first record does not look like a TLS handshake") { Detail = "http: server gave HTTP response to HTTPS client" }
                        : new HttpFailure(1300, $"tls: {authentication.Message}");
                    break;
                default:
                    break;
            }
        }

        return io ?? new HttpFailure(1000, exception.InnerException?.Message ?? exception.Message);
    }

    /// <summary>The words for a certificate that is not accepted; k6's codes 1310 to 1312.</summary>
    public static HttpFailure OfCertificate(SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? new HttpFailure(1311, "x509: certificate doesn't match hostname")
            : new HttpFailure(1310, "x509: unknown authority") { Detail = "tls: failed to verify certificate: x509: certificate signed by unknown authority" };

    /// <summary>The connection ended inside of a body.</summary>
    public static HttpFailure UnexpectedEnd { get; } = new(1000, "unexpected EOF") { IsOfBody = true };

    [GeneratedRegex("'(.*)'", RegexOptions.Singleline)]
    private static partial Regex QuotedPart { get; }

    private static HttpFailure Malformed(string message)
    {
        var text = QuotedPart.Match(message) is { Success: true } match
            ? $"malformed HTTP response {GoText.Quote(match.Groups[1].Value)}"
            : $"malformed HTTP response: {message}";
        return new HttpFailure(1000, text) { Detail = $"net/http: HTTP/1.x transport connection broken: {text}" };
    }

    internal static HttpFailure OfSocket(SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new HttpFailure(1212, "dial: connection refused"),
        SocketError.TimedOut => new HttpFailure(1211, "dial: i/o timeout"),
        SocketError.ConnectionReset or SocketError.ConnectionAborted => new HttpFailure(1220, "read: connection reset by peer"),
        SocketError.Shutdown => new HttpFailure(1221, "write: broken pipe"),
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => new HttpFailure(1101, "lookup: no such host"),
        SocketError.NetworkUnreachable => new HttpFailure(1210, "dial: network is unreachable"),
        SocketError.HostUnreachable => new HttpFailure(1210, "dial: no route to host"),
        _ => new HttpFailure(1200, socket.Message),
    };
}

/// <summary>A connection that cannot be made, with k6's number and words.</summary>
internal sealed class DialException(HttpFailure failure) : IOException(failure.Message)
{
    /// <summary>Why.</summary>
    public HttpFailure Failure { get; } = failure;
}
