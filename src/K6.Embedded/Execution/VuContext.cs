using K6.Embedded.Metrics;

namespace K6.Embedded.Execution;

/// <summary>What one VU knows about itself. The engine sets it, the VU's script reads it; used on the VU's thread except where said.</summary>
internal sealed class VuContext
{
    private readonly SortedDictionary<string, string> metadata = new(StringComparer.Ordinal);
    private long dataSent;
    private long dataReceived;

    /// <summary>Makes the context of a VU.</summary>
    public VuContext(TestState test, int idInInstance, SampleBuffer samples)
    {
        Test = test;
        IdInInstance = idInInstance;
        Samples = samples;
        Group = test.RootGroup;
        BaseTags = test.RunTags;
        Tags = test.RunTags;
    }

    /// <summary>The test.</summary>
    public TestState Test { get; }

    /// <summary>The number of the VU from 1 (<c>__VU</c>); 0 for setup, teardown and handleSummary.</summary>
    public int IdInInstance { get; }

    /// <summary>The same as <see cref="IdInInstance"/>: there is one instance.</summary>
    public int IdInTest => IdInInstance;

    /// <summary>Iterations that this VU began before the present one (<c>__ITER</c>).</summary>
    public long IterationInInstance { get; internal set; }

    /// <summary>Iterations that this VU began in its present scenario before the present one.</summary>
    public long IterationInScenario { get; internal set; }

    /// <summary>The number of the present iteration among all of the scenario, from 0 (<c>exec.scenario.iterationInTest</c>).</summary>
    public long ScenarioIteration { get; internal set; }

    /// <summary>The scenario that the VU works for; null in setup, teardown and handleSummary.</summary>
    public ScenarioState? Scenario { get; internal set; }

    /// <summary>Where samples go.</summary>
    public SampleBuffer Samples { get; }

    /// <summary>The group that the script is in; the script side sets and restores it.</summary>
    public Group Group { get; set; }

    /// <summary>
    /// The tags of everything the VU measures: run tags, scenario tags, <c>scenario</c>, <c>group</c>, and what the script set through
    /// <c>exec.vu.metrics.tags</c> (which last until the VU changes its scenario). The script side updates it, with <c>group</c> too.
    /// </summary>
    public TagSet Tags { get; set; }

    /// <summary>The tags that the VU began its scenario with.</summary>
    public TagSet BaseTags { get; internal set; }

    /// <summary>What goes with every sample and makes no series: <c>exec.vu.metrics.metadata</c>, and the system tags <c>vu</c> and <c>iter</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Sets an entry of <see cref="Metadata"/>; null removes it.</summary>
    public void SetMetadata(string name, string? value)
    {
        if (value is null)
        {
            metadata.Remove(name);
        }
        else
        {
            metadata[name] = value;
        }

        Samples.Metadata = metadata.Count == 0 ? null : string.Join('&', metadata.Select(m => $"{m.Key}={m.Value}"));
    }

    /// <summary>Counts bytes sent; recorded as <c>data_sent</c> when the iteration ends. Any thread.</summary>
    public void AddDataSent(long bytes) => Interlocked.Add(ref dataSent, bytes);

    /// <summary>Counts bytes received; recorded as <c>data_received</c> when the iteration ends. Any thread.</summary>
    public void AddDataReceived(long bytes) => Interlocked.Add(ref dataReceived, bytes);

    internal long TakeDataSent() => Interlocked.Exchange(ref dataSent, 0);

    internal long TakeDataReceived() => Interlocked.Exchange(ref dataReceived, 0);
}
