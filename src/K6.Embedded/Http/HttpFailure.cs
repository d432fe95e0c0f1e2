using System.Net.Security;
using System.Net.Sockets;

namespace K6.Embedded.Http;

/// <summary>Why a request got no answer: k6's number and words.</summary>
/// <param name="Code">k6's <c>error_code</c>.</param>
/// <param name="Message">k6's <c>error</c>.</param>
internal sealed record HttpFailure(int Code, string Message)
{
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
                    return new HttpFailure(1701, $"error decompressing response body ({data.Message})");
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    io = new HttpFailure(1000, $"malformed HTTP response: {e.Message}");
                    break;
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    io ??= new HttpFailure(1000, "EOF");
                    break;
                case HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    io = new HttpFailure(1000, $"malformed HTTP response: {e.Message}");
                    break;
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    io = new HttpFailure(1000, "net/http: server response headers exceeded the limit");
                    break;
                case HttpProtocolException protocol:
                    return new HttpFailure(1600, $"http2: {protocol.Message}");
                case System.Security.Authentication.AuthenticationException authentication:
                    io = new HttpFailure(1300, $"tls: {authentication.Message}");
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
            : new HttpFailure(1310, "x509: unknown authority");

    private static HttpFailure OfSocket(SocketException socket) => socket.SocketErrorCode switch
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
