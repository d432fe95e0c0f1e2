using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting;

/// <summary>
/// A limit that a run has to hold, such as <c>Threshold.On("http_req_duration").Percentile(95).Below("500ms")</c> or
/// <c>Threshold.Parse("http_req_duration: p(95)&lt;500")</c>. It is read by the same code as a <c>K6Threshold</c> item, and refused where that would be.
/// </summary>
public sealed class Threshold
{
    internal Threshold(string metric, IReadOnlyDictionary<string, string> metadata)
    {
        Metric = metric;
        Metadata = metadata;
        Check();
    }

    /// <summary>Metric or submetric, such as <c>http_req_duration{name:login}</c>.</summary>
    public string Metric { get; }

    /// <summary>What the item would have: <c>Statistic</c> and a limit, or <c>Expression</c>, and more.</summary>
    internal IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Starts a limit on a metric.</summary>
    /// <param name="metric">One of k6's, one of a script, or of a service; with tags in braces or by <see cref="ThresholdSubject.Tagged"/>.</param>
    public static ThresholdSubject On(string metric) => new(metric, null);

    /// <summary>Reads a limit in k6's words.</summary>
    /// <param name="text">Metric, colon, expression: <c>http_req_duration{name:login}: p(95)&lt;500</c>. Times in ms, rates from 0 to 1.</param>
    /// <exception cref="FormatException">It is not one; the message says what is wrong and what to do.</exception>
    public static Threshold Parse(string text) =>
        TryParse(text, out var threshold, out var error) ? threshold! : throw new FormatException(error);

    /// <summary>Reads a limit in k6's words, if it is one.</summary>
    /// <param name="text">Metric, colon, expression.</param>
    /// <param name="threshold">The limit; null when it is none.</param>
    /// <param name="error">What is wrong and what to do; null when nothing is.</param>
    public static bool TryParse(string text, out Threshold? threshold, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        (threshold, error) = (null, null);
        // The last one: tags and services have colons too, expressions have none.
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text[colon..].Contains('}'))
        {
            error = $"'{text}' is not a metric, a colon and an expression; write it as http_req_duration: p(95)<500.";
            return false;
        }

        try
        {
            threshold = new Threshold(text[..colon].Trim(), new Dictionary<string, string> { ["Expression"] = text[(colon + 1)..].Trim() });
            return true;
        }
        catch (ArgumentException refused)
        {
            error = refused.Message;
            return false;
        }
    }

    /// <summary>The same, reported without failing the run.</summary>
    public Threshold AsWarning() => With("Severity", "warning");

    /// <summary>The same; the run stops when it is crossed.</summary>
    /// <param name="delay">Time before that, a k6 duration such as <c>10s</c>; null for at once.</param>
    public Threshold AbortingOnFail(string? delay = null)
    {
        var aborting = With("AbortOnFail", "true");
        return delay is null ? aborting : aborting.With("DelayAbortEval", delay);
    }

    /// <summary>The same under another name in reports; it should not contain the limit, so that history survives a tuned one.</summary>
    /// <param name="name">The name.</param>
    public Threshold Named(string name) => With("Name", name);

    /// <summary>The same with words of yours for a breach.</summary>
    /// <param name="message">What to tell.</param>
    public Threshold WithMessage(string message) => With("Message", message);

    /// <inheritdoc />
    public override string ToString() => Plan is { } plan ? $"{plan.Metric}: {plan.Expression}" : Metric;

    private ThresholdPlan? Plan => Read([]);

    private Threshold With(string name, string value) => new(Metric, new Dictionary<string, string>(Metadata) { [name] = value });

    private void Check()
    {
        var diagnostics = new List<Diagnostic>();
        Read(diagnostics);
        if (diagnostics.Find(one => one.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw new ArgumentException(error.Message);
        }
    }

    // Services and scenarios are known when the plan is made; here each that is named counts as known.
    private ThresholdPlan? Read(List<Diagnostic> diagnostics)
    {
        var place = new SourceLocation(Metric, 0, 0);
        var project = new ProjectDeclaration { File = Path.GetFullPath("threshold"), Items = [new ItemDeclaration("K6Threshold", Metric, place) { Metadata = Metadata }] };
        ServicePlan[] services = ServiceMetrics.Parse(Metric) is var (service, _) ? [new ServicePlan { Name = service, Location = place }] : [];
        return ThresholdReader.Read(project, [], services, diagnostics) is [var read] ? read.Plan : null;
    }
}

