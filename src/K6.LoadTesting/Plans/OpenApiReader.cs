using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Plans;

/// <summary>Reads <c>K6OpenApi</c> items. Looks at files only to see whether they exist; documents are read by <see cref="OpenApiClients"/>.</summary>
internal static class OpenApiReader
{
    /// <summary>The item's name.</summary>
    public const string Item = "K6OpenApi";

    private static readonly string[] Extensions = [".json", ".yaml", ".yml"];

    // What only the project that makes a document has.
    private static readonly string[] OfProjects = ["DocumentName", "Configuration"];

    private static readonly string[] Metadata =
        ["Name", "UrlVariable", "ValidateResponses", "Security", "Exclude", "Parameters", "TokenOperation", "TokenPlace", "Seed", .. OfProjects];

    /// <summary>Reads every item; names in what it returns are unique.</summary>
    /// <param name="project">What the project declares.</param>
    /// <param name="services">Its services, of which one may be the project that makes a document.</param>
    /// <param name="diagnostics">Receives what is wrong, each at its place.</param>
    public static IReadOnlyList<OpenApiPlan> Read(ProjectDeclaration project, IReadOnlyList<ServicePlan> services, ICollection<Diagnostic> diagnostics)
    {
        var plans = new List<OpenApiPlan>();
        foreach (var declaration in project.Items.Where(item => item.Kind.Equals(Item, StringComparison.OrdinalIgnoreCase)))
        {
            var reader = new ItemReader(declaration, Metadata, new Dictionary<string, string>(), diagnostics);
            if (Read(project, services, reader, diagnostics) is not { } plan)
            {
                continue;
            }

            if (plans.Find(other => other.Name.Equals(plan.Name, StringComparison.OrdinalIgnoreCase)) is { } same)
            {
                reader.Report(Rules.OpenApiContradictory, reader.Has("Name") ? "Name" : null,
                    $"The client '{plan.Name}' is declared at {same.Location} already, and scripts could not tell them apart; give one of them another Name.");
                continue;
            }

            plans.Add(plan);
        }

        return plans;
    }

    private static OpenApiPlan? Read(ProjectDeclaration project, IReadOnlyList<ServicePlan> services, ItemReader reader, ICollection<Diagnostic> diagnostics)
    {
        var file = Path.GetFullPath(Path.Combine(project.Directory, reader.Include));
        var isProject = ServiceReader.IsProject(reader.Include);
        var stem = Path.GetFileNameWithoutExtension(file);
        var name = reader.Text("Name") ?? (isProject ? ServiceReader.NameOf(stem) : stem);
        if (!reader.CheckName(reader.Has("Name") ? "Name" : null, name, "Scripts import it as k6-clients/NAME." + (reader.Has("Name") ? "" : " Give the item a Name.")))
        {
            return null;
        }

        if (!isProject && !Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
        {
            reader.Report(Rules.OpenApiMissing, null, $"'{reader.Include}' is no OpenAPI document; include a file that ends in {string.Join(", ", Extensions)}, or an ASP.NET Core project.");
            return null;
        }

        if (!File.Exists(file))
        {
            reader.Report(Rules.OpenApiMissing, null, $"The {(isProject ? "project" : "document")} '{reader.Include}' does not exist: {file}. Paths start at the project's folder, {project.Directory}.{DataReader.NearestFile(file)}");
        }

        if (!isProject)
        {
            foreach (var metadatum in reader.Set(OfProjects))
            {
                reader.Report(Rules.OpenApiContradictory, metadatum, $"{metadatum} is for a project that makes its document, and '{reader.Include}' is one; remove it.");
            }
        }

        if (reader.Has("TokenPlace") && !reader.Has("TokenOperation"))
        {
            reader.Report(Rules.OpenApiContradictory, "TokenPlace", "TokenPlace says where a token is in the answer of TokenOperation; name that operation, or remove it.");
        }

        var seed = reader.Number("Seed") ?? 1;
        if (seed is < 0 or > int.MaxValue)
        {
            reader.Report(Rules.InvalidValue, "Seed", $"Seed=\"{seed}\" is not a number from 0 to {int.MaxValue}.");
        }

        var security = reader.Pairs("Security");
        foreach (var variable in security.Values.Append(reader.Text("UrlVariable")).OfType<string>())
        {
            EnvironmentReader.CheckName(variable, reader.At(security.Values.Contains(variable) ? "Security" : "UrlVariable"), diagnostics);
        }

        return new OpenApiPlan
        {
            Name = name,
            File = isProject ? Path.Combine(project.GeneratedDirectory, OpenApiClients.Folder, name + ".document.json") : file,
            Project = isProject ? file : null,
            DocumentName = reader.Text("DocumentName"),
            Configuration = reader.Text("Configuration") ?? "Release",
            UrlVariable = reader.Text("UrlVariable") ?? services.FirstOrDefault(service => isProject && service.Project == file)?.UrlVariable ?? ServicePlan.DefaultUrlVariable,
            ValidateResponses = reader.Switch("ValidateResponses") ?? false,
            Security = security,
            Exclude = reader.List("Exclude"),
            Parameters = Parameters(reader),
            TokenOperation = reader.Text("TokenOperation"),
            TokenPlace = reader.Text("TokenPlace") ?? "$.token",
            Seed = (int)Math.Clamp(seed, 0, int.MaxValue),
            Location = reader.Location,
            MetadataLocations = reader.Places,
        };
    }

    // name=value, one a line or separated by commas.
    private static Dictionary<string, string> Parameters(ItemReader reader)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in (reader.Text("Parameters") ?? "").Split(['\n', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parameters.TryAdd(entry[..equals].Trim(), entry[(equals + 1)..].Trim()))
            {
                reader.Report(Rules.InvalidValue, "Parameters", equals <= 0
                    ? $"'{entry}' in Parameters is not name=values; write id=1..200, size=S|M|L or password=env.SHOP_PASSWORD, one a line."
                    : $"'{entry[..equals].Trim()}' is given twice in Parameters; keep one.");
            }
        }

        return parameters;
    }
}
