using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using K6.Embedded.Execution;

namespace K6.Embedded.Http;

/// <summary>Prints what is sent and received: k6's <c>httpDebug</c>, with the bodies when it is <c>full</c>.</summary>
internal sealed class HttpDebugLog(VuContext context, bool withBodies)
{
    /// <summary>The log that the options ask for; null for none.</summary>
    public static HttpDebugLog? Of(VuContext context, string? httpDebug) =>
        string.IsNullOrEmpty(httpDebug) ? null : new HttpDebugLog(context, httpDebug == "full");

    /// <summary>A request that is about to be sent.</summary>
    /// <returns>The id that its answer is logged with.</returns>
    public string Sent(HttpRequestMessage message, byte[]? body)
    {
        var id = Guid.NewGuid().ToString();
        var address = message.RequestUri!;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{message.Method} {address.PathAndQuery} HTTP/{message.Version.Major}.{message.Version.Minor}\n");
        text.Append(CultureInfo.InvariantCulture, $"Host: {message.Headers.Host ?? address.Authority}\n");
        Headers(text, message.Headers, "Host");
        if (body is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\n");
            Headers(text, message.Content!.Headers, "Content-Length");
        }

        Write("Request", text, body, id);
        return id;
    }

    /// <summary>An answer, or that there was none.</summary>
    public void Received(HttpResult result, string id)
    {
        var text = new StringBuilder();
        if (result.Message is { } message)
        {
            text.Append(CultureInfo.InvariantCulture, $"{result.Proto} {result.StatusText}\n");
            Headers(text, message.Headers, "");
            Headers(text, message.Content.Headers, "");
        }
        else
        {
            text.Append(result.Error).Append('\n');
        }

        Write("Response", text, result.Body, id);
    }

    private static void Headers(StringBuilder text, HttpHeaders headers, string except)
    {
        foreach (var (name, values) in headers.NonValidated.Where(header => header.Key != except))
        {
            foreach (var value in values)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
            }
        }
    }

    private void Write(string kind, StringBuilder text, byte[]? body, string id)
    {
        text.Append('\n');
        if (withBodies && body is { Length: > 0 })
        {
            text.Append(Encoding.UTF8.GetString(body)).Append('\n');
        }

        var message = $"{kind}:\n{text}";
        if (context.Scenario is { } scenario)
        {
            context.Test.Log.Info(
                message, ("group", context.Group.Path), ("iter", context.IterationInInstance), ("request_id", id), ("scenario", scenario.Name), ("source", "http-debug"), ("vu", context.IdInInstance));
        }
        else
        {
            context.Test.Log.Info(message, ("request_id", id), ("source", "http-debug"));
        }
    }
}
