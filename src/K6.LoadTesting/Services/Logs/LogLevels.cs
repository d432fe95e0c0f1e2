using System.Text.RegularExpressions;

namespace K6.LoadTesting.Services.Logs;

/// <summary>How bad a line of a log is.</summary>
internal enum LogLevel
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>An error, or worse.</summary>
    Error,
}

/// <summary>
/// Tells the level of a line in the formats that services print: Microsoft.Extensions.Logging (simple, systemd, JSON), Serilog (text and compact JSON), and a
/// level as a word of capitals near the start, which most others have.
/// </summary>
internal static partial class LogLevels
{
    // The level stands near the start; what comes later is the message, which may speak of errors.
    private const int Head = 160;

    /// <summary>The level of a line.</summary>
    public static LogLevel Of(string line)
    {
        var match = Level().Match(line, 0, Math.Min(line.Length, Head));
        return !match.Success ? LogLevel.Other : match.Groups["error"].Success ? LogLevel.Error : LogLevel.Warning;
    }

    [GeneratedRegex(
        """
        ^(?:(?<error>(?:fail|crit):\s|<[0-3]>|Unhandled\ exception\b)|(?:warn:\s|<4>))
        |"(?:LogLevel|@l|level|severity)"\s*:\s*"(?:(?<error>error|critical|fatal|err|crit)|warn(?:ing)?)"
        |\b(?:(?<error>(?-i:ERROR|FATAL|CRITICAL|ERR|FTL))|(?-i:WARNING|WARN|WRN))\b
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Level();
}
