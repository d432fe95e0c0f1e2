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

    /// <summary>The same on a part of the load.</summary>
    /// <param name="window"><c>30s..</c> (from second 30 on), <c>30s..2m</c>, <c>..1m</c> or <c>last 30s</c>.</param>
    /// <exception cref="ArgumentException">It is no part of a load, or the limit cannot be judged there; the message says why.</exception>
    public Threshold In(string window) => With("Window", window);

    /// <summary>The same, crossed only when it is broken for that long without a break.</summary>
    /// <param name="duration">One second or more.</param>
    /// <exception cref="ArgumentException">It is shorter, or the limit has no sides.</exception>
    public Threshold For(TimeSpan duration) => With("For", K6Duration.Format(duration));

    /// <summary>The same for each value of a tag.</summary>
    /// <param name="tag">Its key, such as <c>name</c>.</param>
    /// <exception cref="ArgumentException">The tag has a value for nearly every request, or the metric has one value of it already.</exception>
    public Threshold ForEach(string tag) => With("ForEach", tag);

    /// <summary>The same, where missing the limit by no more than this is a warning.</summary>
    /// <param name="share">Share of the limit, above 0 and up to 1.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public Threshold WithMargin(double share) => With("Margin", share.ToString("R", CultureInfo.InvariantCulture));

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
    private readonly string? _per;

    internal ThresholdSubject(string metric, string? statistic, string? per = null)
    {
        _metric = metric;
        _statistic = statistic;
        _per = per;
    }

    /// <summary>The mean.</summary>
    public ThresholdSubject Average() => new(_metric, "avg", _per);

    /// <summary>The smallest value.</summary>
    public ThresholdSubject Minimum() => new(_metric, "min", _per);

    /// <summary>The median.</summary>
    public ThresholdSubject Median() => new(_metric, "med", _per);

    /// <summary>The largest value.</summary>
    public ThresholdSubject Maximum() => new(_metric, "max", _per);

    /// <summary>A percentile.</summary>
    /// <param name="percent">0 to 100.</param>
    public ThresholdSubject Percentile(double percent) => new(_metric, string.Create(CultureInfo.InvariantCulture, $"p({percent})"), _per);

    /// <summary>The sum of a counter.</summary>
    public ThresholdSubject Count() => new(_metric, "count", _per);

    /// <summary>The rate: per second for a counter, a share from 0 to 1 for a rate.</summary>
    public ThresholdSubject Rate() => new(_metric, "rate", _per);

    /// <summary>The last value of a gauge.</summary>
    public ThresholdSubject Value() => new(_metric, "value", _per);

    /// <summary>Only samples with a tag.</summary>
    /// <param name="key">Its key, such as <c>name</c>.</param>
    /// <param name="value">Its value.</param>
    public ThresholdSubject Tagged(string key, string value) =>
        new(MetricSelector.TryParse(_metric, out var error)?.With(key, value).ToString() ?? throw new ArgumentException(error), _statistic, _per);

    /// <summary>Divided by the same statistic of another metric: errors per request, the percentile of one endpoint per that of another.</summary>
    /// <param name="metric">The other metric or submetric.</param>
    public ThresholdSubject Per(string metric) => new(_metric, _statistic, metric);

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

        if (_per is not null)
        {
            metadata["Per"] = _per;
        }

        return new Threshold(_metric, metadata);
    }
}
