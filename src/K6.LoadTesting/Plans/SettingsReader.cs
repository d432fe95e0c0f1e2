using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.History;

namespace K6.LoadTesting.Plans;

/// <summary>Reads the <c>K6*</c> properties.</summary>
internal sealed class SettingsReader(ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
{
    private IReadOnlyList<string> unmatched = [];

    /// <summary>Reads every property, and reports those that nobody knows.</summary>
    /// <param name="forImport">Whether the load ran elsewhere.</param>
    public RunSettings Read(bool forImport)
    {
        foreach (var property in project.Properties.Where(property => !KnownProperties.All.Contains(property.Name, StringComparer.OrdinalIgnoreCase)))
        {
            var nearest = NearestName.Of(property.Name, KnownProperties.All);
            diagnostics.Add(Rules.UnknownProperty.At(property.Location,
                $"Nothing reads the property {property.Name}.{(nearest is null ? " Properties of your own should not start with K6." : $" Did you mean {nearest}?")}"));
        }

        if (Text("K6SamplesBy") is not null && Switch("K6Samples") != true && !forImport)
        {
            Report(Rules.SamplesNotKept, "K6SamplesBy", "K6SamplesBy counts raw samples, and none are kept; set K6Samples=true too.");
        }

        var defaults = new RunSettings();
        return new RunSettings
        {
            Engine = Choice<EngineChoice>("K6Engine") ?? defaults.Engine,
            K6Path = Text("K6Path") is { } path ? ProgramPath(path) : null,
            SecretSource = SecretSource(),
            MaxInterrupted = Share("K6MaxInterrupted") ?? defaults.MaxInterrupted,
            MaxDropped = Share("K6MaxDropped") ?? defaults.MaxDropped,
            MaxDuration = Duration("K6MaxDuration"),
            StopTimeout = Duration("K6StopTimeout") ?? defaults.StopTimeout,
            Dashboard = Switch("K6Dashboard") ?? defaults.Dashboard,
            CiReports = Switch("K6CiReports") ?? defaults.CiReports,
            SamplesBy = Names("K6SamplesBy") ?? defaults.SamplesBy,
            Samples = Switch("K6Samples") ?? defaults.Samples,
            ApiCheck = Switch("K6ApiCheck") ?? defaults.ApiCheck,
            Debug = Switch("K6Debug") ?? defaults.Debug,
            TraceContext = Switch("K6TraceContext") ?? defaults.TraceContext,
            ServiceDiagnostics = Choice<ServiceDiagnostics>("K6ServiceDiagnostics") ?? defaults.ServiceDiagnostics,
            TimelinePeriod = TimelinePeriod(),
            ProgressInterval = Duration("K6ProgressInterval") ?? defaults.ProgressInterval,
            ThresholdSeverity = Choice<ThresholdSeverity>("K6ThresholdSeverity"),
            FailOnError = Switch("K6FailOnError") ?? defaults.FailOnError,
            MinimumEndpointCoverage = MinimumEndpointCoverage(),
            IsFiltered = Text("K6ScenarioFilter") is not null,
            UnmatchedFilters = unmatched,
            ContinueOnFailure = Switch("K6ContinueOnFailure") ?? defaults.ContinueOnFailure,
            MaxExceptions = Count("K6MaxExceptions") ?? defaults.MaxExceptions,
            ResultsDirectory = Path.GetFullPath(Path.Combine(project.Directory, Text("K6ResultsDirectory") ?? "TestResults")),
            HistoryPath = HistoryPath(),
            HistoryLabel = Text("K6HistoryLabel"),
            BaselineBranch = Text("K6BaselineBranch"),
            ConfirmRegression = Switch("K6ConfirmRegression") ?? defaults.ConfirmRegression,
            CompareWith = Text("K6CompareWith"),
            ComparePairs = ComparePairs() ?? defaults.ComparePairs,
            RuleSeverities = Severities("K6RuleSeverity"),
        };
    }

    private string? TimelinePeriod()
    {
        const string Name = "K6TimelinePeriod";
        var text = Duration(Name);
        if (text is null || K6Duration.Parse(text) is { TotalSeconds: >= 1 and <= 3600 } period && period.Ticks % TimeSpan.TicksPerSecond == 0)
        {
            return text;
        }

        Report(Rules.InvalidProperty, Name, $"{Name}={text} is not a whole number of seconds from 1s to 1h.");
        return null;
    }

    /// <summary><c>K6WarmUp</c>, valid; 0s is none, and null when it says nothing.</summary>
    public string? WarmUp()
    {
        if (Text(WarmUps.Property) is "0" or "0s")
        {
            return "0s";
        }

        var text = Duration(WarmUps.Property);
        if (text is null || WarmUps.Problem(text) is not { } problem)
        {
            return text;
        }

        Report(Rules.InvalidProperty, WarmUps.Property, $"{WarmUps.Property}={text} {problem}");
        return null;
    }

    /// <summary>
    /// Removes the scenarios that <c>K6ScenarioFilter</c> does not select. A pattern that matches none is an error; in a suite it is kept, since it may be meant for another project.
    /// </summary>
    public IReadOnlyList<DeclaredScenario> Filter(IReadOnlyList<DeclaredScenario> scenarios)
    {
        if (Text("K6ScenarioFilter") is not { } text)
        {
            return scenarios;
        }

        var filter = new ScenarioFilter(text);
        var selected = scenarios.Where(filter.Selects).ToList();
        unmatched = filter.Unmatched(scenarios);
        if (Switch("K6Suite") == true)
        {
            return selected;
        }

        foreach (var pattern in unmatched)
        {
            var names = scenarios.Select(scenario => scenario.Name);
            var categories = scenarios.SelectMany(scenario => scenario.Categories).Distinct().Select(category => $"category:{category}");
            Report(Rules.FilterMatchesNothing, "K6ScenarioFilter",
                $"K6ScenarioFilter: no enabled scenario matches '{pattern}'.{Nearest(pattern.TrimStart('!'), [.. names.Concat(categories)])}");
        }

        if (selected.Count == 0 && unmatched.Count == 0)
        {
            Report(Rules.FilterMatchesNothing, "K6ScenarioFilter", $"K6ScenarioFilter: '{text}' leaves out every scenario.");
        }

        return selected;
    }

    /// <summary>The test that an imported run is taken for.</summary>
    public TestPlan Imported(IReadOnlyList<TestPlan> tests, IReadOnlyList<DeclaredThreshold> thresholds, ICollection<Diagnostic> found)
    {
        var name = Text("K6ReportTest") ?? (tests is [var only] ? only.Name : "imported");
        if (!ItemReader.IsName(name))
        {
            Report(Rules.InvalidProperty, "K6ReportTest", $"K6ReportTest is '{name}', which cannot be a name; use letters, digits, '_' and '-' only.");
        }

        var scenarios = tests.FirstOrDefault(test => test.Name == name)?.Scenarios ?? [];
        return new TestPlan { Name = name, Scenarios = scenarios, Thresholds = ThresholdReader.For(name, scenarios, thresholds, found) };
    }

    private static string Nearest(string pattern, IReadOnlyList<string> names) =>
        $" There is: {string.Join(", ", names)}.{(NearestName.Of(pattern, names) is { } nearest ? $" Did you mean '{nearest}'?" : "")}";

    private string? Text(string name) =>
        Find(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    private PropertyDeclaration? Find(string name) =>
        project.Properties.LastOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private void Report(DiagnosticRule rule, string name, string message) => diagnostics.Add(rule.At(Find(name)?.Location, message));

    // A bare name is looked up in PATH by whoever starts it.
    private string ProgramPath(string path) =>
        Path.GetFileName(path) == path && !File.Exists(Path.Combine(project.Directory, path)) ? path : Path.GetFullPath(Path.Combine(project.Directory, path));

    // A folder, such as one on a share, holds a file for each project.
    private string? HistoryPath()
    {
        var text = Text("K6HistoryPath") ?? Path.Combine(".k6", "history.jsonl");
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var path = Path.GetFullPath(Path.Combine(project.Directory, text));
        return Path.EndsInDirectorySeparator(path) || Directory.Exists(path) ? Path.Combine(path, $"{project.Name}.jsonl") : path;
    }

    // k6 has a third kind, mock=name=value, whose values would be in the project.
    private string? SecretSource()
    {
        if (Text("K6SecretSource") is not { } text)
        {
            return null;
        }

        if (text.StartsWith("file=", StringComparison.Ordinal) && !text.Contains(',', StringComparison.Ordinal))
        {
            // k6 would start from the folder of the run.
            return "file=" + Path.GetFullPath(Path.Combine(project.Directory, text["file=".Length..]));
        }

        if (text.StartsWith("url=", StringComparison.Ordinal) && !text.Contains('@', StringComparison.Ordinal))
        {
            return text;
        }

        Report(Rules.InvalidSecret, "K6SecretSource",
            "K6SecretSource is neither file=path nor url=address without a password (https://grafana.com/docs/k6/latest/using-k6/secret-source/). Values do not belong into a project.");
        return null;
    }

    private bool? Switch(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        Report(Rules.InvalidProperty, name, $"{name} is '{text}', which is neither true nor false.");
        return null;
    }

    private List<string>? Names(string name) =>
        Text(name)?.Split([',', ';', ' ', '\n', '\r', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();

    private T? Choice<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var names = Enum.GetNames<T>();
        if (names.FirstOrDefault(candidate => candidate.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } match)
        {
            return Enum.Parse<T>(match);
        }

        Report(Rules.InvalidProperty, name, $"{name} is '{text}'.{NearestName.Hint(text, [.. names.Select(choice => choice.ToLowerInvariant())])}");
        return null;
    }

    private long? Count(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        Report(Rules.InvalidProperty, name, $"{name} is '{text}', which is not a whole number, 0 or more.");
        return null;
    }

    private int? ComparePairs()
    {
        const string Name = "K6ComparePairs";
        if (Count(Name) is not { } pairs)
        {
            return null;
        }

        if (pairs is >= Regression.MinPairs and <= Regression.MaxPairs)
        {
            return (int)pairs;
        }

        Report(Rules.InvalidProperty, Name, $"{Name} is {pairs}; write {Regression.MinPairs} to {Regression.MaxPairs}: fewer tell nothing about their noise.");
        return null;
    }

    private double? Share(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var share = Quantity.TryParse(text, BuiltInMetrics.Find("checks"), "rate", out _);
        if (share is null)
        {
            Report(Rules.InvalidProperty, name, $"{name} is '{text}', which is not a share; write 1% or 0.01, up to 100% or 1.");
        }

        return share;
    }

    // Without a document nothing could be below it, and a gate that cannot fail is none.
    private double? MinimumEndpointCoverage()
    {
        const string Name = "K6MinimumEndpointCoverage";
        if (Text(Name) is not null && !project.Items.Any(item => item.Kind.Equals(OpenApiReader.Item, StringComparison.OrdinalIgnoreCase)))
        {
            Report(Rules.CoverageWithoutDocument, Name, $"{Name} needs an OpenAPI document to count operations in: add <K6OpenApi Include=\"openapi.yaml\" />.");
        }

        return Share(Name);
    }

    private string? Duration(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!K6Duration.TryParse(text, out var duration) || duration <= TimeSpan.Zero)
        {
            Report(Rules.InvalidProperty, name, $"{name} is '{text}', which is not {K6Duration.Example}, more than 0.");
            return null;
        }

        if (K6Duration.IsUnitless(text))
        {
            Report(Rules.DurationWithoutUnit, name, $"{name} is '{text}', without a unit, which is read as milliseconds; write {text}ms, or {text}s for seconds.");
        }

        return text;
    }

    private Dictionary<string, DiagnosticSeverity?> Severities(string name)
    {
        var severities = new Dictionary<string, DiagnosticSeverity?>();
        foreach (var entry in (Text(name) ?? "").Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split('=', StringSplitOptions.TrimEntries);
            var code = parts[0].ToUpperInvariant();
            DiagnosticSeverity? severity = Enum.TryParse<DiagnosticSeverity>(parts[^1], ignoreCase: true, out var named) && !char.IsDigit(parts[^1][0]) ? named : null;
            if (parts.Length != 2 || (severity is null && !parts[1].Equals("none", StringComparison.OrdinalIgnoreCase)))
            {
                Report(Rules.InvalidProperty, name, $"{name}: '{entry}' is not a rule with a severity; write KSDK0330=warning, with error, warning, info or none, separated by commas.");
            }
            else if (!Rules.All.Any(rule => rule.Code == code))
            {
                Report(Rules.InvalidProperty, name, $"{name}: there is no rule {parts[0]}; docs/codes.md lists them.");
            }
            else
            {
                severities[code] = severity;
            }
        }

        return severities;
    }
}
