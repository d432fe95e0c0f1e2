using System.Text;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources;

/// <summary>
/// Writes the scripts of scenarios that are not scripts themselves, each to <see cref="ScenarioPlan.File"/>, with a source map beside it. Files are
/// written only when they differ, so that what is made of them stays as it is; scripts of scenarios that are gone are removed.
/// </summary>
public static class SourceScripts
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
    public static void Write(LoadPlan plan, string outputDirectory)
    {
        var folder = Path.Combine(outputDirectory, Folder);
        var kept = new HashSet<string>();
        foreach (var scenario in plan.Tests.SelectMany(test => test.Scenarios).Where(scenario => scenario.Requests is not null))
        {
            foreach (var (name, text) in Texts(scenario.Name, scenario.Requests!, scenario.File, $" To go on by hand: dotnet build -t:K6Eject -p:K6ScenarioFilter={scenario.Name}"))
            {
                Bundler.WriteIfDifferent(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
            }

            var map = scenario.File + ".map";
            kept.Add(scenario.File);
            kept.Add(map);
        }

        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder).Where(file => !kept.Contains(file)) : [])
        {
            File.Delete(file);
        }
    }

    /// <summary>The script of a scenario and its source map, by the names of their files.</summary>
    /// <param name="scenario">Name of the scenario.</param>
    /// <param name="requests">What it does.</param>
    /// <param name="file">Absolute path of the script.</param>
    /// <param name="note">What its head says besides, with a space in front.</param>
    internal static IReadOnlyList<(string Name, string Text)> Texts(string scenario, RequestScript requests, string file, string note = "")
    {
        var script = ScriptWriter.Write(
            scenario, requests, Path.GetDirectoryName(file)!,
            "Each build makes it anew." + note);
        var (name, map) = (Path.GetFileName(file), Path.GetFileName(file) + ".map");
        return [(name, $"{script.Text}//# sourceMappingURL={Uri.EscapeDataString(map)}\n"), (map, Encoding.UTF8.GetString(script.SourceMap(file)))];
    }
}
