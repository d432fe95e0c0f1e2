namespace K6.LoadTesting.Plans;

/// <summary>The properties that start with <c>K6</c>, so that a misspelt one is noticed.</summary>
internal static class KnownProperties
{
    /// <summary>Those that the plan reads.</summary>
    public static IReadOnlyList<string> OfPlan { get; } =
    [
        "K6ApiCheck", "K6BaselineBranch", "K6CiReports", "K6ComparePairs", "K6CompareWith", "K6ConfirmRegression", "K6ContinueOnFailure", "K6Dashboard", "K6Debug", "K6Engine", "K6FailOnError",
        "K6HistoryLabel", "K6HistoryPath", "K6MaxDropped", "K6MaxDuration", "K6MaxExceptions", "K6MaxInterrupted", "K6MinimumEndpointCoverage", "K6Path", "K6ProgressInterval",
        "K6ReportTest", "K6ResultsDirectory", "K6RuleSeverity", "K6Samples", "K6SamplesBy", "K6ScenarioFilter", "K6SecretSource",
        "K6ServiceDiagnostics", "K6StopTimeout", "K6Suite", "K6ThresholdSeverity", "K6TimelinePeriod", "K6TraceContext", WarmUps.Property,
    ];

    /// <summary>Those that targets read.</summary>
    public static IReadOnlyList<string> OfTargets { get; } =
    [
        "K6ArchiveDirectory", "K6Ascii", "K6BundleDependsOn", "K6BundleOnBuild", "K6CacheDirectory", "K6CompareFirst", "K6CompareSecond",
        "K6DistributedCpu", "K6DistributedImage", "K6DistributedMemory", "K6DistributedNamespace", "K6DistributedParallelism",
        "K6DistributedServiceAccount", "K6DistributedStorage", "K6DistributedStorageClass", "K6DownloadUrl", "K6EjectDirectory", "K6EsbuildPath",
        "K6ExportSamples", "K6PrepareDependsOn", "K6PrepareOnBuild", "K6ReportInput", "K6ReportOptions", "K6ReportRunners", "K6RunAfterBuild", "K6RunOnTest", "K6RuntimePath", "K6Sha256",
        "K6TypeCheck", "K6TypeScriptPath", "K6Version",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfPlan.Concat(OfTargets).Order(StringComparer.Ordinal)];
}
