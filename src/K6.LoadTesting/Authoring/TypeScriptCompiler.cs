using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Authoring;

/// <summary>Microsoft's native TypeScript compiler, as a program that reads a configuration and prints what is wrong.</summary>
internal static partial class TypeScriptCompiler
{
    /// <summary>Absolute path of a compiler that can be started; null when there is none.</summary>
    /// <param name="package">Name and version of the package for this platform, as a path; empty when there is no package for it.</param>
    /// <param name="packageFolders">Absolute paths of the folders that packages are restored to.</param>
    /// <param name="fallback">Folder for a copy where the package cannot be changed.</param>
    public static string? Find(string package, IEnumerable<string> packageFolders, string fallback)
    {
        var program = package.Length == 0 ? null : packageFolders
            .Select(folder => Path.Combine(folder, package.ToLowerInvariant(), "tools", OperatingSystem.IsWindows() ? "tsc.exe" : "tsc"))
            .FirstOrDefault(File.Exists);
        return program is null ? null : PackagedProgram.Executable(program, fallback, withFolder: true);
    }

    /// <summary>Runs it.</summary>
    /// <param name="program">Absolute path of the compiler.</param>
    /// <param name="configuration">Absolute path of the <c>tsconfig.json</c>.</param>
    /// <param name="projectDirectory">Absolute path of the project's folder.</param>
    /// <param name="cancellation">Ends the compiler.</param>
    /// <exception cref="LoadTestException">It cannot be started, or ended without saying why.</exception>
    public static async Task<TypeScriptOutput> RunAsync(string program, string configuration, string projectDirectory, CancellationToken cancellation)
    {
        var (output, said) = (new StringBuilder(), new StringBuilder());
        var command = new ChildCommand(
            program,
            ["-p", configuration, "--pretty", "false", "--listFiles"],
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal),
            projectDirectory);
        int exitCode;
        try
        {
            exitCode = await ChildProcess.RunAsync(
                command, new OutputReader(handler: line => Append(output, line)), new OutputReader(handler: line => Append(said, line)), Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        }
        catch (Win32Exception exception)
        {
            throw new LoadTestException(Rules.CompilerFailed.At(null, $"The TypeScript compiler at {program} cannot be started: {exception.Message}."), exception);
        }

        var parsed = Parse(output.ToString(), projectDirectory);
        if (exitCode != 0 && parsed.Errors.Count == 0)
        {
            var words = said.ToString().Trim().ReplaceLineEndings(" ");
            throw new LoadTestException(Rules.CompilerFailed.At(null,
                $"The TypeScript compiler at {program} ended with exit code {exitCode}. {(words.Length > 0 ? $"It said: {Short(words)}" : "It said nothing.")}"));
        }

        return parsed;

        static void Append(StringBuilder text, ReadOnlySpan<byte> line) => text.Append(Encoding.UTF8.GetString(line)).Append('\n');
    }

    /// <summary>Reads what the compiler prints: errors, lines that continue them, and at the end the files that it read.</summary>
    /// <param name="text">Its output.</param>
    /// <param name="projectDirectory">Absolute folder that its paths start at.</param>
    internal static TypeScriptOutput Parse(string text, string projectDirectory)
    {
        var errors = new List<Diagnostic>();
        var files = new List<string>();
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0))
        {
            if (Error().Match(line) is { Success: true } match)
            {
                var place = match.Groups["file"].Success
                    ? new SourceLocation(Path.GetFullPath(match.Groups["file"].Value, projectDirectory), Number(match, "line"), Number(match, "column"))
                    : null;
                errors.Add(new Diagnostic(match.Groups["code"].Value, DiagnosticSeverity.Error, match.Groups["text"].Value, place));
            }
            else if (char.IsWhiteSpace(line[0]) && errors.Count > 0)
            {
                errors[^1] = errors[^1] with { Message = $"{errors[^1].Message} {line.Trim()}" };
            }
            else if (Path.IsPathRooted(line))
            {
                files.Add(Path.GetFullPath(line));
            }
        }

        return new TypeScriptOutput(errors, files);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static string Short(string text) => text.Length <= 300 ? text : text[..299] + "…";

    [GeneratedRegex(@"^(?:(?<file>[^\s].*?)\((?<line>\d+),(?<column>\d+)\): )?error (?<code>TS\d+): (?<text>.*)$")]
    private static partial Regex Error();
}

/// <summary>What the compiler said.</summary>
/// <param name="Errors">Errors, with the compiler's own codes.</param>
/// <param name="Files">Absolute paths of the files that it read.</param>
internal sealed record TypeScriptOutput(IReadOnlyList<Diagnostic> Errors, IReadOnlyList<string> Files);
