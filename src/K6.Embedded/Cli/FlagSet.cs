using System.Globalization;
using K6.Embedded.Execution;

namespace K6.Embedded.Cli;

/// <summary>A command line that cannot be used. The message is k6's; exit code 255 where nothing else is said.</summary>
internal sealed class UsageException(string message, int exitCode = ExitCodes.Unspecified) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>Flags of k6 2.2 and a parser for them.</summary>
internal sealed class FlagSet
{
    private enum Kind
    {
        Text,
        Integer,
        Duration,
        Bool,
    }

    // A class: a dictionary of reference types is in the runtime's precompiled code, others are compiled at each start.
    private sealed record Flag(char Short, Kind Kind);

    private static readonly Dictionary<string, Flag> Known = new(StringComparer.Ordinal)
    {
        ["vus"] = new('u', Kind.Integer),
        ["duration"] = new('d', Kind.Duration),
        ["iterations"] = new('i', Kind.Integer),
        ["stage"] = new('s', Kind.Text),
        ["execution-segment"] = new('\0', Kind.Text),
        ["execution-segment-sequence"] = new('\0', Kind.Text),
        ["paused"] = new('p', Kind.Bool),
        ["no-setup"] = new('\0', Kind.Bool),
        ["no-teardown"] = new('\0', Kind.Bool),
        ["max-redirects"] = new('\0', Kind.Integer),
        ["batch"] = new('\0', Kind.Integer),
        ["batch-per-host"] = new('\0', Kind.Integer),
        ["rps"] = new('\0', Kind.Integer),
        ["user-agent"] = new('\0', Kind.Text),
        ["http-debug"] = new('\0', Kind.Text),
        ["insecure-skip-tls-verify"] = new('\0', Kind.Bool),
        ["no-connection-reuse"] = new('\0', Kind.Bool),
        ["no-vu-connection-reuse"] = new('\0', Kind.Bool),
        ["min-iteration-duration"] = new('\0', Kind.Duration),
        ["throw"] = new('w', Kind.Bool),
        ["blacklist-ip"] = new('\0', Kind.Text),
        ["block-hostnames"] = new('\0', Kind.Text),
        ["summary-trend-stats"] = new('\0', Kind.Text),
        ["summary-time-unit"] = new('\0', Kind.Text),
        ["system-tags"] = new('\0', Kind.Text),
        ["tag"] = new('\0', Kind.Text),
        ["console-output"] = new('\0', Kind.Text),
        ["discard-response-bodies"] = new('\0', Kind.Bool),
        ["local-ips"] = new('\0', Kind.Text),
        ["dns"] = new('\0', Kind.Text),
        ["include-system-env-vars"] = new('\0', Kind.Bool),
        ["compatibility-mode"] = new('\0', Kind.Text),
        ["type"] = new('t', Kind.Text),
        ["env"] = new('e', Kind.Text),
        ["no-thresholds"] = new('\0', Kind.Bool),
        ["summary-mode"] = new('\0', Kind.Text),
        ["summary-export"] = new('\0', Kind.Text),
        ["new-machine-readable-summary"] = new('\0', Kind.Bool),
        ["traces-output"] = new('\0', Kind.Text),
        ["out"] = new('o', Kind.Text),
        ["linger"] = new('l', Kind.Bool),
        ["no-usage-report"] = new('\0', Kind.Bool),
        ["features"] = new('\0', Kind.Text),
        ["address"] = new('a', Kind.Text),
        ["config"] = new('c', Kind.Text),
        ["log-format"] = new('\0', Kind.Text),
        ["log-output"] = new('\0', Kind.Text),
        ["no-color"] = new('\0', Kind.Bool),
        ["profiling-enabled"] = new('\0', Kind.Bool),
        ["quiet"] = new('q', Kind.Bool),
        ["secret-source"] = new('\0', Kind.Text),
        ["verbose"] = new('v', Kind.Bool),
        ["help"] = new('h', Kind.Bool),
        ["execution-requirements"] = new('\0', Kind.Bool),
        ["json"] = new('\0', Kind.Bool),
    };

    private readonly Dictionary<string, List<string>> values = new(StringComparer.Ordinal);

