using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using K6.Embedded.Cli;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;

namespace K6.Embedded.Output;

/// <summary>The part of k6's REST interface that controls a run: status, stop, resume and metrics. Listens on the loopback interface only.</summary>
internal sealed class RestServer : IDisposable
{
    private const int MaximumRequestBytes = 64 * 1024;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private readonly TcpListener? listener;
    private readonly TestRun run;
    private volatile bool isDisposed;

    private RestServer(TcpListener? listener, TestRun run, string? failure)
    {
        this.listener = listener;
        this.run = run;
        Failure = failure;
    }

    /// <summary>Why it does not listen, in k6's words; null when it does.</summary>
    public string? Failure { get; }

    /// <summary>The port it listens on.</summary>
    public int Port => ((IPEndPoint)listener!.LocalEndpoint).Port;

    /// <summary>Listens on an address such as <c>127.0.0.1:6565</c>, <c>localhost:0</c> or <c>:6565</c>.</summary>
    /// <exception cref="UnsupportedException">The address is not this machine's loopback interface.</exception>
    public static RestServer Start(string address, TestRun run)
    {
        var colon = address.LastIndexOf(':');
        var host = colon < 0 ? address : address[..colon].Trim('[', ']');
        if (colon < 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65_535)
        {
            return new RestServer(null, run, $"listen tcp: address {address}: missing port in address");
        }

        var ip = host is "" or "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var parsed) ? parsed : null;
        if (ip is null || !IPAddress.IsLoopback(ip))
        {
            throw Unsupported.Flag("--address", $"its REST server listens on the loopback interface only, and '{host}' is not there");
        }

        var listener = new TcpListener(ip, port);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            return new RestServer(null, run, $"listen tcp {address}: bind: {(e.SocketErrorCode == SocketError.AddressAlreadyInUse ? "address already in use" : e.Message)}");
        }

