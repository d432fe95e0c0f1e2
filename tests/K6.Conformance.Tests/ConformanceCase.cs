using System.Text.RegularExpressions;
using K6.LoadTesting.Tests;

namespace K6.Conformance.Tests;

/// <summary>One script under <c>cases/</c> with what its header says. README.md beside it explains the header.</summary>
internal sealed partial record ConformanceCase
{
    /// <summary>The folder of all cases.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "K6.Conformance.Tests", "cases");

    /// <summary>All cases in ordinal order of their names.</summary>
    public static IReadOnlyList<ConformanceCase> All { get; } = [.. Directory.EnumerateFiles(Folder, "*.js", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "data")
        .Select(Read)
        .OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary><c>area/name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The folder that it is in.</summary>
    public string Area => Name.Split('/')[0];

    /// <summary>The script.</summary>
    public required string Script { get; init; }

    /// <summary>What real k6 did.</summary>
    public string ExpectedFile => Path.ChangeExtension(Script, ".expected.json");

    /// <summary>The script's text.</summary>
    public required string Text { get; init; }

    /// <summary>The subcommand: <c>run</c> unless the header says otherwise.</summary>
    public string Command { get; init; } = "run";

    /// <summary>Arguments before the script.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables of the engine's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Text for the engine's standard input; the script is given as <c>-</c>.</summary>
    public bool ReadsStandardInput { get; init; }

    /// <summary>Whether no script is given.</summary>
    public bool HasNoScript { get; init; }

    /// <summary>Whether standard output is compared.</summary>
    public bool ComparesOutput { get; init; }

    /// <summary>Parts of the observation that this case does not compare, since they vary on k6 itself.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Regular expressions of texts that vary on k6 itself.</summary>
    public IReadOnlyList<string> Varying { get; init; } = [];

    /// <summary>Whether several virtual users write to the log, in any order.</summary>
    public bool IsUnordered { get; init; }

    /// <summary>Whether the case depends on time, so that a busy machine may need another try.</summary>
    public bool IsTimed { get; init; }

    /// <summary>Whether the engine must be a process of its own.</summary>
    public bool NeedsProcess { get; init; }

    /// <summary>Parts in which the engine differs from k6 knowingly.</summary>
    public IReadOnlyList<string> Differing { get; init; } = [];

    /// <summary>The code with which the engine refuses what it lacks.</summary>
    public string? MissingCode { get; init; }

    /// <summary>Why it differs, or what is missing.</summary>
    public string Reason { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ConformanceCase Read(string file)
    {
        var text = File.ReadAllText(file);
        var result = new ConformanceCase { Name = Path.ChangeExtension(Path.GetRelativePath(Folder, file), null).Replace('\\', '/'), Script = file, Text = text };
        var environment = new Dictionary<string, string>();
        foreach (Match line in HeaderLine().Matches(text))
        {
            var (key, value) = (line.Groups[1].Value, line.Groups[2].Value.Trim());
            result = key switch
            {
                "command" => result with { Command = value },
                "args" => result with { Arguments = [.. result.Arguments, .. Words(value)] },
                "env" => Add(value),
                "stdin" => result with { ReadsStandardInput = true },
                "noscript" => result with { HasNoScript = true },
                "stdout" => result with { ComparesOutput = true },
                "ignore" => result with { Ignored = Words(value) },
                "varying" => result with { Varying = [.. result.Varying, value] },
                "unordered" => result with { IsUnordered = true },
                "timed" => result with { IsTimed = true },
                "process" => result with { NeedsProcess = true },
                "differs" => result with { Differing = Words(value.Split(": ", 2)[0]), Reason = value.Split(": ", 2)[1] },
                "missing" => result with { MissingCode = value.Split(": ", 2)[0], Reason = value.Split(": ", 2)[1] },
                _ => throw new InvalidDataException($"{file}: the header has an unknown word @{key}"),
            };
        }

        return result with { Environment = environment };

        ConformanceCase Add(string variable)
        {
            var parts = variable.Split('=', 2);
            environment[parts[0]] = parts[1];
            return result;
        }
    }

    /// <summary>Splits at spaces; double quotes hold words together.</summary>
    private static string[] Words(string text) => [.. Word().Matches(text).Select(m => m.Value.Replace("\"", "", StringComparison.Ordinal))];

    [GeneratedRegex(@"^// @(\w+)[ ]?(.*)$", RegexOptions.Multiline)]
    private static partial Regex HeaderLine();

    [GeneratedRegex("""(?:[^\s"]|"[^"]*")+""")]
    private static partial Regex Word();
}
