using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Prints the history of a project's tests, and writes it as a page.</summary>
[MSBuildMultiThreadableTask]
public sealed class ShowHistory : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var settings = LoadTestJson.Read<LoadPlan>(PlanFile).Settings;
        var diagnostics = new List<Diagnostic>();
        var history = settings.HistoryPath is { } path ? new HistoryStore(path).Read(diagnostics) : [];
        Report(diagnostics);
        var page = Path.Combine(settings.ResultsDirectory, "history.html");
        Directory.CreateDirectory(settings.ResultsDirectory);
        File.WriteAllText(page, HistoryPage.Render(history));
        CreateOutput().Write($"{HistoryText.Render(history)}\nhistory: {settings.HistoryPath ?? "none is kept (K6HistoryPath=none)"}\npage: {page}");
    }
}
