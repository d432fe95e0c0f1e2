using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Running;

/// <summary>The second half of the road: runs the bundles of a plan, judges them, and writes the results.</summary>
internal static class LoadTestRunner
{
    /// <summary>
    /// Waits for other load tests on this machine, starts the services, lets the engine check every test before any load, runs the
    /// tests one after the other, judges them, stops the services, and publishes <c>loadtest.json</c> and <c>loadtest.trx</c>.
    /// What goes wrong on the way is in the result; so is a cancellation.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="bundles">Its bundles, one for each test.</param>
    /// <param name="options">Where the engines are.</param>
    /// <param name="progress">Hears of phases, figures and diagnostics as they come, on any thread.</param>
    /// <param name="cancellationToken">Stops the load in order: the engine's teardown runs and its summary is kept.</param>
    /// <exception cref="LoadTestException">The folder of results cannot be written, so there is no result.</exception>
    public static Task<LoadTestResult> RunAsync(
        LoadPlan plan,
        IReadOnlyList<TestBundle> bundles,
        LoadTestRunOptions options,
        IProgress<RunEvent>? progress,
        CancellationToken cancellationToken) =>
        new Invocation(plan, bundles, options, progress).RunAsync(cancellationToken);
}
