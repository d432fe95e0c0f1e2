using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Reads <c>K6EnvironmentVariable</c> items. No message holds a value.</summary>
internal static partial class EnvironmentReader
{
    private static readonly string[] Metadata = ["Value"];

    private static readonly string[] SecretWords = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "KEY"];

    /// <summary>Reads every variable; the names in what it returns are unique.</summary>
    public static IReadOnlyList<EnvironmentVariablePlan> Read(ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var variables = new List<EnvironmentVariablePlan>();
        foreach (var declaration in project.Items.Where(item => item.Kind.Equals("K6EnvironmentVariable", StringComparison.OrdinalIgnoreCase)))
        {
            var item = new ItemReader(declaration, Metadata, new Dictionary<string, string>(), diagnostics);
            var name = item.Include;
            CheckName(name, item.Location, diagnostics);
            if (variables.Find(other => other.Name == name) is { } same)
            {
                item.Report(Rules.DuplicateVariable, null, $"{name} is declared at {same.Location} already; remove one of them.");
                continue;
            }

            if (item.Has("Value"))
            {
                WarnOfSecret(name, item.At("Value"), diagnostics);
            }

            variables.Add(new EnvironmentVariablePlan(name, item.Text("Value"), item.Location));
        }

        return variables;
    }

    /// <summary>Reports a name that k6 would refuse, or that would configure k6 itself.</summary>
    public static void CheckName(string name, SourceLocation location, ICollection<Diagnostic> diagnostics)
    {
        if (name.StartsWith("K6_", StringComparison.OrdinalIgnoreCase))
        {
            diagnostics.Add(Rules.ReservedVariable.At(location,
                $"{name} starts with K6_, and such variables configure k6 itself: K6_DURATION replaces every scenario. Give it another name; for k6's own settings use items, properties or the script's options."));
        }
        else if (!Name().IsMatch(name))
        {
            // What follows an equals sign is likely a value, and values are not for logs.
            var shown = name.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? name[..equals] + "=…" : name;
            diagnostics.Add(Rules.InvalidVariable.At(location,
                $"'{shown}' cannot be the name of an environment variable; use letters, digits and '_', the first one not a digit. A value goes into the metadatum Value."));
        }
    }

    /// <summary>Warns when a name sounds like that of a secret; the value is in the project then, in logs of the build and in plan.json.</summary>
    public static void WarnOfSecret(string name, SourceLocation location, ICollection<Diagnostic> diagnostics)
    {
        if (SoundsSecret(name))
        {
            diagnostics.Add(Rules.SecretByValue.At(location,
                $"{name} sounds like a secret, and its value is written down here, in the build's log and in plan.json. Declare it by name only, <K6Secret Include=\"{name}\" />, and set it in the environment of the build."));
        }
    }

    /// <summary>Whether a name sounds like that of a secret.</summary>
    public static bool SoundsSecret(string name) => Array.Exists(SecretWords, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z")]
    private static partial Regex Name();
}
