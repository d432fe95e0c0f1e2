using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Engines;

/// <summary>Asks a program whether it is k6, and which. Good answers are remembered by path and time of change.</summary>
internal static partial class EngineProbe
{
    private const string MinVersion = "1.0.0";

    private static readonly ConcurrentDictionary<(string Path, DateTime Changed), EngineInfo> Known = new();

    /// <summary>Time that a program has for an answer.</summary>
    internal static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Either k6, or what is wrong with the program.</summary>
    public static async Task<(EngineProgram? Program, Diagnostic? Problem)> K6Async(string file, SourceLocation? place, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        var key = (file, File.GetLastWriteTimeUtc(file));
        if (Known.TryGetValue(key, out var known))
        {
            return (new EngineProgram(known, file, []), null);
        }

        if (!Programs.IsExecutable(file))
        {
            return (null, Rules.K6NotExecutable.At(place, $"'{file}' may not be executed. Run 'chmod +x' on it, or name another k6 with K6Path."));
        }

        var answer = await AskAsync(file, [], timeout ?? Timeout, cancellationToken).ConfigureAwait(false);
        switch (answer)
        {
            case { TimedOut: true }:
                return (null, Rules.K6Hangs.At(place, $"'{file} version --json' gave no answer within {(timeout ?? Timeout).TotalSeconds:0.#} s. Is it k6? Name another with K6Path."));
            case { StartError: { } error }:
                return (null, Rules.K6NotExecutable.At(place, $"'{file}' cannot be executed: {error} Is it made for this system? Name another k6 with K6Path."));
            case { ExitCode: 126 or 127 } when !OperatingSystem.IsWindows() && answer.Version is null:
                return (null, Rules.K6NotExecutable.At(place, $"'{file}' cannot be executed: {answer.LastLine} Is it made for this system? Name another k6 with K6Path."));
        }

        if (answer.Version is not { } version)
        {
            return (null, Rules.NotK6.At(place, $"'{file}' is not k6: 'version --json' gave no version (exit code {answer.ExitCode}{(answer.LastLine.Length > 0 ? $", '{answer.LastLine}'" : "")}). Name k6 with K6Path."));
        }

        var info = new EngineInfo(EngineProgram.K6, version, file);
        if (info.IsK6Before(1, 0))
        {
            return (null, Rules.K6TooOld.At(place, $"'{file}' is k6 {version}; {MinVersion} or newer is needed. Update it (https://grafana.com/docs/k6/latest/set-up/install-k6/), or name another with K6Path."));
        }

        Known[key] = info;
        return (new EngineProgram(info, file, []), null);
    }

    /// <summary>The embedded engine; null when it does not say its version.</summary>
    public static async Task<EngineProgram?> EmbeddedAsync(EngineLocations locations, CancellationToken cancellationToken)
    {
        var assembly = locations.EmbeddedAssemblyHere!;
        string[] arguments = ["exec", assembly];
        var key = (assembly, File.GetLastWriteTimeUtc(assembly));
        if (!Known.TryGetValue(key, out var info))
        {
            var answer = await AskAsync(locations.DotnetHost, arguments, Timeout * 3, cancellationToken).ConfigureAwait(false);
            if (answer.Version is null)
            {
                return null;
            }

            Known[key] = info = new EngineInfo(EngineProgram.Embedded, answer.Version, assembly);
        }

        return new EngineProgram(info, locations.DotnetHost, arguments);
    }

    /// <summary>Reads <c>{"version":"v2.2.0"}</c>, or the plain <c>k6 v0.45.0 (…)</c> of versions that know no --json.</summary>
    internal static string? ParseVersion(string output)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("version", out var version)
                && version.ValueKind == JsonValueKind.String && BareVersion().Match(version.GetString()!) is { Success: true } bare
                ? bare.Groups[1].Value
                : null;
        }
        catch (JsonException)
        {
            return PlainVersion().Match(output) is { Success: true } plain ? plain.Groups[1].Value : null;
        }
    }

    private static async Task<Answer> AskAsync(string program, IReadOnlyList<string> prefix, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await AskOnceAsync(program, [.. prefix, "version", "--json"], timeout, cancellationToken).ConfigureAwait(false);
        return answer is { Version: null, ExitCode: not 0, TimedOut: false, StartError: null } && answer.LastLine.Contains("unknown flag", StringComparison.Ordinal)
            ? await AskOnceAsync(program, [.. prefix, "version"], timeout, cancellationToken).ConfigureAwait(false)
            : answer;
    }

    private static async Task<Answer> AskOnceAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        using var standardOutput = new LineLog();
        using var standardError = new LineLog();
        try
        {
            var environment = EngineEnvironment.Build(EngineEnvironment.Machine(), [], [], []);
            var exitCode = await ChildProcess.RunAsync(
                new ChildCommand(program, arguments, environment, Path.GetDirectoryName(program) ?? Path.GetTempPath()),
                new OutputReader(standardOutput, line => Append(text, line)), new OutputReader(standardError), timeout, cancellationToken).ConfigureAwait(false);
            var last = standardError.Tail is [.., var error] ? error : standardOutput.Tail is [.., var output] ? output : "";
            return new Answer(exitCode == 0 ? ParseVersion(text.ToString()) : null, exitCode, last, TimedOut: false, null);
        }
        catch (TimeoutException)
        {
            return new Answer(null, -1, "", TimedOut: true, null);
        }
        catch (Win32Exception exception)
        {
            return new Answer(null, -1, "", TimedOut: false, exception.Message);
        }
    }

    private static void Append(StringBuilder text, ReadOnlySpan<byte> line)
    {
        if (text.Length < 64 * 1024)
        {
            text.Append(Encoding.UTF8.GetString(line)).Append('\n');
        }
    }

    private sealed record Answer(string? Version, int ExitCode, string LastLine, bool TimedOut, string? StartError);

    [GeneratedRegex(@"^v?(\d{1,6}\.\d{1,6}\.\d{1,6}(-[0-9A-Za-z.]{1,40})?)", RegexOptions.CultureInvariant)]
    private static partial Regex BareVersion();

    [GeneratedRegex(@"^k6(?:\.exe)? v(\d{1,6}\.\d{1,6}\.\d{1,6}(-[0-9A-Za-z.]{1,40})?)\b", RegexOptions.CultureInvariant)]
    private static partial Regex PlainVersion();
}
