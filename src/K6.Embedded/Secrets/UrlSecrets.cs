using System.Text.Json;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using K6.Embedded.Cli;
using K6.Embedded.Modules;

namespace K6.Embedded.Secrets;

/// <summary>Secrets that a server answers with: <c>url=urlTemplate=https://…/{key}</c>. Settings are k6's: https://grafana.com/docs/k6/latest/using-k6/secret-source/url/</summary>
#pragma warning disable CA1001 // It lives as long as the process.
internal sealed class UrlSecrets : ISecretSource
#pragma warning restore CA1001
{
    private static readonly SocketsHttpHandler Connections = new();

    private readonly HttpClient client;
    private readonly UrlSecretSettings settings;
    private readonly Lock gate = new();
    private DateTime next = DateTime.MinValue;

    private UrlSecrets(UrlSecretSettings settings)
    {
        this.settings = settings;
        client = new HttpClient(Connections, disposeHandler: false) { Timeout = settings.Timeout };
    }

    /// <summary>Reads the settings: the environment, then a file, then the command line.</summary>
    public static UrlSecrets Open(EngineHost host, IReadOnlyList<string> inline) => new(UrlSecretSettings.Read(host, inline));

    /// <inheritdoc/>
    public async Task<string> GetAsync(string key, CancellationToken interrupt)
    {
        var url = settings.UrlTemplate.Replace("{key}", Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal), StringComparison.Ordinal);
        for (var attempt = 0; ; attempt++)
        {
            await WaitForTurn(interrupt).ConfigureAwait(false);
            var (text, problem, mayRetry) = await Try(url, interrupt).ConfigureAwait(false);
            if (problem is null)
            {
                return Extract(text!);
            }

            if (!mayRetry || attempt == settings.MaxRetries)
            {
                throw new SecretException(problem);
            }

            var wait = (settings.RetryBackoff * Math.Pow(2, attempt)) + TimeSpan.FromSeconds(Random.Shared.NextDouble());
            await Task.Delay(wait, interrupt).ConfigureAwait(false);
        }
    }

    private async Task<(string? Text, string? Problem, bool MayRetry)> Try(string url, CancellationToken interrupt)
    {
        try
        {
            using var request = Request(url);
            using var response = await client.SendAsync(request, interrupt).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            return status is >= 200 and < 300
                ? (await response.Content.ReadAsStringAsync(interrupt).ConfigureAwait(false), null, false)
                : (null, $"status code {status}: failed to get secret", status >= 500 || status == 429);
        }
        catch (HttpRequestException e)
        {
            var failure = Http.HttpFailure.Of(e);
            var address = new Uri(url);
            var words = failure.Code == 1212 ? $"dial tcp {address.Host}:{address.Port}: connect: connection refused" : failure.Detail ?? failure.Message;
            return (null, $"failed to get secret: {GoMethod()} \"{url}\": {words}", true);
        }
        catch (TaskCanceledException) when (!interrupt.IsCancellationRequested)
        {
            return (null, $"failed to get secret: {GoMethod()} \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)", true);
        }
    }

    private HttpRequestMessage Request(string url)
    {
        HttpMethod method;
        try
        {
            method = new HttpMethod(settings.Method);
        }
        catch (FormatException)
        {
            throw new SecretException($"failed to create request: net/http: invalid method \"{settings.Method}\"");
        }

        var request = new HttpRequestMessage(method, url);
        foreach (var (name, value) in settings.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private string GoMethod() => char.ToUpperInvariant(settings.Method[0]) + settings.Method[1..].ToLowerInvariant();

    private string Extract(string text)
    {
        var path = settings.ResponsePath;
        if (path.Length == 0)
        {
            return text;
        }

        using var engine = new Engine();
        JsValue value;
        try
        {
            value = JsonSelector.Select(engine, new JsonParser(engine).Parse(text), path);
        }
        catch (Jint.Runtime.JavaScriptException)
        {
            value = JsValue.Undefined;
        }

        if (value.IsUndefined())
        {
            throw new SecretException($"failed to extract secret: path \"{path}\" not found in response");
        }

        var kind = value.IsNumber() ? "Number" : value.IsNull() ? "Null" : value.IsBoolean() ? value.AsBoolean() ? "True" : "False" : "JSON";
        return value.IsString() ? value.AsString() : throw new SecretException($"failed to extract secret: secret value at path \"{path}\" is not a string (got {kind})");
    }

    /// <summary>At most so many requests a minute, with a burst before that.</summary>
    private Task WaitForTurn(CancellationToken interrupt)
    {
        var apart = TimeSpan.FromMinutes(1) / settings.RequestsPerMinuteLimit;
        TimeSpan wait;
        lock (gate)
        {
            var now = DateTime.UtcNow;
            var earliest = now - (apart * (settings.RequestsBurst - 1));
            next = next < earliest ? earliest : next;
            wait = next - now;
            next += apart;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, interrupt) : Task.CompletedTask;
    }
}

/// <summary>The settings of <see cref="UrlSecrets"/>.</summary>
internal sealed class UrlSecretSettings
{
    private static readonly (string Setting, string Variable)[] Variables =
    [
        ("urlTemplate", "URL_TEMPLATE"), ("method", "METHOD"), ("responsePath", "RESPONSE_PATH"), ("timeout", "TIMEOUT"), ("maxRetries", "MAX_RETRIES"),
        ("retryBackoff", "RETRY_BACKOFF"), ("requestsPerMinuteLimit", "REQUESTS_PER_MINUTE_LIMIT"), ("requestsBurst", "REQUESTS_BURST"),
    ];

    public string UrlTemplate { get; private set; } = "";

    public string Method { get; private set; } = "GET";

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string ResponsePath { get; private set; } = "";

    public TimeSpan Timeout { get; private set; } = TimeSpan.FromSeconds(30);

    public int RequestsPerMinuteLimit { get; private set; } = 300;

    public int RequestsBurst { get; private set; } = 10;

    public int MaxRetries { get; private set; } = 3;

    public TimeSpan RetryBackoff { get; private set; } = TimeSpan.FromSeconds(1);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="UsageException">They are not right.</exception>
    public static UrlSecretSettings Read(EngineHost host, IReadOnlyList<string> inline)
    {
        const string Prefix = "K6_SECRET_SOURCE_URL_";
        var result = new UrlSecretSettings();
        foreach (var (setting, variable) in Variables)
        {
            if (host.Environment.GetValueOrDefault(Prefix + variable) is { Length: > 0 } value)
            {
                result.Set(setting, value);
            }
        }

        foreach (var (name, value) in host.Environment.Where(v => v.Key.StartsWith(Prefix + "HEADER_", StringComparison.Ordinal)))
        {
            result.Headers[name[(Prefix.Length + "HEADER_".Length)..].Replace('_', '-')] = value;
        }

        var pairs = inline.Where(setting => setting.Length > 0).Select(Pair).ToList();
        foreach (var (_, path) in pairs.Where(p => p.Name == "config"))
        {
            result.SetFrom(host, path);
        }

        foreach (var (name, value) in pairs.Where(p => p.Name != "config"))
        {
            result.Set(name, value);
        }

        return result.Checked();
    }

    private static (string Name, string Value) Pair(string setting)
    {
        var pair = setting.Split('=', 2);
        return pair.Length == 2 ? (pair[0], pair[1]) : throw Bad($"invalid config format \"{setting}\", expected key=value");
    }

    private static UsageException Bad(string message) => new($"missing or invalid config: {message}");

    private static int Integer(string name, string value) =>
        int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : throw Bad($"invalid {name}: expected integer");

    private static TimeSpan Duration(string name, string value)
    {
        try
        {
            return Options.GoDuration.Parse(value);
        }
        catch (FormatException e)
        {
            throw Bad($"invalid {name}: {e.Message}");
        }
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "urlTemplate":
                UrlTemplate = value;
                break;
            case "method":
                Method = value;
                break;
            case "responsePath":
                ResponsePath = value;
                break;
            case "timeout":
                Timeout = Duration(name, value);
                break;
            case "retryBackoff":
                RetryBackoff = Duration(name, value);
                break;
            case "maxRetries":
                MaxRetries = Integer(name, value);
                break;
            case "requestsPerMinuteLimit":
                RequestsPerMinuteLimit = Integer(name, value);
                break;
            case "requestsBurst":
                RequestsBurst = Integer(name, value);
                break;
            default:
                if (!name.StartsWith("headers.", StringComparison.Ordinal))
                {
                    throw Bad($"unknown configuration key: \"{name}\"");
                }

                Headers[name["headers.".Length..]] = value;
                break;
        }
    }

    private void SetFrom(EngineHost host, string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(host.PathOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad($"failed to open config file: open {path}: {(e is UnauthorizedAccessException ? "permission denied" : "no such file or directory")}");
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (field.Name == "headers")
                {
                    foreach (var header in field.Value.EnumerateObject())
                    {
                        Headers[header.Name] = header.Value.ToString();
                    }
                }
                else if (Array.Exists(Variables, v => v.Setting == field.Name))
                {
                    Set(field.Name, field.Value.ToString());
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Bad($"failed to parse JSON config: {(text.AsSpan().TrimEnd() is "" or "{" or "[" ? "unexpected end of JSON input" : e.Message)}");
        }
    }

    private UrlSecretSettings Checked()
    {
        var problem = UrlTemplate.Length == 0 ? "urlTemplate is required"
            : !UrlTemplate.Contains("{key}", StringComparison.Ordinal) ? "urlTemplate must contain {key} placeholder"
            : !UrlTemplate.Contains("://", StringComparison.Ordinal) ? "urlTemplate must be an absolute URL with a scheme (e.g., https://...)"
            : RequestsPerMinuteLimit <= 0 ? "requestsPerMinuteLimit must be greater than 0"
            : RequestsBurst <= 0 ? "requestsBurst must be greater than 0"
            : Timeout <= TimeSpan.Zero ? "timeout must be greater than 0"
            : MaxRetries < 0 ? "maxRetries must be non-negative"
            : null;
        return problem is null ? this : throw Bad(problem);
    }
}
