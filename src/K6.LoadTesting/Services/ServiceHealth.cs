using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>Asks a service whether it is ready, in the way that its plan names.</summary>
internal abstract class ServiceHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What is expected, for a message: <c>http://127.0.0.1:5000/health did not answer with 2xx</c>.</summary>
    public abstract string Expectation { get; }

    /// <summary>What was seen last instead.</summary>
    public string Last { get; protected set; } = "nobody answered there";

    /// <summary>Name of the metadatum to correct.</summary>
    public abstract string Metadatum { get; }

    /// <summary>Time between two questions.</summary>
    public virtual TimeSpan Interval => TimeSpan.FromMilliseconds(100);

    /// <summary>Hears every line of the service's output.</summary>
    public virtual void Hear(ReadOnlySpan<byte> line)
    {
    }

    /// <summary>Asks once.</summary>
    public abstract Task<bool> IsReadyAsync(CancellationToken cancellationToken);

    /// <summary>The check of a plan.</summary>
    /// <param name="plan">The service.</param>
    /// <param name="url">Its address.</param>
    /// <param name="command">Its <c>HealthCommand</c>; null when it has none.</param>
    public static ServiceHealth For(ServicePlan plan, string url, ChildCommand? command) =>
        command is not null ? new CommandHealth(command)
        : plan.HealthLog is { } sign ? new LogHealth(new LogSign(sign))
        : plan.HealthPort is { } port ? new PortHealth(new Uri(url), port)
        : new PathHealth(new Uri(url + "/" + (plan.HealthPath ?? "/").TrimStart('/')));

    private sealed class PathHealth(Uri address) : ServiceHealth
    {
        // A certificate for development is good enough on this machine; elsewhere it says who answers.
        private static readonly HttpClient OnThisMachine = Create(anyCertificate: true);
        private static readonly HttpClient Elsewhere = Create(anyCertificate: false);

        public override string Expectation => $"{address} did not answer with 2xx";

        public override string Metadatum => "HealthPath";

        public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
        {
            try
            {
                using var response = await (address.IsLoopback ? OnThisMachine : Elsewhere)
                    .GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                Last = $"the last answer was {(int)response.StatusCode} {response.ReasonPhrase}";
                return response.IsSuccessStatusCode;
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Last = $"the last request got no answer within {Patience.TotalSeconds:0} s";
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError != HttpRequestError.ConnectionError)
            {
                var cause = exception.InnerException is AuthenticationException or null ? exception.InnerException?.Message ?? exception.Message : exception.Message;
                Last = $"the last request failed: {cause.TrimEnd('.')}";
            }
            catch (HttpRequestException)
            {
                // Nobody listens, or not yet.
            }

            return false;
        }

        private static HttpClient Create(bool anyCertificate)
        {
            var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
            if (anyCertificate)
            {
#pragma warning disable CA5359 // Of services on this machine, which are asked for their health only.
                handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
            }

            return new HttpClient(handler) { Timeout = Patience };
        }
    }

    private sealed class PortHealth(Uri address, string port) : ServiceHealth
    {
        private readonly int _port = port == ServicePlan.PortPlaceholder ? address.Port : int.Parse(port, CultureInfo.InvariantCulture);

        public override string Expectation => string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{_port} took no connection");

        public override string Metadatum => "HealthPort";

        public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
        {
            using var client = new TcpClient();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                await client.ConnectAsync(address.Host, _port, patience.Token).ConfigureAwait(false);
                return true;
            }
            catch (SocketException exception)
            {
                Last = exception.SocketErrorCode == SocketError.ConnectionRefused ? Last : exception.Message;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Last = $"the last connection was not made within {Patience.TotalSeconds:0} s";
            }

            return false;
        }
    }

    private sealed class LogHealth(LogSign sign) : ServiceHealth
    {
        private volatile bool _heard;

        public override string Expectation => $"no line of its output {sign}";

        public override string Metadatum => "HealthLog";

        public override void Hear(ReadOnlySpan<byte> line)
        {
            if (!_heard && sign.IsIn(Encoding.UTF8.GetString(line)))
            {
                _heard = true;
            }
        }

        public override Task<bool> IsReadyAsync(CancellationToken cancellationToken)
        {
            Last = "standard output and standard error were read";
            return Task.FromResult(_heard);
        }
    }

    private sealed class CommandHealth(ChildCommand command) : ServiceHealth
    {
        public override string Expectation => $"'{Path.GetFileName(command.Program)} {string.Join(' ', command.Arguments)}' did not exit with 0";

        public override string Metadatum => "HealthCommand";

        public override TimeSpan Interval => TimeSpan.FromMilliseconds(500);

        public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
        {
            using var output = new LineLog();
            try
            {
                var exitCode = await ChildProcess.RunAsync(command, new OutputReader(output), new OutputReader(output), Patience, cancellationToken).ConfigureAwait(false);
                Last = string.Create(CultureInfo.InvariantCulture, $"the last time it exited with {exitCode}{(output.Tail is [.., var line] ? $" ({line})" : "")}");
                return exitCode == 0;
            }
            catch (TimeoutException)
            {
                Last = $"the last time it was not over within {Patience.TotalSeconds:0} s";
                return false;
            }
        }
    }
}
