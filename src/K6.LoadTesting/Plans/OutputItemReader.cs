using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Reads <c>K6Output</c> items.</summary>
internal static partial class OutputItemReader
{
    /// <summary>The item.</summary>
    public const string Item = "K6Output";

    private static readonly string[] Metadata = ["Argument", "Settings", "Extension"];

    // The outputs that k6 2.2 has, with the variables that configure each.
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["cloud"] = ["K6_CLOUD_"],
        ["csv"] = ["K6_CSV_"],
        ["experimental-opentelemetry"] = ["K6_OTEL_", "OTEL_"],
        ["experimental-prometheus-rw"] = ["K6_PROMETHEUS_RW_"],
        ["influxdb"] = ["K6_INFLUXDB_"],
        ["json"] = ["K6_JSON_"],
        ["opentelemetry"] = ["K6_OTEL_", "OTEL_"],
    };

    private static readonly string[] OfFiles = ["csv", "json"];

    /// <summary>Reads every output, in the order of declaration.</summary>
    public static IReadOnlyList<OutputPlan> Read(ProjectDeclaration project, ICollection<Diagnostic> diagnostics) =>
        [.. project.Items
            .Where(item => item.Kind.Equals(Item, StringComparison.OrdinalIgnoreCase))
            .Select(item => Read(new ItemReader(item, Metadata, new Dictionary<string, string>(), diagnostics), diagnostics))
            .OfType<OutputPlan>()];

    private static OutputPlan? Read(ItemReader item, ICollection<Diagnostic> diagnostics)
    {
        var name = item.Include;
        var isExtension = item.Switch("Extension") == true;
        if (name == "web-dashboard")
        {
            item.Report(Rules.InvalidOutput, null, "k6's web dashboard is on in every run, for the timeline. K6Dashboard=true shows the load while it runs, loadtest.html afterwards.");
            return null;
        }

        if (!Known.TryGetValue(name, out var prefixes) && !isExtension)
        {
            item.Report(Rules.InvalidOutput, null, $"k6 has no output '{name}'.{NearestName.Hint(name, [.. Known.Keys])} One of an extension needs Extension=\"true\", and a k6 that has it.");
            return null;
        }

        if (!Name().IsMatch(name))
        {
            item.Report(Rules.InvalidOutput, null, $"'{name}' cannot be the name of an output; what follows its name on k6's command line goes into Argument.");
            return null;
        }

        prefixes ??= ["K6_", "XK6_"];
        return new OutputPlan
        {
            Name = name,
            Argument = Argument(item, name),
            Settings = Settings(item, name, prefixes, diagnostics),
            Prefixes = isExtension ? [] : prefixes,
            Location = item.Location,
        };
    }

    private static string? Argument(ItemReader item, string name)
    {
        if (item.Text("Argument") is not { } argument)
        {
            // Beside the other files of the run, and packed: k6 writes a plain one with a system call for each sample.
            return OfFiles.Contains(name) ? $"output.{name}.gz" : null;
        }

        if (argument.Contains('\n') || argument.Any(char.IsControl))
        {
            item.Report(Rules.InvalidOutput, "Argument", $"Argument of {name} has a line break or a control character.");
        }
        else if (UserInfo().IsMatch(argument))
        {
            item.Report(Rules.InvalidOutput, "Argument", $"The address of {name} has a password, and everybody can read a command line. Set the variable that k6 has for it in the environment of the build, such as K6_INFLUXDB_PASSWORD.");
        }
        else if (OfFiles.Contains(name) && (Path.IsPathRooted(argument) || argument.Contains("..", StringComparison.Ordinal) || argument is "samples.csv.gz"))
        {
            item.Report(Rules.InvalidOutput, "Argument", $"Argument of {name} is a file in the folder of the run, such as output.{name}.gz; '{argument}' is not.");
        }

        return argument;
    }

    private static Dictionary<string, string> Settings(ItemReader item, string name, string[] prefixes, ICollection<Diagnostic> diagnostics)
    {
        var settings = new Dictionary<string, string>();
        foreach (var line in (item.Text("Settings") ?? "").Split(['\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var variable = equals < 0 ? line : line[..equals].TrimEnd();
            if (equals <= 0 || !Variable().IsMatch(variable) || !prefixes.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal)))
            {
                item.Report(Rules.InvalidOutput, "Settings", $"'{variable}' in Settings of {name} is not a variable of it: one a line, NAME=value, and the name starts with {string.Join(" or ", prefixes)}.");
            }
            else if (variable == "K6_CSV_TIME_FORMAT")
            {
                item.Report(Rules.InvalidOutput, "Settings", "K6_CSV_TIME_FORMAT is unix_micro in every run, since K6Samples needs it.");
            }
            else if (!settings.TryAdd(variable, line[(equals + 1)..].TrimStart()))
            {
                item.Report(Rules.InvalidOutput, "Settings", $"{variable} is given twice in Settings of {name}; keep one.");
            }
            else
            {
                EnvironmentReader.WarnOfSecret(variable, item.At("Settings"), diagnostics);
            }
        }

        return settings;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+\\z")]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z")]
    private static partial Regex Variable();

    [GeneratedRegex("://[^/@\\s]*:[^/@\\s]*@")]
    private static partial Regex UserInfo();
}
