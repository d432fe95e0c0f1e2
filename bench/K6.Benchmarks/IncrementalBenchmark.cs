using System.Diagnostics;
using System.Globalization;

namespace K6.Benchmarks;

/// <summary>
/// A build with nothing to do and 200 scenarios, against the same project without; what one changed script rebuilds; and 200 bundles in one process against a process for each.
/// </summary>
internal static class IncrementalBenchmark
{
    private const int Scenarios = 200;
    private const int Rounds = 7;
    private const double May = 100;
    private const double Faster = 5;

    /// <summary>Measures and prints. 0 measured, 1 when one changed script rebuilds what it does not concern.</summary>
    public static int Run()
    {
        var files = Enumerable.Range(1, Scenarios).Select(number => ($"scenario{number}.ts", BuildProject.Script(string.Create(CultureInfo.InvariantCulture, $"0.{number}")))).ToArray();
        using var with = new BuildProject(string.Join('\n', files.Select(file => $"""<K6Scenario Include="{file.Item1}" Vus="1" Duration="1s" />""")), files);
        using var without = new BuildProject("", files);
        Console.WriteLine(Machine.Describe());

        var (more, less) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            more.Add(with.Build().Wall.TotalMilliseconds);
            less.Add(without.Build().Wall.TotalMilliseconds);
        }

        Console.WriteLine(BuildProject.Row($"nothing to do, {Scenarios} scenarios", Machine.Median(more)));
        Console.WriteLine(BuildProject.Row("nothing to do, none", Machine.Median(less)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A/A (without scenarios, odd rounds against even): {BuildProject.SameAgain(less):0.000}"));
        Console.Write($"where it goes, of one build with them:\n{BuildProject.Summary(with.Build("-clp:PerformanceSummary").Output)}");

        var before = Written(with);
        File.AppendAllText(Path.Combine(with.Folder, "scenario7.ts"), "// changed\nexport const more = 1;\n");
        var one = with.Build().Wall.TotalMilliseconds;
        var changed = Written(with).Where(file => before.GetValueOrDefault(file.Key) != file.Value).Select(file => file.Key).ToList();
        Console.WriteLine(BuildProject.Row("one script changed", one));
        Console.WriteLine($"bundles written anew: {string.Join(' ', changed)}");

        Directory.Delete(with.Output, recursive: true);
        var all = BuildProject.Milliseconds(with.Build("-p:K6TypeCheck=false", "-clp:PerformanceSummary").Output, "BundleLoadTests");
        // The same work: a script alone, to learn what it exports, and its entry.
        var clock = Stopwatch.StartNew();
        foreach (var entry in files.SelectMany(file => new[] { Path.Combine(with.Folder, file.Item1), Path.Combine(with.Output, Path.ChangeExtension(file.Item1, ".entry.js")) }))
        {
            Machine.Run(Machine.Command(null,
            [
                NodeTools.Esbuild, entry, "--bundle", "--format=esm", "--target=es2022", "--external:k6", "--external:k6/*", "--sourcemap=linked", "--log-level=error",
                $"--metafile={Path.Combine(with.Folder, "each", "meta.json")}", $"--outdir={Path.Combine(with.Folder, "each")}",
            ]));
        }

        var each = clock.Elapsed.TotalMilliseconds;
        Console.WriteLine(BuildProject.Row($"{Scenarios} bundles cold, the whole task", all));
        Console.WriteLine(BuildProject.Row($"{Scenarios} bundles, processes of esbuild for each", each));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cold: {each / all:0.0} times as fast (goal {Faster:0})"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"incremental: ratio {(Machine.Median(more) - Machine.Median(less)) / May:0.00} (goal 1.00) against {May:0} ms more than the same build without scenarios, {Rounds} rounds"));
        return changed.All(file => file.StartsWith("scenario7.", StringComparison.Ordinal)) && changed.Count > 0 ? 0 : 1;
    }

    private static Dictionary<string, DateTime> Written(BuildProject project) =>
        Directory.EnumerateFiles(project.Output, "scenario*.js").ToDictionary(file => Path.GetFileName(file), File.GetLastWriteTimeUtc);
}
