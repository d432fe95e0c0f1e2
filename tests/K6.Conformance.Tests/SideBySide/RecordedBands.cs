using System.Text.Json;
using K6.LoadTesting.Tests;

namespace K6.Conformance.Tests.SideBySide;

/// <summary>What k6 counted in ten runs of each load whose end is a matter of time: <c>recorded.json</c>. k6 differs from itself there.</summary>
internal sealed record RecordedBands(string About, SortedDictionary<string, RecordedBands.Counts> Loads)
{
    /// <summary>How many runs are recorded.</summary>
    public const int Runs = 10;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The counts that are recorded.</summary>
    public static string[] Names { get; } = ["iterations", "http_reqs", "dropped_iterations"];

    private static string File => Path.Combine(Repository.Root, "tests", "K6.Conformance.Tests", "SideBySide", "recorded.json");

    /// <summary>Reads the recording.</summary>
    public static RecordedBands Read() => JsonSerializer.Deserialize<RecordedBands>(System.IO.File.ReadAllText(File), Json)!;

    /// <summary>Runs a load on k6 ten times and writes what it counted.</summary>
    public static void Record(Load load)
    {
        var all = System.IO.File.Exists(File) ? Read() : new RecordedBands("", []);
        var runs = Enumerable.Range(0, Runs).Select(_ => Measured.Of(load, onK6: true).Counts).ToArray();
        var counts = new Counts();
        foreach (var name in Names.Where(name => runs.Any(r => r.ContainsKey(name))))
        {
            counts[name] = [.. runs.Select(r => r.GetValueOrDefault(name))];
        }

        all.Loads[load.Name] = counts;
        var about = $"Counts of k6 2.2.0 in {Runs} runs of each load, one after the other, against the truth server on loopback; {Environment.ProcessorCount} cores. How: README.md.";
        System.IO.File.WriteAllText(File, JsonSerializer.Serialize(all with { About = about }, Json) + "\n");
    }

    /// <summary>Counts of each run by the metrics' names.</summary>
    internal sealed class Counts : SortedDictionary<string, double[]>;
}
