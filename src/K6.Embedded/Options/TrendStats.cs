using K6.Embedded.Metrics;

namespace K6.Embedded.Options;

/// <summary>The statistics that the summary gives of trends.</summary>
internal static class TrendStats
{
    /// <summary>k6's own choice.</summary>
    public static IReadOnlyList<string> Default { get; } = ["avg", "min", "med", "max", "p(90)", "p(95)"];

    /// <summary>Checks the names.</summary>
    /// <exception cref="OptionsException">A name is unknown; k6's message, exit code 255.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> stats)
    {
        foreach (var stat in stats)
        {
            _ = Parse(stat);
        }

        return stats;
    }

    /// <summary>A name as method and percentile for <see cref="Sink.Statistic"/>.</summary>
    /// <exception cref="OptionsException">The name is unknown.</exception>
    public static (string Method, double Percentile) Parse(string stat)
    {
        if (stat is "avg" or "min" or "med" or "max" or "count")
        {
            return (stat, 0);
        }

        if (stat.StartsWith("p(", StringComparison.Ordinal) && stat.EndsWith(')'))
        {
            return GoNumber.TryParse(stat[2..^1], out var percentile) && percentile is >= 0 and <= 100
                ? ("p", percentile)
                : throw new OptionsException($"invalid percentile trend stat value '{stat}', provide a number between 0 and 100", Cli.ExitCodes.Unspecified);
        }

        throw new OptionsException($"invalid trend stat '{stat}', unknown format", Cli.ExitCodes.Unspecified);
    }
}
