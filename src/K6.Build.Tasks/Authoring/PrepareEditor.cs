using K6.Build.Tasks.Declarations;
using K6.LoadTesting.Authoring;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources.OpenApi;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>
/// Writes what editors need into <c>obj/k6</c>: the <c>tsconfig.json</c>, the script library, and while restoring the modules of test data and the clients of
/// OpenAPI documents. What is wrong with them, and data that are very large, is left to the build.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class PrepareEditor : K6Task
{
    /// <summary>Absolute path of <c>obj/k6</c>.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>Absolute paths of the folders with the types of k6.</summary>
    [Required]
    public string[] TypesDirectories { get; set; } = [];

    /// <summary>The <c>K6Data</c> items.</summary>
    public ITaskItem[] Data { get; set; } = [];

    /// <summary>The <c>K6OpenApi</c> items; those that are projects wait for the build.</summary>
    public ITaskItem[] OpenApi { get; set; } = [];

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        EditorConfiguration.Write(OutputDirectory, TypesDirectories);
        var folder = Path.GetDirectoryName(ProjectFile)!;
        var project = new ProjectDeclaration
        {
            File = ProjectFile,
            GeneratedDirectory = OutputDirectory,
            Items = [.. Data.Select(item => Declare(DataReader.Item, item)), .. OpenApi.Select(item => Declare(OpenApiReader.Item, item))],
        };
        var diagnostics = new List<Diagnostic>();
        if (Data.Length > 0)
        {
            DataModules.Write(DataReader.Read(project, diagnostics), folder, OutputDirectory, diagnostics, mostBytes: DataModules.MostBytesInRestore);
        }

        if (OpenApi.Length > 0)
        {
            OpenApiClients.Write(OpenApiReader.Read(project, [], diagnostics), folder, OutputDirectory, [], diagnostics);
        }

        Report(diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Info));
    }

    private ItemDeclaration Declare(string kind, ITaskItem item) => new(kind, item.ItemSpec, new SourceLocation(ProjectFile, 1, 1))
    {
        Metadata = DeclarationReader.CustomMetadata(item),
    };
}