/// <summary>What a <see cref="Threshold"/> limits: a metric, and one of its statistics.</summary>
public sealed class ThresholdSubject
{
    private readonly string _metric;
    private readonly string? _statistic;

    internal ThresholdSubject(string metric, string? statistic)
    {
        _metric = metric;
        _statistic = statistic;
    }

    /// <summary>The mean.</summary>
    public ThresholdSubject Average() => new(_metric, "avg");

    /// <summary>The smallest value.</summary>
    public ThresholdSubject Minimum() => new(_metric, "min");

    /// <summary>The median.</summary>
    public ThresholdSubject Median() => new(_metric, "med");

    /// <summary>The largest value.</summary>
    public ThresholdSubject Maximum() => new(_metric, "max");

    /// <summary>A percentile.</summary>
    /// <param name="percent">0 to 100.</param>
    public ThresholdSubject Percentile(double percent) => new(_metric, string.Create(CultureInfo.InvariantCulture, $"p({percent})"));

    /// <summary>The sum of a counter.</summary>
    public ThresholdSubject Count() => new(_metric, "count");

    /// <summary>The rate: per second for a counter, a share from 0 to 1 for a rate.</summary>
    public ThresholdSubject Rate() => new(_metric, "rate");

    /// <summary>The last value of a gauge.</summary>
    public ThresholdSubject Value() => new(_metric, "value");

    /// <summary>Only samples with a tag.</summary>
    /// <param name="key">Its key, such as <c>name</c>.</param>
    /// <param name="value">Its value.</param>
    public ThresholdSubject Tagged(string key, string value) =>
        new(MetricSelector.TryParse(_metric, out var error)?.With(key, value).ToString() ?? throw new ArgumentException(error), _statistic);

    /// <summary>It has to be less.</summary>
    /// <param name="limit">A number with a unit (<c>500ms</c>, <c>1%</c>, <c>100/s</c>, <c>5MB</c>), or without one in k6's: ms, bytes, fraction of 1.</param>
    /// <exception cref="ArgumentException">The limit is none, or does not fit the metric; the message says why.</exception>
    public Threshold Below(string limit) => Limit("Below", limit);

    /// <summary>It has to be less or equal.</summary>
    /// <inheritdoc cref="Below(string)" />
    public Threshold AtMost(string limit) => Limit("AtMost", limit);

    /// <summary>It has to be more.</summary>
    /// <inheritdoc cref="Below(string)" />
    public Threshold Above(string limit) => Limit("Above", limit);

    /// <summary>It has to be more or equal.</summary>
    /// <inheritdoc cref="Below(string)" />
    public Threshold AtLeast(string limit) => Limit("AtLeast", limit);

    /// <summary>It has to be less.</summary>
    /// <param name="limit">In k6's unit: ms, bytes, fraction of 1, per second, or a plain number.</param>
    /// <exception cref="ArgumentException">The limit does not fit the metric.</exception>
    public Threshold Below(double limit) => Limit("Below", Text(limit));

    /// <summary>It has to be less or equal.</summary>
    /// <inheritdoc cref="Below(double)" />
    public Threshold AtMost(double limit) => Limit("AtMost", Text(limit));

    /// <summary>It has to be more.</summary>
    /// <inheritdoc cref="Below(double)" />
    public Threshold Above(double limit) => Limit("Above", Text(limit));

    /// <summary>It has to be more or equal.</summary>
    /// <inheritdoc cref="Below(double)" />
    public Threshold AtLeast(double limit) => Limit("AtLeast", Text(limit));

    /// <summary>It has to take less time.</summary>
    /// <param name="limit">More than zero.</param>
    /// <exception cref="ArgumentException">The metric is no time.</exception>
    public Threshold Below(TimeSpan limit) => Limit("Below", Text(limit.TotalMilliseconds) + "ms");

    private static string Text(double limit) => limit.ToString("R", CultureInfo.InvariantCulture);

    private Threshold Limit(string comparison, string limit)
    {
        var metadata = new Dictionary<string, string> { [comparison] = limit };
        if (_statistic is not null)
        {
            metadata["Statistic"] = _statistic;
        }

        return new Threshold(_metric, metadata);
    }
}