    /// <summary>What is no flag: the script.</summary>
    public List<string> Positional { get; } = [];

    /// <summary>Reads the arguments after the subcommand.</summary>
    /// <exception cref="UsageException">An unknown flag, or a value of the wrong kind.</exception>
    public static FlagSet Parse(IReadOnlyList<string> arguments)
    {
        var flags = new FlagSet();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                flags.Positional.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                flags.Long(argument[2..], arguments, ref i);
            }
            else if (argument.StartsWith('-') && argument.Length > 1)
            {
                flags.Short(argument[1..], arguments, ref i);
            }
            else
            {
                flags.Positional.Add(argument);
            }
        }

        return flags;
    }

    /// <summary>The last value of a flag, or null.</summary>
    public string? Text(string name) => values.TryGetValue(name, out var list) ? list[^1] : null;

    /// <summary>All values of a flag that can be repeated; null when it is not there.</summary>
    public IReadOnlyList<string>? All(string name) => values.GetValueOrDefault(name);

    /// <summary>A flag that takes no value; null when it is not there.</summary>
    public bool? Bool(string name) => Text(name) is { } text ? GoBool(text) : null;

    /// <summary>A number; null when it is not there.</summary>
    public long? Integer(string name) => Text(name) is { } text ? GoInteger(text) : null;

    /// <summary>A duration; null when it is not there.</summary>
    public TimeSpan? Duration(string name) => Text(name) is { } text ? Options.GoDuration.Parse(text) : null;

    /// <summary>A bool as k6 reads it, in flags and in the environment; null when it is none.</summary>
    public static bool? GoBool(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };

    private static long? GoInteger(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private void Long(string text, IReadOnlyList<string> arguments, ref int i)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        if (!Known.TryGetValue(name, out var flag))
        {
            throw new UsageException($"unknown flag: --{name}");
        }

        if (equals >= 0)
        {
            Set(name, text[(equals + 1)..]);
        }
        else if (flag.Kind == Kind.Bool)
        {
            Set(name, "true");
        }
        else if (name == "http-debug")
        {
            Set(name, "headers");
        }
        else
        {
            Set(name, ++i < arguments.Count ? arguments[i] : throw new UsageException($"flag needs an argument: --{name}"));
        }
    }

    private void Short(string text, IReadOnlyList<string> arguments, ref int i)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            var name = Known.FirstOrDefault(f => f.Value.Short == letter && letter != '\0').Key
                ?? throw new UsageException($"unknown shorthand flag: '{letter}' in -{text}");
            if (Known[name].Kind == Kind.Bool)
            {
                if (at + 1 < text.Length && text[at + 1] == '=')
                {
                    Set(name, text[(at + 2)..]);
                    return;
                }

                Set(name, "true");
                continue;
            }

            var rest = text[(at + 1)..];
            if (rest.Length > 0)
            {
                Set(name, rest.StartsWith('=') ? rest[1..] : rest);
            }
            else
            {
                Set(name, ++i < arguments.Count ? arguments[i] : throw new UsageException($"flag needs an argument: '{letter}' in -{text}"));
            }

            return;
        }
    }

    private void Set(string name, string value)
    {
        var flag = Known[name];
        var problem = flag.Kind switch
        {
            Kind.Bool when GoBool(value) is null => $"strconv.ParseBool: parsing {GoText.Quote(value)}: invalid syntax",
            Kind.Integer when GoInteger(value) is null => $"strconv.ParseInt: parsing {GoText.Quote(value)}: invalid syntax",
            Kind.Duration => DurationProblem(value),
            _ => null,
        };
        if (problem is not null)
        {
            var shown = flag.Short == '\0' ? $"--{name}" : $"-{flag.Short}, --{name}";
            throw new UsageException($"invalid argument {GoText.Quote(value)} for \"{shown}\" flag: {problem}");
        }

        if (!values.TryGetValue(name, out var list))
        {
            values[name] = list = [];
        }

        list.Add(value);
    }

    private static string? DurationProblem(string value)
    {
        try
        {
            _ = Options.GoDuration.Parse(value);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
