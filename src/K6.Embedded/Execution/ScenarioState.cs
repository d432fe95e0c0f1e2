using K6.Embedded.Metrics;

namespace K6.Embedded.Execution;

/// <summary>A scenario while it runs; what <c>exec.scenario</c> shows. Thread-safe.</summary>
internal sealed class ScenarioState(string name, string executor, string exec, IReadOnlyDictionary<string, string> environment, TagSet tags)
{
    private long nextIteration = -1;

    /// <summary>Its key in <c>options.scenarios</c>; <c>default</c> for the shortcuts.</summary>
    public string Name { get; } = name;

    /// <summary><c>constant-vus</c> and its like.</summary>
    public string Executor { get; } = executor;

    /// <summary>The exported function that its iterations call.</summary>
    public string Exec { get; } = exec;

    /// <summary>The scenario's <c>env</c>: wins over the process's in <c>__ENV</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = environment;

    /// <summary>Run tags, the scenario's <c>tags</c>, and <c>scenario</c> and <c>group</c> where these are recorded.</summary>
    public TagSet Tags { get; } = tags;

    /// <summary>When it began: µs since the Unix epoch.</summary>
    public long StartTimeMicros { get; internal set; }

    /// <summary>Done so far, 0 to 1 (<c>exec.scenario.progress</c>).</summary>
    public double Progress => ProgressSource();

    /// <summary>The number of the latest iteration, from 0.</summary>
    public long LatestIteration => Interlocked.Read(ref nextIteration);

    internal Func<double> ProgressSource { get; set; } = static () => 0;

    internal long NextIteration() => Interlocked.Increment(ref nextIteration);
}
