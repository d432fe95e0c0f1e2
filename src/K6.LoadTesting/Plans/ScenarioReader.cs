using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.Har;
using K6.LoadTesting.Sources.Http;

namespace K6.LoadTesting.Plans;

/// <summary>A <c>K6Scenario</c> that was read, whether it will run or not.</summary>
/// <param name="Test">Name of its run.</param>
/// <param name="Enabled">Whether it takes part.</param>
/// <param name="Plan">What runs.</param>
/// <param name="Requests">Its item, when it is only a name and consists of requests that are declared elsewhere; else null.</param>
internal sealed record DeclaredScenario(string Test, bool Enabled, ScenarioPlan Plan, ItemReader? Requests = null)
{
    /// <summary>Length of the warm-up that it asks for, a k6 duration; null when it says nothing.</summary>
    public string? WarmUp { get; init; }

    /// <summary>Words by which it can be selected together with others.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The file that its Include would be.</summary>
    public string SourceFile { get; init; } = Plan.File;

    /// <summary>Its name.</summary>
    public string Name => Plan.Name;
}

/// <summary>Reads <c>K6Scenario</c> items: scripts, names, runs.</summary>
internal static class ScenarioReader
{
    private static readonly string[] ScriptExtensions = [".ts", ".js", ".mts", ".mjs", ".cts", ".cjs"];

    /// <summary>How the Include of a scenario over an OpenAPI document begins.</summary>
    internal const string Clients = "k6-clients/";

    // What is said once for all requests of a scenario that has no script.
    private static readonly string[] OfRequests = ["Parameters", "Headers", "ThinkTime"];

    private static readonly string[] Metadata =
        ["Name", "Test", "Category", "Enabled", "Exec", "Tags", "Environment", WarmUps.Metadatum, HttpScenario.EnvironmentMetadatum, HarScenario.HostsMetadatum, HarScenario.StaticFilesMetadatum, .. OfRequests, .. LoadReader.Metadata];

    // k6 sets these itself, over anything that a scenario says; 'script' tells the scripts of a shared run apart.
    internal static readonly string[] ReservedTags = ["scenario", "group", "vu", "iter", "script"];

    /// <summary>Reads every scenario; the names of enabled ones are unique in what it returns.</summary>
    /// <param name="project">What the project declares.</param>
    /// <param name="scripts">Requests of the items that are files of requests.</param>
    /// <param name="clients">Its OpenAPI documents.</param>
    /// <param name="diagnostics">Receives what is wrong, each at its place.</param>
    public static IReadOnlyList<DeclaredScenario> Read(
        ProjectDeclaration project, IReadOnlyDictionary<ItemDeclaration, RequestScript?> scripts, IReadOnlyList<OpenApiPlan> clients, ICollection<Diagnostic> diagnostics)
    {
        var scenarios = new List<DeclaredScenario>();
        foreach (var item in project.Items.Where(item => item.Kind.Equals("K6Scenario", StringComparison.OrdinalIgnoreCase)))
        {
            var reader = new ItemReader(item, Metadata, new Dictionary<string, string>(), diagnostics);
            var scenario = Read(project, clients, reader, scripts.GetValueOrDefault(item), diagnostics);
            if (!scenario.Enabled)
            {
                scenarios.Add(scenario);
                continue;
            }

            var others = scenarios.FindAll(other => other.Enabled);
            var sameName = others.Find(other => other.Name.Equals(scenario.Name, StringComparison.OrdinalIgnoreCase));
            var sameTest = others.Find(other => other.Test != scenario.Test && other.Test.Equals(scenario.Test, StringComparison.OrdinalIgnoreCase));
            if (sameName is not null)
            {
                reader.Report(Rules.DuplicateName, reader.Has("Name") ? "Name" : null,
                    $"Scenario '{scenario.Name}' is declared at {sameName.Plan.Location} already; give one of them another Name.");
                continue;
            }

            if (sameTest is not null)
            {
                reader.Report(Rules.DuplicateName, reader.Has("Test") ? "Test" : null,
                    $"Test '{scenario.Test}' differs from '{sameTest.Test}' at {sameTest.Plan.Location} only in upper and lower case; write them alike.");
            }

            scenarios.Add(scenario);
        }

        return scenarios;
    }

    private static DeclaredScenario Read(
        ProjectDeclaration project, IReadOnlyList<OpenApiPlan> clients, ItemReader reader, RequestScript? requests, ICollection<Diagnostic> diagnostics)
    {
        var client = reader.Include.StartsWith(Clients, StringComparison.Ordinal) ? reader.Include[Clients.Length..] : null;
        var file = Path.GetFullPath(Path.Combine(project.Directory, reader.Include));
        var name = reader.Text("Name") ?? client ?? Path.GetFileNameWithoutExtension(file);
        var test = reader.Text("Test") ?? name;
        if (reader.Switch("Enabled") == false)
        {
            // Removed: nothing else of it is looked at, its script need not exist.
            return new DeclaredScenario(test, false, new ScenarioPlan { Name = name, File = file, Location = reader.Location });
        }

        var isName = client is null && Path.GetExtension(file).Length == 0 && !Directory.Exists(file) && !File.Exists(file);
        if (client is not null && clients.All(one => one.Name != client))
        {
            reader.Report(Rules.OpenApiNameUnknown, null, $"'{reader.Include}' is a scenario over all operations of an OpenAPI document, and the project has no client '{client}'.{(clients.Count == 0 ? $" Declare it: <K6OpenApi Include=\"{client}.yaml\" />." : NearestName.Hint(client, [.. clients.Select(one => one.Name)]))}");
        }
        else if (client is null && !isName)
        {
            CheckScript(project, reader, file);
        }

