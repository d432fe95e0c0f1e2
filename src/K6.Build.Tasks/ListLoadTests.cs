using System.Globalization;
using K6.LoadTesting;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.TestRunners;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>Prints what a plan holds.</summary>
[MSBuildMultiThreadableTask]
public sealed class ListLoadTests : K6Task
{
    /// <summary>Absolute path of <c>plan.json</c>.</summary>
    [Required]
    public string PlanFile { get; set; } = "";

    /// <summary>Only the counts.</summary>
    public bool SummaryOnly { get; set; }

    /// <summary>Absolute path of <c>bundles.json</c>: the names of tests as test runners have them; empty for people's listing.</summary>
    public string BundlesFile { get; set; } = "";

    /// <summary>Filter of <c>dotnet test</c>, for those names; empty for all.</summary>
    public string Filter { get; set; } = "";

    /// <summary><c>K6Ascii</c>: <c>true</c> draws in ASCII, <c>false</c> never; empty asks <see cref="Locale"/>.</summary>
    public string Ascii { get; set; } = "";

    /// <summary>The locale of the build's environment; one that names another encoding than UTF-8 gets ASCII. Empty where there is none, as on Windows.</summary>
    public string Locale { get; set; } = "";

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var plan = LoadTestJson.Read<LoadPlan>(PlanFile);
        if (BundlesFile.Length > 0)
        {
            var cases = LoadTestCase.Of(plan, LoadTestJson.Read<TestBundle[]>(BundlesFile)).Where(CaseFilter.Parse(Filter).Matches);
            CreateOutput().Write(string.Join('\n', cases.Select(one => $"    {one.FullName}").Prepend("The following load tests are available:")));
            return;
        }

        CreateOutput().Write(SummaryOnly ? $"{Summary(plan)}: valid" : $"{Summary(plan)}\n{ScenarioListing.Write(plan, DrawsAscii()).TrimEnd()}");
    }

    private bool DrawsAscii() => Ascii.Length > 0
        ? Ascii.Trim().Equals("true", StringComparison.OrdinalIgnoreCase)
        : Locale.Length > 0 && !Locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);

    /// <summary>One line with the counts.</summary>
    internal static string Summary(LoadPlan plan)
    {
        var thresholds = plan.Tests.SelectMany(test => test.Thresholds).Select(threshold => threshold.Location).Distinct().Count();
        return $"{plan.Project}: {Count(plan.Tests.Count, "test")}, {Count(plan.Tests.Sum(test => test.Scenarios.Count), "scenario")}, "
            + $"{Count(thresholds, "threshold")}, {Count(plan.Services.Count, "service")}";
    }

    private static string Count(int count, string noun) => $"{count.ToString(CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";
}
