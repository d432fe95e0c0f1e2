using System.Text;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources.ApiChecks;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>
/// Makes the clients that scripts import as <c>k6-clients/NAME</c>, each from its document. Nothing is done for documents that did not change, nor did any file that
/// they refer to.
/// </summary>
internal static class OpenApiClients
{
    /// <summary>Folder of the clients within <c>obj/k6</c>.</summary>
    public const string Folder = "clients";

    /// <summary>Writes the clients of a plan; those of a plan before that are not in this one are removed.</summary>
    /// <param name="clients">The documents.</param>
    /// <param name="projectDirectory">Absolute path of the project's folder.</param>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    /// <param name="called">Names of the clients that scenarios call all operations of; the requests of those are made, too.</param>
    /// <param name="diagnostics">Receives what is wrong, at lines of the documents.</param>
    /// <returns>The names of the clients that were made now.</returns>
    public static IReadOnlyList<string> Write(
        IReadOnlyList<OpenApiPlan> clients, string projectDirectory, string outputDirectory, IReadOnlyCollection<string> called, ICollection<Diagnostic> diagnostics)
    {
        var folder = Path.Combine(outputDirectory, Folder);
        var made = new List<string>();
        // A project's document is there once it was built; editors ask before.
        foreach (var plan in clients.Where(plan => plan.Project is null || File.Exists(plan.File)))
        {
            var smoke = called.Contains(plan.Name);
            var key = Key(plan);
            if (ModuleState.Read(folder, plan.Name) is { } last && last.IsCurrent(key) && (!smoke || File.Exists(RequestsFile(outputDirectory, plan.Name))))
            {
                last.Said.ToList().ForEach(diagnostics.Add);
            }
            else if (Make(plan, key, folder, projectDirectory, smoke, diagnostics))
            {
                made.Add(plan.Name);
            }
        }

        RemoveLeftovers(folder, clients);
        return made;
    }

    private static bool Make(OpenApiPlan plan, string key, string folder, string projectDirectory, bool smoke, ICollection<Diagnostic> diagnostics)
    {
        Directory.CreateDirectory(folder);
        var said = new List<Diagnostic>();
        var problems = new DocumentProblems(said);
        var documents = new DocumentSet(problems);
        var document = ApiReader.Read(plan.File, plan.Location, documents, problems);
        var texts = document is null ? [] : Texts(plan, document with { SecuritySchemes = Variables(plan, document, problems) }, documents, problems, projectDirectory, smoke);
        said.ForEach(diagnostics.Add);
        if (problems.HasErrors || document is null)
        {
            File.Delete(ModuleState.PathOf(folder, plan.Name));
            return false;
        }

        var files = texts.Select(text => Path.Combine(folder, text.File)).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            File.WriteAllText(files[i], texts[i].Text, new UTF8Encoding(false));
        }

        new ModuleState
        {
            Key = key,
            Inputs = [.. documents.Files.Select(FileStamp.Of)],
            Outputs = [.. files.Select(FileStamp.Of)],
            Said = said,
        }.Write(folder, plan.Name);
        return true;
    }

    private static (string File, string Text)[] Texts(
        OpenApiPlan plan, ApiDocument document, DocumentSet documents, DocumentProblems problems, string projectDirectory, bool smoke)
    {
        var source = plan.Project is null ? ModulePaths.Relative(projectDirectory, plan.File) : Path.GetFileName(plan.Project);
        var names = new SchemaNames(documents, problems);
        var writer = new ClientWriter(plan, document, documents, names, problems);
        var (operations, schemas) = writer.Write(source);
        var listed = OperationFilter.Included(plan, document, problems);
        return
        [
            (plan.Name + ".ts", ClientWriter.Index(plan.Name)),
            (ClientWriter.OperationsModule(plan.Name) + ".ts", operations),
            (ClientWriter.SchemasModule(plan.Name) + ".ts", schemas),
            (Path.GetFileName(OperationList.PathOf("", plan.Name)), OperationList.Of(plan, document, listed, source)),
            .. smoke && new SmokeScript(plan, document, documents, names, problems).Make() is { } script ? [(Path.GetFileName(RequestsFile("", plan.Name)), StateFile.Text(script))] : Array.Empty<(string, string)>(),
        ];
    }

    /// <summary>Gives the scenarios over documents their requests, once the clients were written.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    public static LoadPlan WithRequests(LoadPlan plan, string outputDirectory)
    {
        return plan with { Tests = [.. plan.Tests.Select(test => test with { Scenarios = [.. test.Scenarios.Select(With)] })] };

        ScenarioPlan With(ScenarioPlan scenario)
        {
            if (scenario.Client is null || StateFile.Read<RequestScript>(RequestsFile(outputDirectory, scenario.Client)) is not { } requests)
            {
                return scenario;
            }

            var complete = scenario with { Requests = requests };
            return plan.Settings.ApiCheck ? ApiCheckPlan.Once(complete) : complete;
        }
    }

    // The requests of a scenario over all operations of a client.
    private static string RequestsFile(string outputDirectory, string client) => Path.Combine(outputDirectory, Folder, client + ".requests.json");

    // SHOP_BEARER, unless the project names another.
    private static Dictionary<string, ApiSecurityScheme> Variables(OpenApiPlan plan, ApiDocument document, DocumentProblems problems)
    {
        foreach (var name in plan.Security.Keys.Where(name => !document.SecuritySchemes.ContainsKey(name)))
        {
            problems.Add(Rules.OpenApiNameUnknown, plan.At("Security"), $"The document has no security scheme '{name}' that is supported.{NearestName.Hint(name, [.. document.SecuritySchemes.Keys])}");
        }

        return document.SecuritySchemes.ToDictionary(
            scheme => scheme.Key,
            scheme => scheme.Value with { Variable = plan.Security.GetValueOrDefault(scheme.Key) ?? ApiNames.Variable($"{plan.Name} {scheme.Key}") },
            StringComparer.Ordinal);
    }

    // Lines may move without a new result; the version of the library may not.
    private static string Key(OpenApiPlan plan)
    {
        var moved = plan with { Location = new SourceLocation("", 0, 0), MetadataLocations = new Dictionary<string, SourceLocation>() };
        return InputState.Hash([InputState.Library, StateFile.Text(moved)]);
    }

    private static void RemoveLeftovers(string folder, IReadOnlyList<OpenApiPlan> clients)
    {
        var names = clients.Select(plan => plan.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Where(file => !names.Contains(Path.GetFileName(file).Split('.')[0])) : [])
        {
            File.Delete(file);
        }
    }
}
