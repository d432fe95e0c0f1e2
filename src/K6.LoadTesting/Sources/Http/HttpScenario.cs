using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <summary>What an <c>.http</c> file declares: requests, and besides them what items of a project would.</summary>
/// <param name="Script">The requests.</param>
/// <param name="Items">Thresholds, variables and secrets, each at its line of the file.</param>
/// <param name="Load">Load metadata by name, for an item that has none, each with its place.</param>
internal sealed record HttpScenario(
    RequestScript Script,
    IReadOnlyList<ItemDeclaration> Items,
    IReadOnlyDictionary<string, (string Value, SourceLocation Place)> Load)
{
    /// <summary>Metadatum of a <c>K6Scenario</c> that names the environment.</summary>
    public const string EnvironmentMetadatum = "HttpEnvironment";

    /// <summary>Reads an <c>.http</c> file with its environment files.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="scenario">Name of the scenario.</param>
    /// <param name="environment">Name of the environment, null for none, and where it is chosen.</param>
    /// <param name="project">The project, whose services give addresses.</param>
    /// <param name="diagnostics">Receives what is wrong, and what will not be done, each at its line.</param>
    /// <returns>Null when it cannot be a scenario; that was reported.</returns>
    public static HttpScenario? Read(
        string file, string scenario, (string? Name, SourceLocation Place) environment, ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var found = new List<Diagnostic>();
        HttpScenario? result = null;
        if (HttpText.Read(file, found) is { } text)
        {
            var environments = HttpEnvironments.Read(file, found);
            if (environment.Name is { } name && !environments.Names.Contains(name, StringComparer.Ordinal))
            {
                found.Add(Rules.HttpEnvironment.At(environment.Place, environments.Files.Count == 0
                    ? $"There is no environment '{name}': neither beside {Path.GetFileName(file)} nor above it is a file http-client.env.json."
                    : $"There is no environment '{name}' in {environments.Files[0]}.{NearestName.Hint(name, environments.Names)}"));
            }
            else
            {
                result = new HttpScenarioBuilder(HttpFileParser.Parse(file, text, found), environments, scenario, environment.Name, project, found).Build();
            }
        }

        found.ForEach(diagnostics.Add);
        return found.Exists(one => one.Severity == DiagnosticSeverity.Error) ? null : result;
    }
}
