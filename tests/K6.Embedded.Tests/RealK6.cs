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
        var path = Path.Combine(folder, "script.js");
        File.WriteAllText(path, script);
        return Execute(folder, [command, .. flags, path], environment ?? []);
    }

    /// <summary>The test is inconclusive where there is no k6.</summary>
    public static void Need()
    {
        if (Executable is null)
        {
            Assert.Inconclusive("k6 is not on PATH, so there is nothing to compare with");
        }
    }

    /// <summary>Runs k6 in a folder, away from what the machine configures of it; the test is inconclusive where there is no k6.</summary>
    public static (int ExitCode, string Output, string Error) Execute(
        string folder, IEnumerable<string> arguments, Dictionary<string, string> environment, string? input = null, Action<Process>? started = null)
    {
        Need();
        return Execute(new ProcessStartInfo(Executable!, arguments), folder, environment, input, started);
    }

    /// <summary>Runs an engine in a folder, away from what the machine configures of it.</summary>
    public static (int ExitCode, string Output, string Error) Execute(
        ProcessStartInfo start, string folder, Dictionary<string, string> environment, string? input = null, Action<Process>? started = null)
    {
        start.WorkingDirectory = folder;
        start.RedirectStandardInput = input is not null;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("K6_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["K6_NO_USAGE_REPORT"] = "true";
        start.Environment["K6_AUTO_EXTENSION_RESOLUTION"] = "false";
        start.Environment["XDG_CONFIG_HOME"] = folder;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        started?.Invoke(process);
        if (input is not null)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }

        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>The log records without their times, and without the place at which JSON reading stopped (k6 shows a few bytes of it).</summary>
    public static string Messages(string log) =>
        Place().Replace(Time().Replace(string.Join('\n', log.Split('\n').Where(line => line.Contains("level=", StringComparison.Ordinal))), ""), "while parsing …: ");

    [GeneratedRegex("""time="[^"]*" """)]
    private static partial Regex Time();

    [GeneratedRegex("""while parsing \\".*?\\": (?=json: )""")]
    private static partial Regex Place();
}
