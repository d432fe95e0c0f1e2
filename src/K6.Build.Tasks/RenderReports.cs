using K6.LoadTesting.Reports;
using K6.LoadTesting.Running;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Renders the reports of a result again.</summary>
[MSBuildMultiThreadableTask]
public sealed class RenderReports : K6Task
{
    /// <summary>Absolute path of the folder of results.</summary>
    [Required]
    public string ResultsDirectory { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var result = ReportRunner.Render(Path.Combine(ResultsDirectory, "loadtest.json"));
        CreateOutput().Write(string.Join(Environment.NewLine, [.. VerdictText.Render(result), $"Reports: {ResultsDirectory}"]));
    }
}
