using K6.LoadTesting.Authoring;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>
/// Writes what editors need into <c>obj/k6</c>: the <c>tsconfig.json</c>, the script library, and while restoring the modules of test data.
/// What is wrong with the data, and what is very large, is left to the build.
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

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        EditorConfiguration.Write(OutputDirectory, TypesDirectories);
        if (Data.Length == 0)
        {
            return;
        }

        var place = new SourceLocation(ProjectFile, 1, 1);
        var project = new ProjectDeclaration
        {
            File = ProjectFile,
            Items = [.. Data.Select(item => new ItemDeclaration(DataReader.Item, item.ItemSpec, place)
            {
                Metadata = item.CloneCustomMetadata().Keys.Cast<string>().ToDictionary(name => name, item.GetMetadata, StringComparer.OrdinalIgnoreCase),
            })],
        };
        var diagnostics = new List<Diagnostic>();
        var plans = DataReader.Read(project, diagnostics);
        DataModules.Write(plans, Path.GetDirectoryName(ProjectFile)!, OutputDirectory, diagnostics, mostBytes: DataModules.MostBytesInRestore);
        Report(diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Info));
    }
}