        var server = new RestServer(listener, run, null);
        new Thread(server.Listen) { Name = "REST", IsBackground = true }.Start();
        return server;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        listener?.Dispose();
    }

    private void Listen()
    {
        while (!isDisposed)
        {
            try
            {
                using var client = listener!.AcceptTcpClient();
                client.ReceiveTimeout = client.SendTimeout = (int)RequestTimeout.TotalMilliseconds;
                Serve(client.GetStream());
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // A client that went away is its own business.
            }
        }
    }

    private void Serve(NetworkStream stream)
    {
        if (ReadRequest(stream) is not var (method, path, body))
        {
            return;
        }

        var (status, type, text) = Answer(method, path.Split('?')[0], body);
        var content = Encoding.UTF8.GetBytes(text);
        var reason = status switch
        {
            200 => "OK",
            404 => "Not Found",
            400 => "Bad Request",
            405 => "Method Not Allowed",
            _ => "Internal Server Error",
        };
        stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} {reason}\r\nContent-Type: {type}\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"));
        stream.Write(content);
    }

    private static (string Method, string Path, string Body)? ReadRequest(NetworkStream stream)
    {
        var buffer = new byte[MaximumRequestBytes];
        var count = 0;
        int end;
        while ((end = buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = count == buffer.Length ? 0 : stream.Read(buffer, count, buffer.Length - count);
            if (read == 0)
            {
                return null;
            }

            count += read;
        }

        var head = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        var line = head[0].Split(' ');
        var length = head.Select(h => h.Split(':', 2)).FirstOrDefault(h => h.Length == 2 && h[0].Equals("content-length", StringComparison.OrdinalIgnoreCase));
        var wanted = length is null || !int.TryParse(length[1], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var bytes) ? 0 : bytes;
        while (count < Math.Min(buffer.Length, end + 4 + wanted))
        {
            var read = stream.Read(buffer, count, buffer.Length - count);
            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return line.Length < 2 ? null : (line[0], line[1], Encoding.UTF8.GetString(buffer, end + 4, count - end - 4));
    }

    private (int Status, string Type, string Text) Answer(string method, string path, string body)
    {
        const string Json = "application/json; charset=utf-8";
        switch (method, path)
        {
            case ("GET", "/ping"):
                return (200, "text/plain; charset=utf-8", "ok");
            case ("GET", "/v1/status"):
                return (200, Json, Status());
            case ("PATCH", "/v1/status"):
                return Patch(body);
            case ("GET", "/v1/metrics"):
                return (200, Json, $"{{\"data\":[{string.Join(',', Series().Select(Describe))}]}}");
            case ("GET", _) when path.StartsWith("/v1/metrics/", StringComparison.Ordinal):
                var name = Uri.UnescapeDataString(path["/v1/metrics/".Length..]);
                var series = Series().FirstOrDefault(s => s.Name == name);
                return series is null
                    ? (404, Json, Error(404, "Not Found", "No metric with that ID was found"))
                    : (200, Json, $"{{\"data\":{Describe(series)}}}");
            default:
                return (404, "text/plain; charset=utf-8", "404 page not found\n");
        }
    }

    private (int Status, string Type, string Text) Patch(string body)
    {
        const string Json = "application/json; charset=utf-8";
        JsonElement attributes;
        try
        {
            using var document = JsonDocument.Parse(body);
            attributes = document.RootElement.GetProperty("data").GetProperty("attributes").Clone();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (400, Json, Error(400, "Invalid data", e.Message));
        }

        if (IsTrue(attributes, "stopped"))
        {
            run.Stop(ExitCodes.StoppedFromRest, "test run stopped from REST API");
            return (200, Json, Status());
        }

        if (attributes.TryGetProperty("vus", out _) || attributes.TryGetProperty("vus-max", out _))
        {
            return (500, Json, Error(500, "Execution config error", "live VU configuration updates are not supported"));
        }

        if (attributes.TryGetProperty("paused", out var paused))
        {
            if (run.Status > RunStatus.PausedBeforeRun)
            {
                var first = run.Scenarios[0].Spec;
                return (500, Json, Error(500, "Pause error", $"{first.Executor} executor '{first.Name}' doesn't support pause and resume operations after its start"));
            }

            if (paused.ValueKind == JsonValueKind.False)
            {
                run.Paused.Set();
            }
            else
            {
                run.Paused.Reset();
            }
        }

        return (200, Json, Status());
    }

    private string Status() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"data\":{{\"type\":\"status\",\"id\":\"default\",\"attributes\":{{\"status\":{(int)run.Status},\"paused\":{Bool(!run.Paused.IsSet)},\"vus\":{run.Test.ActiveVus},\"vus-max\":{run.Test.InitializedVus},\"stopped\":{Bool(run.IsStopped)},\"running\":{Bool(run.Status is RunStatus.Started or RunStatus.Setup or RunStatus.Running or RunStatus.Teardown)},\"tainted\":{Bool(run.IsTainted)}}}}}}}");

    private MetricSeries[] Series()
    {
        run.Collector.Drain();
        lock (run.Collector.Gate)
        {
            return [.. run.Collector.Series.Where(s => s.Sink.Count > 0)];
        }
    }

    private string Describe(MetricSeries series)
    {
        string[] statistics = series.Metric.Type switch
        {
            MetricType.Counter => ["count", "rate"],
            MetricType.Gauge => ["value"],
            MetricType.Rate => ["rate"],
            _ => ["avg", "max", "med", "min", "p(90)", "p(95)"],
        };
        var text = new StringBuilder("{\"type\":\"metrics\",\"id\":");
        GoText.AppendJsonString(text, series.Name);
        var tainted = series.IsTainted is { } isTainted ? Bool(isTainted) : "null";
        text.Append(CultureInfo.InvariantCulture, $",\"attributes\":{{\"type\":\"{series.Metric.Type.Name()}\",\"contains\":\"{series.Metric.Contains.Name()}\",\"tainted\":{tainted},\"sample\":{{");
        lock (run.Collector.Gate)
        {
            text.AppendJoin(',', statistics.Select(s => string.Create(
                CultureInfo.InvariantCulture,
                $"\"{s}\":{series.Sink.Statistic(s.Split('(')[0], s == "p(90)" ? 90 : 95, run.Test.RunDuration.TotalSeconds):R}")));
        }

        return text.Append("}}}").ToString();
    }

    private static bool IsTrue(JsonElement attributes, string name) =>
        attributes.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Error(int status, string title, string detail)
    {
        var text = new StringBuilder("{\"errors\":[{\"status\":\"").Append(status).Append("\",\"title\":");
        GoText.AppendJsonString(text, title);
        text.Append(",\"detail\":");
        GoText.AppendJsonString(text, detail);
        return text.Append("}]}").ToString();
    }

    private static string Bool(bool value) => value ? "true" : "false";
}
