using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Shop.Api;

/// <summary>Trouble on demand: the section <c>Shop</c> of the configuration.</summary>
public sealed class FaultOptions
{
    /// <summary>The section's name: <c>--Shop:Latency 50</c>, or <c>Shop__Latency=50</c> in the environment.</summary>
    public const string Section = "Shop";

    /// <summary>The longest delay that can be asked for, in milliseconds.</summary>
    public const int MaxDelay = 60_000;

    /// <summary>The most memory that a request can be made to take, in kB.</summary>
    public const int MaxMemory = 100_000;

    /// <summary>How long every request waits, in milliseconds.</summary>
    [Range(0, MaxDelay, ErrorMessage = "Shop:Latency is a number of milliseconds from {1} to {2}.")]
    public int Latency { get; set; }

    /// <summary>Up to how much longer a request waits, in milliseconds, evenly spread.</summary>
    [Range(0, MaxDelay, ErrorMessage = "Shop:LatencyJitter is a number of milliseconds from {1} to {2}.")]
    public int LatencyJitter { get; set; }

    /// <summary>The share of requests that is answered with 503, from 0 to 1.</summary>
    [Range(0.0, 1.0, ErrorMessage = "Shop:FailureRate is a share from {1} to {2}, for example 0.05.")]
    public double FailureRate { get; set; }

    /// <summary>
    /// Whether a request may ask for its own trouble: <c>X-Shop-Delay</c> or <c>?delay=</c> in milliseconds,
    /// <c>X-Shop-Fail</c> or <c>?fail=</c> with the status to answer.
    /// </summary>
    public bool Faults { get; set; }

    /// <summary>How much memory each request keeps for ever, in kB: a leak.</summary>
    [Range(0, MaxMemory, ErrorMessage = "Shop:Leak is a number of kB from {1} to {2}.")]
    public int Leak { get; set; }

    /// <summary>How much memory each request allocates and drops, in kB.</summary>
    [Range(0, MaxMemory, ErrorMessage = "Shop:Allocate is a number of kB from {1} to {2}.")]
    public int Allocate { get; set; }

    /// <summary>How long each request keeps ten threads of the pool for each processor waiting, in milliseconds: with a few users nobody gets a thread any more.</summary>
    [Range(0, MaxDelay, ErrorMessage = "Shop:Block is a number of milliseconds from {1} to {2}.")]
    public int Block { get; set; }

    /// <summary>Whether nothing at all is asked for.</summary>
    internal bool AreNone => this is { Latency: 0, LatencyJitter: 0, FailureRate: 0, Faults: false, Leak: 0, Allocate: 0, Block: 0 };
}

/// <summary>Delays and fails requests as <see cref="FaultOptions"/> says, but never <c>/health</c> and <c>/openapi</c>.</summary>
internal sealed class Faults(RequestDelegate next, FaultOptions options, IHostApplicationLifetime lifetime)
{
    // The n-th multiples of these, without their whole part, are spread evenly over 0 to 1 in a scattered order:
    // the same faults in every run, and as many as were asked for, whatever the order of requests.
    private const double GoldenRatio = 0.6180339887498949;
    private const double SquareRootOfTwo = 0.4142135623730950;

    private readonly Lock gate = new();
    private readonly List<byte[]> leaked = [];
    private long requests;

    public async Task InvokeAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref requests);
        Burden();
        var delay = options.Latency + (Spread(number, SquareRootOfTwo) * options.LatencyJitter);
        var status = Spread(number, GoldenRatio) < options.FailureRate
            ? StatusCodes.Status503ServiceUnavailable
            : (int?)null;

        if (options.Faults)
        {
            if (!TryRead(context, "delay", "X-Shop-Delay", 0, FaultOptions.MaxDelay, out var ownDelay)
                || !TryRead(context, "fail", "X-Shop-Fail", 400, 599, out var ownStatus))
            {
                await TypedResults.Problem(
                    $"A delay is 0 to {FaultOptions.MaxDelay} (ms), a failure is a status from 400 to 599.",
                    statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
                return;
            }

            delay = ownDelay ?? delay;
            status = ownStatus ?? status;
        }

        if (delay > 0)
        {
            await DelayAsync(TimeSpan.FromMilliseconds(delay), context.RequestAborted);
        }

        if (status is { } failure)
        {
            await TypedResults.Problem("This failure was asked for.", statusCode: failure).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private void Burden()
    {
        if (options.Allocate > 0)
        {
            GC.KeepAlive(Memory(options.Allocate));
        }

        if (options.Leak > 0)
        {
            lock (gate)
            {
                leaked.Add(Memory(options.Leak));
            }
        }

        for (var i = 0; i < 10 * Environment.ProcessorCount && options.Block > 0; i++)
        {
            ThreadPool.QueueUserWorkItem(_ => Thread.Sleep(options.Block));
        }

        // Written to, or the system would not have to give it.
        static byte[] Memory(int kilobytes)
        {
            var memory = new byte[kilobytes * 1000];
            Array.Fill(memory, (byte)1);
            return memory;
        }
    }

    private static double Spread(long number, double step) => number * step % 1;

    private static bool TryRead(HttpContext context, string query, string header, int min, int max, out int? value)
    {
        value = null;
        var text = context.Request.Headers[header].FirstOrDefault() ?? context.Request.Query[query].FirstOrDefault();
        if (text is null)
        {
            return true;
        }

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        value = number;
        return isNumber && number >= min && number <= max;
    }

    /// <summary>Waits, but no longer than the client does and not past the order to stop.</summary>
    private async Task DelayAsync(TimeSpan delay, CancellationToken aborted)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        await Task.Delay(delay, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>Adds <see cref="Faults"/> to the application.</summary>
internal static class FaultsExtensions
{
    public static void UseFaults(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<FaultOptions>>().Value;
        if (options.AreNone)
        {
            return;
        }

        app.UseWhen(
            context => !context.Request.Path.StartsWithSegments("/health")
                && !context.Request.Path.StartsWithSegments("/openapi"),
            branch => branch.UseMiddleware<Faults>(options));
    }
}
