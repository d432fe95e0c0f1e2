using System.Diagnostics;
using System.Text.RegularExpressions;

namespace K6.Embedded.Tests;

/// <summary>Real k6, where it is on PATH: what the engine is compared with.</summary>
internal static partial class RealK6
{
    private static readonly string? Executable = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "k6.exe" : "k6"))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs k6 on a script in a folder; the test is inconclusive where there is no k6 2.2.</summary>
    public static (int ExitCode, string Output, string Error) Run(string folder, string command, IEnumerable<string> flags, string script, Dictionary<string, string>? environment = null)
    {
        if (Executable is null)
        {
            Assert.Inconclusive("k6 is not on PATH, so there is nothing to compare with");
        }

        var path = Path.Combine(folder, "script.js");
        File.WriteAllText(path, script);
        var start = new ProcessStartInfo(Executable) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[command, .. flags, path])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("K6_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["K6_NO_USAGE_REPORT"] = "true";
        start.Environment["K6_AUTO_EXTENSION_RESOLUTION"] = "false";
        start.Environment["XDG_CONFIG_HOME"] = folder;
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, output, error.Result);
    }

    /// <summary>The log records without their times, and without the place at which JSON reading stopped (k6 shows a few bytes of it).</summary>
    public static string Messages(string log) =>
        Place().Replace(Time().Replace(string.Join('\n', log.Split('\n').Where(line => line.Contains("level=", StringComparison.Ordinal))), ""), "while parsing …: ");

    [GeneratedRegex("""time="[^"]*" """)]
    private static partial Regex Time();

    [GeneratedRegex("""while parsing \\".*?\\": (?=json: )""")]
    private static partial Regex Place();
}
