using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources.Har;
using K6.LoadTesting.Sources.Http;

namespace K6.LoadTesting.Sources;

/// <summary>
/// What files of requests declare, put among the items of the project: their loads, thresholds, variables and secrets are then read and checked as if they
/// were written there, and reported at their own lines.
/// </summary>
internal sealed class SourceItems
{
    /// <summary>Extensions of <c>.http</c> files.</summary>
    public static readonly IReadOnlyList<string> HttpExtensions = [".http", ".rest"];

    private SourceItems(ProjectDeclaration project, IReadOnlyDictionary<ItemDeclaration, RequestScript?> scripts)
    {
        Project = project;
        Scripts = scripts;
    }

    /// <summary>The project with what the files add.</summary>
    public ProjectDeclaration Project { get; }

    /// <summary>Requests of the <c>K6Scenario</c> items of this project that are files of requests; null for those with errors.</summary>
    public IReadOnlyDictionary<ItemDeclaration, RequestScript?> Scripts { get; }

    /// <summary>Reads the files of requests of a project.</summary>
    /// <param name="project">What the project declares.</param>
    /// <param name="diagnostics">Receives what is wrong with them.</param>
    public static SourceItems Read(ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var items = new List<ItemDeclaration>();
        var added = new List<ItemDeclaration>();
        var scripts = new Dictionary<ItemDeclaration, RequestScript?>(ReferenceEqualityComparer.Instance);
        foreach (var item in project.Items)
        {
            var file = Path.GetFullPath(Path.Combine(project.Directory, item.Include.Trim()));
            if (!item.Kind.Equals("K6Scenario", StringComparison.OrdinalIgnoreCase) || !(IsHttp(file) || IsHar(file)) || !File.Exists(file) || Text(item, "Enabled")?.Equals("false", StringComparison.OrdinalIgnoreCase) == true)
            {
                items.Add(item);
                continue;
            }

            var name = Text(item, "Name") ?? Path.GetFileNameWithoutExtension(file);
            if (IsHar(file))
            {
                items.Add(item);
                scripts[item] = HarScenario.Read(file, name, Options(item), project, diagnostics);
                continue;
            }

            var source = HttpScenario.Read(file, name, Environment(item), project with { Items = [.. project.Items, .. added] }, diagnostics);
            var read = source is null ? item : WithLoad(item, source.Load);
            items.Add(read);
            scripts[read] = source?.Script;
            added.AddRange(source?.Items ?? []);
        }

        return new SourceItems(project with { Items = [.. items, .. added] }, scripts);
    }

    /// <summary>Whether a file is one of HTTP requests, by its name.</summary>
    public static bool IsHttp(string file) => HttpExtensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is a recording, by its name.</summary>
    public static bool IsHar(string file) => Path.GetExtension(file).Equals(".har", StringComparison.OrdinalIgnoreCase);

    private static HarOptions Options(ItemDeclaration item) => new(
        Text(item, HarScenario.HostsMetadatum)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        Text(item, HarScenario.StaticFilesMetadatum)?.Equals("true", StringComparison.OrdinalIgnoreCase) == true);

    private static (string? Name, SourceLocation Place) Environment(ItemDeclaration item) =>
        (Text(item, HttpScenario.EnvironmentMetadatum), item.MetadataLocations.GetValueOrDefault(HttpScenario.EnvironmentMetadatum, item.Location));

    // As metadata of an item replace the load of a script as a whole, so do they that of a file.
    private static ItemDeclaration WithLoad(ItemDeclaration item, IReadOnlyDictionary<string, (string Value, SourceLocation Place)> load)
    {
        if (load.Count == 0 || LoadReader.Metadata.Any(name => Text(item, name) is not null))
        {
            return item;
        }

        var metadata = new Dictionary<string, string>(item.Metadata, StringComparer.OrdinalIgnoreCase);
        var places = new Dictionary<string, SourceLocation>(item.MetadataLocations, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, (value, place)) in load)
        {
            (metadata[name], places[name]) = (value, place);
        }

        return item with { Metadata = metadata, MetadataLocations = places };
    }

    private static string? Text(ItemDeclaration item, string name) => item.Metadata.GetValueOrDefault(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
