using System.Globalization;
using K6.Embedded.Execution;
using K6.Embedded.Options;

namespace K6.Embedded.Metrics;

/// <summary>A parsed threshold: <c>p(95)&lt;500</c>.</summary>
internal sealed class Threshold
{
    private static readonly string[] Operators = ["<=", "<", ">=", ">", "===", "==", "!="];

    private readonly string operation;

    private Threshold(ThresholdOptions source, string method, double percentile, string operation, double limit)
    {
        Source = source;
        Method = method;
        Percentile = percentile;
        this.operation = operation;
        Limit = limit;
    }

    /// <summary>The threshold as written.</summary>
    public ThresholdOptions Source { get; }

    /// <summary><c>avg</c>, <c>p</c>, <c>rate</c> and so on.</summary>
    public string Method { get; }

    /// <summary>For <see cref="Method"/> <c>p</c>: 0 to 100.</summary>
    public double Percentile { get; }

    /// <summary>The limit, in the metric's unit.</summary>
    public double Limit { get; }

    /// <summary>The method as k6's summary writes it: <c>p(95)</c>.</summary>
    public string MethodText => Method == "p" ? $"p({Percentile.ToString(CultureInfo.InvariantCulture)})" : Method;

    /// <summary>Whether the last evaluation failed.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="OptionsException">With k6's message.</exception>
    public static Threshold Parse(ThresholdOptions source)
    {
        var expression = source.Expression;
        foreach (var operation in Operators)
        {
            var index = expression.IndexOf(operation, StringComparison.Ordinal);
            if (index < 0)
            {
                continue;
            }

            var (method, percentile) = ParseMethod(expression, expression[..index].Trim());
            var right = expression[(index + operation.Length)..].Trim();
            return GoNumber.TryParse(right, out var limit)
                ? new Threshold(source, method, percentile, operation, limit)
                : throw new OptionsException($"failed parsing threshold expresion's {GoText.Quote(expression)} right hand side; reason: strconv.ParseFloat: parsing {GoText.Quote(right)}: invalid syntax");
        }

        throw new OptionsException($"failed parsing threshold expression {GoText.Quote(expression)}; reason: malformed threshold expression");
    }

    /// <summary>Whether the value keeps the limit.</summary>
    public bool Holds(double value) => operation switch
    {
        "<=" => value <= Limit,
        "<" => value < Limit,
        ">=" => value >= Limit,
        ">" => value > Limit,
        "!=" => value != Limit,
        _ => value == Limit,
    };

    /// <summary>Whether a metric of that type has the method.</summary>
    /// <exception cref="OptionsException">With k6's message.</exception>
    public void CheckMethod(string metricName, MetricType type)
    {
        string[] supported = type switch
        {
            MetricType.Counter => ["count", "rate"],
            MetricType.Gauge => ["value"],
            MetricType.Rate => ["rate"],
            _ => ["avg", "min", "max", "med", "p"],
        };
        if (!supported.Contains(Method))
        {
            throw new OptionsException(
                $"invalid threshold {GoText.Quote(Source.Expression)} applied on metric {metricName}; reason: unsupported aggregation method {Method} on metric of type {type.Name()}. supported aggregation methods for this metric are: {string.Join(", ", supported)}");
        }
    }

    private static (string Method, double Percentile) ParseMethod(string expression, string text)
    {
        if (text is "value" or "count" or "rate" or "avg" or "min" or "med" or "max")
        {
            return (text, 0);
        }

        var prefix = $"failed parsing threshold expression's {GoText.Quote(expression)} left hand side; reason: ";
        if (text == "p")
        {
            return ("p", 0);
        }

        if (!text.StartsWith("p(", StringComparison.Ordinal) || !text.EndsWith(')'))
        {
            throw new OptionsException(prefix + "failed parsing method from expression");
        }

        var number = text[2..^1];
        if (!GoNumber.TryParse(number, out var percentile))
        {
            throw new OptionsException(prefix + $"malformed percentile value; reason: strconv.ParseFloat: parsing {GoText.Quote(number)}: invalid syntax");
        }

        return percentile is >= 0 and <= 100
            ? ("p", percentile)
            : throw new OptionsException(prefix + "malformed percentile value, provide a number between 0 and 100");
    }
}

/// <summary>Numbers as k6's thresholds write them.</summary>
internal static class GoNumber
{
    /// <summary>Reads a decimal number: signs, exponents, <c>Inf</c>, <c>NaN</c> and <c>1_000</c>; no blanks.</summary>
    public static bool TryParse(string text, out double value)
    {
        var bare = text.TrimStart('+', '-');
        var sign = text.StartsWith('-') ? -1 : 1;
        if (text.Length - bare.Length <= 1)
        {
            switch (bare.ToLowerInvariant())
            {
                case "inf" or "infinity":
                    value = sign * double.PositiveInfinity;
                    return true;
                case "nan":
                    value = double.NaN;
                    return true;
            }
        }

        value = 0;
        return text.Length > 0
            && text.All(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '+' or '-' or '_')
            && !text.StartsWith('_') && !text.EndsWith('_')
            && double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
