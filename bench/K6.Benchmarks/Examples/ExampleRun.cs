using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace K6.Benchmarks.Examples;

/// <summary>What a run of a script showed.</summary>
/// <param name="ExitCode">The engine's exit code; null when the time was up and it was stopped.</param>
/// <param name="Errors">Records of the log with the level error.</param>
/// <param name="Checks">Checks by their path, with <c>passes/fails</c>.</param>
/// <param name="Metrics">Names of metrics, and the counts of iterations and requests.</param>
internal sealed partial record ExampleRun(int? ExitCode, IReadOnlyList<string> Errors, IReadOnlyDictionary<string, string> Checks, IReadOnlyDictionary<string, string> Metrics)
{
    private static readonly string[] Counted = ["iterations", "http_reqs", "checks", "ws_sessions"];

    /// <summary>Runs an engine in a folder.</summary>
    /// <param name="engine">The engine's command.</param>
    /// <param name="folder">The folder to run in.</param>
    /// <param name="arguments">What follows <c>run</c>.</param>
    /// <param name="limit">After this time the engine is killed.</param>
    public static async Task<ExampleRun> OfAsync(string[] engine, string folder, IReadOnlyList<string> arguments, TimeSpan limit)
    {
        var summary = Path.Combine(folder, "summary-of-the-run.json");
        var (exitCode, _, error) = await ExecuteAsync([.. engine, "run", "--quiet", "--log-format=json", "--address=", "--summary-export", summary, .. arguments], folder, limit);
        var (checks, metrics) = (new SortedDictionary<string, string>(StringComparer.Ordinal), new SortedDictionary<string, string>(StringComparer.Ordinal));
        if (exitCode is not null && File.Exists(summary))
        {
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(summary));
            Walk(json.RootElement.GetProperty("root_group"), checks);
            foreach (var metric in json.RootElement.GetProperty("metrics").EnumerateObject().Where(m => m.Name is not ("vus" or "vus_max")))
            {
                metrics[metric.Name] = Counted.Contains(metric.Name) && metric.Value.TryGetProperty("count", out var count) ? count.ToString() : "";
            }
        }

        return new ExampleRun(exitCode, [.. error.Split('\n').Where(l => l.Contains("\"level\":\"error\"", StringComparison.Ordinal) || (l.Length > 0 && l[0] != '{')).Select(Message)], checks, metrics);
    }

    /// <summary>Runs a program away from what the machine configures of k6; null when it took too long.</summary>
    public static async Task<(int? ExitCode, string Output, string Error)> ExecuteAsync(IReadOnlyList<string> command, string folder, TimeSpan limit)
    {
        var start = Machine.Command(null, command);
        start.WorkingDirectory = folder;
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("K6_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["K6_NO_USAGE_REPORT"] = "true";
        start.Environment["K6_AUTO_EXTENSION_RESOLUTION"] = "false";
        start.Environment["XDG_CONFIG_HOME"] = folder;
        using var process = Process.Start(start) ?? throw new BenchmarkException($"{command[0]} did not start");
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var time = new CancellationTokenSource(limit);
        int? exitCode = null;
        try
        {
            await process.WaitForExitAsync(time.Token);
            exitCode = process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return (exitCode, await output, await error);
    }

    /// <summary>The parts in which two runs differ, with both values.</summary>
    public static IReadOnlyDictionary<string, string> Differences(ExampleRun k6, ExampleRun embedded)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (k6.ExitCode != embedded.ExitCode)
        {
            found["exit code"] = $"{k6.ExitCode}, embedded {embedded.ExitCode}";
        }

        if (k6.Errors.Count != embedded.Errors.Count)
        {
            found["errors in the log"] = $"{k6.Errors.Count}, embedded {embedded.Errors.Count}: {embedded.Errors.Concat(k6.Errors).FirstOrDefault()}";
        }

        Compare("check", k6.Checks, embedded.Checks);
        Compare("metric", k6.Metrics, embedded.Metrics);
        return found;

        void Compare(string kind, IReadOnlyDictionary<string, string> theirs, IReadOnlyDictionary<string, string> ours)
        {
            foreach (var name in theirs.Keys.Union(ours.Keys).Where(name => theirs.GetValueOrDefault(name) != ours.GetValueOrDefault(name)))
            {
                found[$"{kind} {name}"] = $"{theirs.GetValueOrDefault(name, "none")}, embedded {ours.GetValueOrDefault(name, "none")}";
            }
        }
    }

    private static void Walk(JsonElement group, SortedDictionary<string, string> checks)
    {
        foreach (var check in group.GetProperty("checks").EnumerateObject())
        {
            checks[check.Value.GetProperty("path").GetString()!] = $"{check.Value.GetProperty("passes")}/{check.Value.GetProperty("fails")}";
        }

        foreach (var child in group.GetProperty("groups").EnumerateObject())
        {
            Walk(child.Value, checks);
        }
    }

    private static string Message(string record) => MessageText().Match(record) is { Success: true } match ? match.Groups[1].Value : record;

    [GeneratedRegex("\"msg\":\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex MessageText();
}
