using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Marks the history, so that runs from here on are compared with each other and no more with those before.</summary>
[MSBuildMultiThreadableTask]
public sealed class AcceptBaseline : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        if (plan.Settings.HistoryPath is not { } path)
        {
            Report(Rules.RunNotFound.At(null, "There is no history to mark: K6HistoryPath is none."));
            return;
        }

        // Reading it first refuses to write into a file that is no history.
        var diagnostics = new List<Diagnostic>();
        var store = new HistoryStore(path);
        store.Read(diagnostics);
        Report(diagnostics);
        store.Append(HistoryLine.Accepted(plan));
        CreateOutput().Write($"{string.Join(", ", plan.Tests.Select(test => test.Name))}: the baseline begins anew with the next green run; runs before are kept in {path}");
    }
}