        foreach (var metadatum in isName ? reader.Set(["Exec"]) : reader.Set(OfRequests))
        {
            reader.Report(Rules.RequestMetadataOfScript, metadatum, isName
                ? $"{metadatum} names a function of a script, and '{reader.Include}' has none; remove it."
                : $"{metadatum} belongs to scenarios that are only a name and consist of K6Endpoint items; '{reader.Include}' is a script, and says it there.");
        }

        reader.CheckName(reader.Has("Name") ? "Name" : null, name,
            reader.Has("Name") ? "The name is k6's name of the scenario." : "It comes from the file's name; give the item a Name.");
        if (reader.Has("Test"))
        {
            reader.CheckName("Test", test, "The name of a test is the name of its folder of results.");
        }

        var tags = reader.Pairs("Tags");
        foreach (var tag in tags.Keys.Intersect(ReservedTags))
        {
            reader.Report(Rules.ReservedTag, "Tags", $"The tag '{tag}' is set by the engine, whatever Tags says; choose another key.");
        }

        var environment = reader.Pairs("Environment");
        foreach (var variable in environment.Keys)
        {
            EnvironmentReader.CheckName(variable, reader.At("Environment"), diagnostics);
            EnvironmentReader.WarnOfSecret(variable, reader.At("Environment"), diagnostics);
        }

        return new DeclaredScenario(test, true, new ScenarioPlan
        {
            Name = name,
            File = isName || requests is not null || client is not null ? SourceScripts.PathOf(project.GeneratedDirectory, name) : file,
            Exec = reader.Text("Exec"),
            Requests = requests,
            Client = client,
            Load = LoadReader.Read(reader),
            Pattern = PatternReader.PatternOf(reader),
            Tags = tags,
            Environment = environment,
            Location = reader.Location,
            MetadataLocations = reader.Places,
        }, isName ? reader : null)
        {
            SourceFile = file,
            Categories = Categories(reader),
            WarmUp = WarmUps.Read(reader),
        };
    }

    private static IReadOnlyList<string> Categories(ItemReader reader)
    {
        var categories = reader.List("Category");
        foreach (var category in categories.Where(category => !ItemReader.IsName(category)))
        {
            reader.Report(Rules.InvalidName, "Category", $"'{category}' cannot be a category; use letters, digits, '_' and '-' only, with commas between several.");
        }

        return categories;
    }

    private static void CheckScript(ProjectDeclaration project, ItemReader reader, string file)
    {
        var extension = Path.GetExtension(file);
        if (reader.Has(HttpScenario.EnvironmentMetadatum) && !SourceItems.IsHttp(file))
        {
            reader.Report(Rules.UnknownMetadata, HttpScenario.EnvironmentMetadatum, $"{HttpScenario.EnvironmentMetadatum} belongs to .http files; remove it from '{reader.Include}'. Variables of a script are K6EnvironmentVariable items.");
        }

        foreach (var metadatum in SourceItems.IsHar(file) ? [] : reader.Set([HarScenario.HostsMetadatum, HarScenario.StaticFilesMetadatum]))
        {
            reader.Report(Rules.UnknownMetadata, metadatum, $"{metadatum} belongs to recordings, .har files; remove it from '{reader.Include}'.");
        }

        reader.Switch(HarScenario.StaticFilesMetadatum);
        if (ScriptExtensions.Contains(extension, StringComparer.OrdinalIgnoreCase) || SourceItems.IsHttp(file) || SourceItems.IsHar(file))
        {
            if (!File.Exists(file))
            {
                reader.Report(Rules.MissingScript, null,
                    $"The script '{reader.Include}' does not exist: {file}. Paths start at the project's folder, {project.Directory}.{NearestScript(file)}");
            }
        }
        else
        {
            reader.Report(Rules.NotAScript, null, $"'{reader.Include}' is not a script; include a file that ends in {string.Join(", ", ScriptExtensions)}.");
        }
    }

    internal static string NearestScript(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder))
        {
            return $" The folder {folder} does not exist either.";
        }

        var scripts = Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)
            .Where(name => ScriptExtensions.Concat(SourceItems.HttpExtensions).Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)).ToList();
        var wanted = Path.GetFileName(file);
        var nearest = scripts.Find(name => Path.GetFileNameWithoutExtension(name) == Path.GetFileNameWithoutExtension(wanted)) ?? (Path.GetExtension(wanted).Length > 0 ? NearestName.Of(wanted, scripts)
                : scripts.Find(name => Path.GetFileNameWithoutExtension(name) == NearestName.Of(wanted, [.. scripts.Select(Path.GetFileNameWithoutExtension).OfType<string>()])));
        return nearest is null ? "" : $" Did you mean '{nearest}'?";
    }
}
