using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.ApiChecks;
using K6.LoadTesting.Sources.Endpoints;

namespace K6.LoadTesting.Plans;

/// <summary>Makes a validated <see cref="LoadPlan"/> of what a project declares.</summary>
internal static class LoadPlanBuilder
{
    /// <summary>The items that a project declares load tests with.</summary>
    internal static IReadOnlyList<string> Items { get; } = ["K6Scenario", "K6Threshold", "K6Regression", "K6EnvironmentVariable", "K6Secret", "K6Service", "K6Data", "K6Endpoint", OpenApiReader.Item, OutputItemReader.Item];

    /// <summary>
    /// Reads and validates everything, so that one build tells about every mistake. Looks at files only to see whether they exist.
    /// </summary>
    /// <param name="project">What the project declares.</param>
    /// <param name="diagnostics">Receives errors and warnings, each at its place; holds those of the project that are known already.</param>
    /// <returns>The plan; null when there was an error.</returns>
    public static LoadPlan? Build(ProjectDeclaration project, ICollection<Diagnostic> diagnostics) => Build(project, diagnostics, forImport: false);

    /// <summary>
    /// The same for the result of a k6 run that was made elsewhere: one test, which needs no scenario. It is the one that <c>K6ReportTest</c> names, else the
    /// project's only one; thresholds of services do not apply.
    /// </summary>
    /// <param name="project">What the project declares.</param>
    /// <param name="diagnostics">Receives errors and warnings.</param>
    /// <returns>The plan; null when there was an error.</returns>
    public static LoadPlan? BuildForImport(ProjectDeclaration project, ICollection<Diagnostic> diagnostics) => Build(project, diagnostics, forImport: true);

    private static LoadPlan? Build(ProjectDeclaration project, ICollection<Diagnostic> diagnostics, bool forImport)
    {
        var found = new List<Diagnostic>();
        CheckItems(project, found);

        var sources = SourceItems.Read(project, found);
        project = sources.Project;
        var services = ServiceReader.Read(project, found);
        var clients = OpenApiReader.Read(project, services, found);
        var scenarios = ScenarioReader.Read(project, sources.Scripts, clients, found);
        var environment = EnvironmentReader.Read(project, found);
        var secrets = SecretReader.Read(project, environment, found);
        var data = DataReader.Read(project, found);
        string[] variables = [.. environment.Select(one => one.Name), .. secrets.Select(one => one.Name), .. services.Select(one => one.UrlVariable).OfType<string>()];
        var declared = EndpointScenarios.Read(project, scenarios, data, variables, found);
        var settings = new SettingsReader(project, found);
        var enabled = declared.Where(scenario => scenario.Enabled).ToList();
        // An element without an item, such as a glob that matches nothing, was reported already and may be why there is none.
        if (enabled.Count == 0 && !forImport && diagnostics.All(one => one.Code != Rules.ItemYieldsNothing.Code))
        {
            found.Add(Rules.NoScenarios.At(new SourceLocation(project.File, 1, 1), declared.Count == 0
                ? $"{project.Name} declares no scenario; add one, such as <K6Scenario Include=\"{(clients is [var first, ..] ? $"k6-clients/{first.Name}" : "browse.ts")}\" Vus=\"5\" Duration=\"30s\" />."
                : $"Every scenario of {project.Name} has Enabled=\"false\"; enable one."));
        }

        // Thresholds may name scenarios that are disabled or filtered out: they do not apply then, and are no mistake.
        var thresholds = ThresholdReader.Read(project, declared, services, found);
        var warmUp = settings.WarmUp();
        var regressions = RegressionReader.Read(project, declared, found);
        var tests = (enabled.Count == 0 ? enabled : settings.Filter(enabled))
            .GroupBy(scenario => scenario.Test)
            .Select(test => WithExpectations(new TestPlan
            {
                Name = test.Key,
                Scenarios = [.. test.Select(scenario => scenario.Plan)],
                Thresholds = ThresholdReader.For(test.Key, [.. test.Select(scenario => scenario.Plan)], thresholds, found),
                WarmUp = WarmUps.Of([.. test], warmUp, found),
                Regressions = [.. regressions.Where(one => one.Test is null || one.Test == test.Key).Select(one => one.Plan)],
            }))
            .ToList();

        if (forImport)
        {
            tests = [settings.Imported(tests, thresholds.Where(one => !ServiceMetrics.IsOne(one.Plan.Metric)).ToList(), found)];
        }

        var plan = new LoadPlan
        {
            Project = project.Name,
            ProjectFile = project.File,
            Tests = tests,
            Services = services,
            Data = data,
            OpenApi = clients,
            Environment = environment,
            Secrets = secrets,
            Outputs = OutputItemReader.Read(project, found),
            Settings = settings.Read(forImport),
        };
        if (plan.Settings.CompareWith is not null && regressions.Count == 0 && !plan.Settings.Debug && !plan.Settings.ApiCheck)
        {
            found.Add(Rules.NothingToJudge.At(new SourceLocation(project.File, 1, 1), "K6CompareWith measures two services in turn, and nothing says how much slower is too much: add <K6Regression Include=\"http_req_duration\" Statistic=\"med\" MaxIncrease=\"10%\" Severity=\"error\" />."));
        }

        if (plan.Settings.ApiCheck)
        {
            plan = ApiCheckPlan.Of(plan, found);
        }
        else if (!plan.Settings.Samples && !plan.Settings.Debug)
        {
            found.AddRange(tests.SelectMany(test => test.Thresholds)
                .Where(threshold => threshold.Judge == ThresholdJudge.Samples)
                .Select(threshold => Rules.NeedsSamples.At(threshold.Location, $"'{threshold.Name}' can be judged by raw samples only, which are not kept: set K6Samples=true (1.3 to 1.6 times the engine's CPU), or limit what the engine tells by itself (docs/thresholds.md)."))
                .Distinct());
        }

        foreach (var diagnostic in found)
        {
            diagnostics.Add(diagnostic);
        }

        return diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? null
            : plan.Settings.Debug ? plan with { Tests = [.. plan.Tests.Select(test => test with { Thresholds = [], Regressions = [], WarmUp = null })] }
            : plan;
    }

    // An expectation of an endpoint that is not met fails the test, unless a threshold on checks says how many may be. Files of requests say it themselves.
    private static TestPlan WithExpectations(TestPlan test) => test with
    {
        Scenarios =
        [
            .. test.Scenarios.Select(scenario =>
                scenario.Requests is { Inputs.Count: 0, FirstExpectation: { } place } requests
                && !requests.Thresholds.Any(threshold => IsOnChecks(threshold.Metric))
                && !test.Thresholds.Any(threshold => IsOnChecks(threshold.Metric) && (threshold.Scenario ?? scenario.Name) == scenario.Name)
                    ? scenario with { Requests = requests with { Thresholds = [.. requests.Thresholds, new ScriptThresholdLine("checks", "rate==1", place)] } }
                    : scenario),
        ],
    };

    private static bool IsOnChecks(string metric) => metric == "checks" || metric.StartsWith("checks{", StringComparison.Ordinal);

    private static void CheckItems(ProjectDeclaration project, List<Diagnostic> found)
    {
        foreach (var item in project.Items.Where(item => !Items.Contains(item.Kind, StringComparer.OrdinalIgnoreCase)))
        {
            found.Add(Rules.UnknownItem.At(item.Location, $"There is no item {item.Kind}.{NearestName.Hint(item.Kind, Items)}"));
        }
    }
}
