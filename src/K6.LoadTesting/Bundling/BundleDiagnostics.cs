using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Bundling;

/// <summary>Says what is wrong with scripts: messages of esbuild in our words, and what the plan wants and scripts do not have.</summary>
internal static partial class BundleDiagnostics
{
    /// <summary>An error of esbuild.</summary>
    public static Diagnostic Error(EsbuildMessage message)
    {
        if (Find(message.Code) is { } own)
        {
            return own.At(message.Location, message.Text);
        }

        if (Unresolved().Match(message.Text) is { Success: true } unresolved)
        {
            return Rules.ImportUnresolved.At(message.Location, message.Text + WhyUnresolved(unresolved.Groups["path"].Value, message));
        }

        var rule = message.Text.StartsWith("No matching export", StringComparison.Ordinal) ? Rules.ImportNotExported : Rules.ScriptInvalid;
        return rule.At(message.Location, WithNotes(message));
    }

    /// <summary>A warning of esbuild.</summary>
    public static Diagnostic Warning(EsbuildMessage message) =>
        Find(message.Code) is { } own
            ? own.At(message.Location, message.Text)
            : Rules.ScriptSuspicious.At(message.Location, WithNotes(message));

    /// <summary>A scenario whose function its script does not export; null when it does.</summary>
    public static Diagnostic? Exec(ScenarioPlan scenario, string script, IReadOnlyList<string> exports)
    {
        var wanted = scenario.Exec ?? (scenario.Load is null ? null : "default");
        if (wanted is null || exports.Contains(wanted))
        {
            return null;
        }

        string[] functions = [.. exports.Except(["options", "setup", "teardown", "handleSummary"])];
        var location = scenario.MetadataLocations.GetValueOrDefault("Exec", scenario.Location);
        return Rules.ExecNotExported.At(location, scenario.Exec is null
            ? $"The scenario {scenario.Name} runs the default export of {script}, which has none. Name the function with Exec.{(functions.Length > 0 ? NearestName.Hint("default", functions) : "")}"
            : $"The scenario {scenario.Name} runs {wanted}, which {script} does not export.{(functions.Length > 0 ? NearestName.Hint(wanted, functions) : " It exports no function.")}");
    }

    /// <summary>A regular expression that k6 never matches.</summary>
    public static Diagnostic UnicodeProperty(SourceLocation location) =>
        Rules.UnicodeProperty.At(location,
            @"k6 accepts \p{…} in a regular expression and never matches it, without a word. Use ranges of characters instead, such as [A-Za-zÀ-ž].");

    private static DiagnosticRule? Find(string code) => Rules.All.FirstOrDefault(rule => rule.Code == code);

    private static string WithNotes(EsbuildMessage message) =>
        string.Join(" ", message.Notes.Select(note => note.TrimEnd('.', ':')).Prepend(message.Text.TrimEnd('.')).Select(sentence => sentence + "."));

    private static string WhyUnresolved(string path, EsbuildMessage message)
    {
        if (path.StartsWith('.') && message.Location is not null)
        {
            var folder = Path.GetFullPath(Path.GetDirectoryName(path) ?? "", Path.GetDirectoryName(message.Location.File)!);
            var names = Directory.Exists(folder)
                ? Directory.EnumerateFileSystemEntries(folder).Select(file => Path.GetFileNameWithoutExtension(file)).Distinct().ToArray()
                : [];
            var nearest = NearestName.Of(Path.GetFileNameWithoutExtension(path), names);
            return nearest is null
                ? $": {folder} has no such module."
                : $": {folder} has no such module. Did you mean '{nearest}'?";
        }

        if (message.Notes.Any(note => note.Contains("built into node", StringComparison.Ordinal)))
        {
            return ": it is a module of Node.js, and k6 is not Node.js. k6 has modules of its own, such as k6/encoding, k6/crypto and k6/experimental/fs.";
        }

        return ": the package is not installed. Install it with npm in the project's folder (npm ci for what package-lock.json names), or set paths in tsconfig.json.";
    }

    [GeneratedRegex("""^Could not resolve "(?<path>[^"]*)"$""")]
    private static partial Regex Unresolved();
}
