namespace K6.Faults.Tests;

/// <summary>All faults that are tried; each is a row in <c>docs/reliability.md</c>.</summary>
internal static class FaultCases
{
    /// <summary>In the order of the road.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
        [.. BuildFaults.All, .. ToolFaults.All, .. EngineFaults.All, .. ServiceFaults.All, .. FileFaults.All, .. LimitFaults.All];
}
