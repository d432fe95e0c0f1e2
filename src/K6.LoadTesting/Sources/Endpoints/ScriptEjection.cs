using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Endpoints;

/// <summary>
/// Takes generated scripts over into the project: writes each as a file of the user's and makes the project include it instead of the
/// requests. Nothing is overwritten, and nothing at all is written when something would be.
/// </summary>
internal static partial class ScriptEjection
{
    private static readonly string[] Removed = ["Parameters", "Headers", "ThinkTime"];

    /// <summary>Takes the scripts of all scenarios of a plan that are made of requests.</summary>
    /// <param name="plan">The plan; scenarios that are filtered out stay as they are.</param>
    /// <param name="directory">Absolute path of the folder of the scripts.</param>
    /// <param name="diagnostics">Receives what is wrong or left to do.</param>
    /// <returns>The scripts that were written.</returns>
    public static IReadOnlyList<string> Eject(LoadPlan plan, string directory, ICollection<Diagnostic> diagnostics)
    {
        var scenarios = plan.Tests.SelectMany(test => test.Scenarios).Where(scenario => scenario.Requests is not null).ToList();
        if (scenarios.Count == 0)
        {
            diagnostics.Add(Rules.NothingToEject.At(null, "No scenario is made of requests, so that there is no script to take over: all are scripts already, or K6ScenarioFilter leaves the others out."));
            return [];
        }

        var files = scenarios.ToDictionary(scenario => scenario.Name, scenario => Path.Combine(directory, scenario.Name + ".ts"));
        foreach (var scenario in scenarios.Where(scenario => File.Exists(files[scenario.Name])))
        {
            diagnostics.Add(Rules.EjectWouldOverwrite.At(scenario.Location,
                $"{files[scenario.Name]} exists already, and is not overwritten. Move it away, or name another folder with K6EjectDirectory. Nothing was written."));
        }

        if (diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            return [];
        }

        Directory.CreateDirectory(directory);
        foreach (var scenario in scenarios)
        {
            File.WriteAllText(files[scenario.Name], ScriptWriter.Write(scenario.Name, scenario.Requests!, directory).Text, new UTF8Encoding(false));
        }

        Change(plan, scenarios, files, diagnostics);
        return [.. files.Values];
    }

    private static void Change(LoadPlan plan, List<ScenarioPlan> scenarios, Dictionary<string, string> files, ICollection<Diagnostic> diagnostics)
    {
        var projectDirectory = Path.GetDirectoryName(plan.ProjectFile)!;
        var project = ProjectText.Read(plan.ProjectFile);
        var ejected = new List<string>();
        foreach (var scenario in scenarios)
        {
            var script = ModulePaths.Relative(projectDirectory, files[scenario.Name]);
            if (scenario.Requests!.Inputs.Count > 0)
            {
                diagnostics.Add(Rules.EjectByHand.At(scenario.Location,
                    $"The script of '{scenario.Name}' was written. Loads and thresholds that {string.Join(", ", scenario.Requests.Inputs.Select(Path.GetFileName))} declares are not in it: say them in the project, and include \"{script}\" with Name=\"{scenario.Name}\" instead."));
            }
            else if (scenario.Location.File == plan.ProjectFile && project.Change(scenario.Location, "K6Scenario", element => Include(element, script)))
            {
                ejected.Add(scenario.Name);
            }
            else
            {
                diagnostics.Add(Rules.EjectByHand.At(scenario.Location,
                    $"The script of '{scenario.Name}' was written, and this declaration cannot be changed from here. Include \"{script}\" with Name=\"{scenario.Name}\" instead of the name, and remove its K6Endpoint items."));
            }
        }

        var others = project.Names("K6Scenario").Except(ejected).Any(name => Path.GetExtension(name).Length == 0 && !name.StartsWith(ScenarioReader.Clients, StringComparison.Ordinal));
        // A document stays as it is, and so does its client.
        foreach (var place in scenarios.Where(scenario => scenario.Client is null && ejected.Contains(scenario.Name)).SelectMany(scenario => scenario.Requests!.Requests).Select(request => request.Location).Distinct())
        {
            if (place.File != plan.ProjectFile || !project.Change(place, "K6Endpoint", element => Without(element, ejected, others)))
            {
                diagnostics.Add(Rules.EjectByHand.At(place, "This request is part of a script now, and cannot be removed from here; remove it, or name the scenarios that still make it with Scenario."));
            }
        }

        project.Write();
    }

    // The script is included instead of the name; what it says itself goes. Null when the element does not name it literally.
    private static string? Include(string element, string script)
    {
        var match = IncludeAttribute().Match(element);
        if (!match.Success || match.Groups["value"].Value.AsSpan().IndexOfAny("$@;*") >= 0)
        {
            return null;
        }

        var changed = element[..match.Groups["value"].Index] + script.Replace("&", "&amp;", StringComparison.Ordinal) + element[(match.Groups["value"].Index + match.Groups["value"].Length)..];
        foreach (var metadatum in Removed)
        {
            changed = Regex.Replace(changed, $"""\s+{metadatum}\s*=\s*("[^"]*"|'[^']*')""", "", RegexOptions.IgnoreCase);
            changed = Regex.Replace(changed, $@"[ \t]*<{metadatum}>.*?</{metadatum}>[ \t]*(\r?\n)?", "", RegexOptions.IgnoreCase | RegexOptions.Singleline);
        }

        return changed;
    }

    // "" removes the element, null leaves it to the user.
    private static string? Without(string element, List<string> ejected, bool others)
    {
        var match = ScenarioAttribute().Match(element);
        if (!match.Success)
        {
            return others ? element : "";
        }

        if (match.Groups["value"].Value.AsSpan().IndexOfAny("$@") >= 0)
        {
            return null;
        }

        var names = match.Groups["value"].Value.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var left = names.Except(ejected).ToList();
        return left.Count == 0 ? "" : element[..match.Groups["value"].Index] + string.Join(", ", left) + element[(match.Groups["value"].Index + match.Groups["value"].Length)..];
    }

    [GeneratedRegex("""\bInclude\s*=\s*(?<q>["'])(?<value>.*?)\k<q>""", RegexOptions.Singleline)]
    private static partial Regex IncludeAttribute();

    [GeneratedRegex("""\bScenario\s*=\s*(?<q>["'])(?<value>.*?)\k<q>|<Scenario>(?<value>.*?)</Scenario>""", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex ScenarioAttribute();
}
