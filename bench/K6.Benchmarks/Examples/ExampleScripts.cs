using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace K6.Benchmarks.Examples;

/// <summary>
/// Public example scripts, unchanged, on both engines: the share that runs on the embedded engine as on k6. The scripts come from a folder of the user's; the
/// hosts that they name are answered on loopback.
/// </summary>
internal sealed partial class ExampleScripts : IDisposable
{
    private const int Iterations = 2;
    private const double Goal = 1.00;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ExampleServer server = new();
    private readonly ExampleFolder folder;
    private readonly string[] k6;
    private readonly string[] embedded;
    private readonly string? esbuild = Esbuild();

    private ExampleScripts(string scripts, IReadOnlyDictionary<string, string> replacements, string[] k6, string[] embedded)
    {
        (this.k6, this.embedded) = (k6, embedded);
        folder = new ExampleFolder(scripts, replacements, server);
    }

    private enum Outcome
    {
        Equal,
        Differs,
        Unsupported,
        NotOnK6,
        NotAScript,
    }

    /// <summary>Runs all scripts of a folder and prints how they went. 0 measured, 3 without k6.</summary>
    /// <param name="scripts">The folder.</param>
    /// <param name="replacements">Prefixes of imported addresses, and folders that have what is below them.</param>
    /// <param name="only">A part of the names of those to run; null for all.</param>
    public static async Task<int> RunAsync(string scripts, IReadOnlyDictionary<string, string> replacements, string? only)
    {
        if (Machine.Find("k6") is not { } k6)
        {
            Console.WriteLine("examples: not measured, because there is no k6 on PATH to measure against");
            return 3;
        }

        if (!Directory.Exists(scripts))
        {
            throw new BenchmarkException($"there is no folder {scripts}");
        }

        using var examples = new ExampleScripts(scripts, replacements, [k6], ["dotnet", "exec", EngineBuild.Publish()]);
        var results = new List<(string Name, Outcome Outcome, string Why)>();
        foreach (var file in examples.folder.Files.Where(f => only is null || examples.folder.Name(f).Contains(only, StringComparison.Ordinal)))
        {
            var (outcome, why) = await examples.RunAsync(file);
            results.Add((examples.folder.Name(file), outcome, why));
            Console.WriteLine($"{Text(outcome),-12} {examples.folder.Name(file)}{(why.Length > 0 ? $": {why}" : "")}");
        }

        int Count(Outcome outcome) => results.Count(r => r.Outcome == outcome);
        Console.WriteLine($"\n{results.Count - Count(Outcome.NotAScript)} scripts (and {Count(Outcome.NotAScript)} modules): {Count(Outcome.NotOnK6)} do not run on k6 here");
        foreach (var reason in results.Where(r => r.Outcome == Outcome.NotOnK6).GroupBy(r => r.Why).OrderByDescending(g => g.Count()))
        {
            Console.WriteLine($"  {reason.Count()} × {reason.Key}");
        }

        Console.WriteLine($"{Count(Outcome.Unsupported)} need what the embedded engine does not have");
        foreach (var reason in results.Where(r => r.Outcome == Outcome.Unsupported).GroupBy(r => r.Why).OrderByDescending(g => g.Count()))
        {
            Console.WriteLine($"  {reason.Count()} × {reason.Key}");
        }

        var supported = Count(Outcome.Equal) + Count(Outcome.Differs);
        Console.WriteLine($"{supported} have all they need, {Count(Outcome.Equal)} of them do the same on both engines");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{examples.server.Requests} requests were answered on loopback"));
        var version = await examples.VersionAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"examples: ratio {(supported == 0 ? 0 : (double)Count(Outcome.Equal) / supported):0.00} (goal {Goal:0.00}) against k6 {version}, {supported + Count(Outcome.Unsupported)} scripts that k6 runs, {supported} supported"));
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        folder.Dispose();
        server.Dispose();
    }

    private static string Text(Outcome outcome) => outcome switch
    {
        Outcome.Equal => "equal",
        Outcome.Differs => "DIFFERS",
        Outcome.Unsupported => "unsupported",
        Outcome.NotOnK6 => "not on k6",
        _ => "module",
    };

    private async Task<(Outcome Outcome, string Why)> RunAsync(string script)
    {
        var inspected = await ExampleRun.ExecuteAsync([.. k6, "inspect", script], folder.WorkingFolder(), Limit);
        var options = inspected.ExitCode == 0 ? JsonNode.Parse(inspected.Output) : null;
        var (file, flags) = ExampleFolder.Bounded(script, options, Iterations);
        if (await ForEmbeddedAsync(file) is not { } own)
        {
            return (Outcome.NotOnK6, "TypeScript, and esbuild is not installed: build the solution first");
        }

        // The engine says before the load what it lacks; then k6 need not run (nor start a browser).
        var ours = await RunAsync(embedded, flags, own);
        if (Unsupported().Match(string.Join('\n', ours.Errors)) is { Success: true } lacking)
        {
            return (Outcome.Unsupported, lacking.Groups[1].Value);
        }

        var theirs = await RunAsync(k6, flags, file);
        var said = string.Join('\n', theirs.Errors);
        if (NoScript().IsMatch(said))
        {
            return (Outcome.NotAScript, "");
        }

        if (theirs.ExitCode is null)
        {
            return (Outcome.NotOnK6, string.Create(CultureInfo.InvariantCulture, $"not ready in {Limit.TotalSeconds} s"));
        }

        if (theirs.Metrics.Count == 0 && NetworkImport().IsMatch(said))
        {
            return (Outcome.NotOnK6, "imports from the network");
        }

        var differences = ExampleRun.Differences(theirs, ours);
        if (differences.Count > 0)
        {
            // Scripts that draw lots differ from themselves.
            var again = ExampleRun.Differences(theirs, await RunAsync(k6, flags, file));
            differences = differences.Where(d => !again.ContainsKey(d.Key)).ToDictionary();
        }

        if (differences.Count > 0)
        {
            return (Outcome.Differs, string.Join("; ", differences.Select(d => $"{d.Key} {d.Value}")));
        }

        return theirs.Metrics.Count == 0 && theirs.ExitCode != 0 ? (Outcome.NotOnK6, First(said)) : (Outcome.Equal, "");
    }

    private Task<ExampleRun> RunAsync(string[] engine, string[] flags, string file) =>
        ExampleRun.OfAsync(engine, folder.WorkingFolder(), ["--config", folder.Configuration, .. flags, file], Limit);

    private async Task<string> VersionAsync()
    {
        var (_, output, _) = await ExampleRun.ExecuteAsync([.. k6, "version", "--json"], folder.WorkingFolder(), Limit);
        return JsonDocument.Parse(output).RootElement.GetProperty("version").GetString()!.TrimStart('v');
    }

    /// <summary>TypeScript is bundled for the engine, as a build does it; JavaScript stays as it is. Null when it cannot be bundled.</summary>
    private async Task<string?> ForEmbeddedAsync(string file)
    {
        if (Path.GetExtension(file) != ".ts")
        {
            return file;
        }

        var bundle = Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file) + ".bundle.js");
        return esbuild is null ? null
            : (await ExampleRun.ExecuteAsync(
                [esbuild, file, "--bundle", "--format=esm", "--platform=neutral", "--target=es2022", "--external:k6", "--external:k6/*", "--external:https://*", "--outfile=" + bundle],
                folder.WorkingFolder(),
                Limit)).ExitCode == 0 ? bundle : file;
    }

    private static string? Esbuild()
    {
        var tools = Path.Combine(EngineBuild.Root(), "build", "tools", "node_modules", "@esbuild");
        return Directory.Exists(tools) ? Directory.EnumerateFiles(tools, OperatingSystem.IsWindows() ? "esbuild.exe" : "esbuild", SearchOption.AllDirectories).FirstOrDefault() : null;
    }

    /// <summary>The first line of k6's error, without the path of the copy.</summary>
    private static string First(string errors) => Copied().Replace(errors.Split('\n')[0].Split("\\n")[0], "");

    [GeneratedRegex(@"no exported functions in (?:your )?script|function 'default' not found in exports")]
    private static partial Regex NoScript();

    [GeneratedRegex(@"(?:couldn't be retrieved|dial tcp|lookup .*: |request to .* failed|https://.*: (?:timeout|no such host))")]
    private static partial Regex NetworkImport();

    [GeneratedRegex(@"KSDK07\d\d: (?:the module )?'(.+?)' is not supported")]
    private static partial Regex Unsupported();

    [GeneratedRegex(@"(?:file://)?/[^\s""']*/scripts/")]
    private static partial Regex Copied();
}
