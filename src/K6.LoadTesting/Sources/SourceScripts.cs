using System.Text;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources;

/// <summary>
/// Writes the scripts of scenarios that are not scripts themselves, each to <see cref="ScenarioPlan.File"/>, with a source map beside it. Files are
/// written only when they differ, so that what is made of them stays as it is; scripts of scenarios that are gone are removed.
/// </summary>
internal static class SourceScripts
{
    /// <summary>Folder of the scripts within <c>obj/k6</c>.</summary>
    public const string Folder = "sources";

    /// <summary>Where the script of a scenario goes.</summary>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    /// <param name="scenario">Name of the scenario.</param>
    public static string PathOf(string outputDirectory, string scenario) => Path.Combine(outputDirectory, Folder, scenario + ".ts");

    /// <summary>Writes the scripts of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    /// <returns>The files that it made; a scenario of an OpenAPI document gets its script of the client later.</returns>
    public static IReadOnlyCollection<string> Write(LoadPlan plan, string outputDirectory)
    {
        var folder = Path.Combine(outputDirectory, Folder);
        var kept = new HashSet<string>();
        var made = new List<string>();
        foreach (var scenario in plan.Tests.SelectMany(test => test.Scenarios).Where(scenario => scenario.Requests is not null || scenario.Client is not null))
        {
            var map = scenario.File + ".map";
            kept.Add(scenario.File);
            kept.Add(map);
            if (scenario.Requests is { } requests)
            {
                var script = ScriptWriter.Write(
                    scenario.Name, requests, folder, $"Each build makes it anew. To go on by hand: dotnet build -t:K6Eject -p:K6ScenarioFilter={scenario.Name}");
                Bundler.WriteIfDifferent(scenario.File, Encoding.UTF8.GetBytes($"{script.Text}//# sourceMappingURL={Uri.EscapeDataString(Path.GetFileName(map))}\n"));
                Bundler.WriteIfDifferent(map, script.SourceMap(scenario.File));
                made.AddRange([scenario.File, map]);
            }
        }

        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder).Where(file => !kept.Contains(file)) : [])
        {
            File.Delete(file);
        }

        return made;
    }
}
