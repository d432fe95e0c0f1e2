using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Bundling;

/// <summary>What an entry module holds of its test: <c>runtime/join.js</c> reads it.</summary>
internal sealed record EntryPlan
{
    /// <summary>Whether each scenario runs once; null for no.</summary>
    public bool? Debug { get; init; }

    /// <summary>The scenarios.</summary>
    public required IReadOnlyList<EntryPlanItem> Items { get; init; }

    /// <summary>The limits that the engine judges or has to measure for.</summary>
    public required IReadOnlyList<EntryPlanThreshold> Thresholds { get; init; }

    /// <summary>Submetrics that are compared with earlier runs; null for none.</summary>
    public IReadOnlyList<string>? Measured { get; init; }
}

/// <summary>A scenario in an <see cref="EntryPlan"/>.</summary>
internal sealed record EntryPlanItem
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of its script.</summary>
    public required int Script { get; init; }

    /// <summary>Function to run; null for the default export.</summary>
    public string? Exec { get; init; }

    /// <summary>Its load; null for that of the script.</summary>
    public ScenarioLoad? Load { get; init; }

    /// <summary>Its tags; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Its variables; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }
}

/// <summary>A limit in an <see cref="EntryPlan"/>.</summary>
internal sealed record EntryPlanThreshold
{
    /// <summary>Its place in the plan.</summary>
    public required int Index { get; init; }

    /// <summary>Its metric or submetric.</summary>
    public required string Metric { get; init; }

    /// <summary>The scenario that it is about; null for all.</summary>
    public string? Scenario { get; init; }

    /// <summary>The limit in k6's grammar.</summary>
    public required string Expression { get; init; }

    /// <summary>Who judges it, in lower case.</summary>
    public required string Judge { get; init; }

    /// <summary>Whether it stops the run; null for no.</summary>
    public bool? AbortOnFail { get; init; }

    /// <summary>When it is first looked at.</summary>
    public string? DelayAbortEval { get; init; }

    /// <summary>The metric that its own is divided by.</summary>
    public string? Per { get; init; }

    /// <summary>The tag whose values have a limit each.</summary>
    public EntryPlanForEach? ForEach { get; init; }

    /// <summary>The part of the run that counts.</summary>
    public EntryPlanWindow? Window { get; init; }
}

/// <summary>A tag and its values; null for those that occur.</summary>
internal sealed record EntryPlanForEach(string Tag, IReadOnlyList<string>? Values);

/// <summary>A part of a run, seconds since the start of the load.</summary>
internal sealed record EntryPlanWindow(string Text, double From, double? To);
