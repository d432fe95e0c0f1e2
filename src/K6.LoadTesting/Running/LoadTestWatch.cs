using System.Diagnostics;
using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Services;
using K6.LoadTesting.Sources;

namespace K6.LoadTesting.Running;

/// <summary>
/// Runs a smoke of load tests, each scenario once by one virtual user, and again as soon as a file is saved that they are made of. Services are started once. What is wrong with
/// a file is told, and the next save is waited for.
/// </summary>
/// <param name="prepared">What a build left.</param>
/// <param name="bundling">Where esbuild and the bundles are.</param>
/// <param name="replan">Reads the project again; null, with diagnostics, when it is not valid.</param>
/// <param name="tell">Hears what to tell a person, of one or several lines.</param>
internal sealed class LoadTestWatch(PreparedRun prepared, BundleOptions bundling, Func<ICollection<Diagnostic>, LoadPlan?> replan, Action<string> tell)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // Of each test as it ran last.
    private readonly Dictionary<string, string> _ran = [];
    private List<FileStamp> _files = [];
    private LoadPlan? _plan;

    /// <summary>Watches until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends the watch, in order.</param>
    /// <exception cref="LoadTestException">A service does not start, or the engine or esbuild does not work.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var services = await ServiceGroup.StartAsync(
            prepared.Plan.Services, Path.Combine(bundling.OutputDirectory, "watch-services"), EngineEnvironment.Machine(), tell, cancellationToken).ConfigureAwait(false);
        try
        {
            await RoundAsync(services, [], cancellationToken).ConfigureAwait(false);
            while (true)
            {
                await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
                string[] changed = [.. _files.Where(file => !file.IsCurrent()).Select(file => file.Path)];
                if (changed.Length > 0)
                {
                    await RoundAsync(services, changed, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            tell("The watch ended.");
        }
        finally
        {
            await services.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task RoundAsync(ServiceGroup services, string[] changed, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        if (changed.Length > 0)
        {
            tell($"{string.Join(", ", changed.Select(Path.GetFileName))} saved");
        }

        // As they are before they are read: what is saved meanwhile is another round.
        _files = [.. _files.Select(file => FileStamp.Of(file.Path))];
        var diagnostics = new List<Diagnostic>();
        try
        {
            // A script says nothing to the plan, and to read the project again takes longer than to run it.
            _plan = changed.Length > 0 && _plan is not null && changed.All(file => InputState.IsSource(file)) ? _plan : replan(diagnostics);
            if (_plan is not null)
            {
                var plan = Smoke(_plan, services);
                SourceScripts.Write(plan, bundling.OutputDirectory);
                var outcome = await Bundler.BundleAsync(plan, bundling, diagnostics, cancellation: cancellationToken).ConfigureAwait(false);
                if (diagnostics.TrueForAll(one => one.Severity != DiagnosticSeverity.Error))
                {
                    var known = _files.ToDictionary(file => file.Path);
                    _files = [.. outcome.Bundles.SelectMany(bundle => bundle.Inputs).Append(plan.ProjectFile).Distinct().Select(file => known.GetValueOrDefault(file) ?? FileStamp.Of(file))];
                    await RunAsync(plan, outcome.Bundles, changed, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (LoadTestException failure)
        {
            diagnostics.Add(failure.Diagnostic);
        }

        foreach (var one in diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error))
        {
            tell(DiagnosticText.Line(ReportedDiagnostic.From(one, null)));
        }

        if (_files.Count == 0)
        {
            // Nothing was ever read: at least the project can be mended.
            _files = [FileStamp.Of(prepared.Plan.ProjectFile)];
        }

        tell(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0.0} s. Waiting for one of {_files.Count} files to be saved; Ctrl-C ends."));
    }

    private async Task RunAsync(LoadPlan plan, IReadOnlyList<TestBundle> bundles, string[] changed, CancellationToken cancellationToken)
    {
        var tests = plan.Tests.Where(test =>
        {
            var said = JsonSerializer.Serialize(test, typeof(TestPlan), LoadTestJson.Instance);
            var isNew = !_ran.TryGetValue(test.Name, out var before) || before != said;
            _ran[test.Name] = said;
            return isNew || bundles.First(bundle => bundle.Test == test.Name).Inputs.Any(file => changed.Contains(file) && file != plan.ProjectFile);
        }).Select(test => test.Name).ToList();
        if (tests.Count == 0)
        {
            tell("No scenario changed.");
            return;
        }

        var result = await (prepared with { Plan = plan, Bundles = bundles }).Only(tests).RunAsync(null, cancellationToken).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var errors = result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Select(DiagnosticText.Line);
        var checks = result.Tests.SelectMany(test => test.Checks.Where(check => check.Fails > 0).Select(check => $"  x  {test.Name}: the check '{PlainText.OneLine(check.Name)}' failed"));
        tell(string.Join('\n', [.. errors, .. result.Tests.SelectMany(test => VerdictText.Render(test, result.Engine, [])), .. checks]));
    }

    // Services run already; nothing is compared, kept or streamed.
    private LoadPlan Smoke(LoadPlan plan, ServiceGroup services) => plan with
    {
        Services = [.. plan.Services.Select(service => services.Hosts.FirstOrDefault(host => host.Name == service.Name) is { } host ? service with { Url = host.Url, Project = null, Command = null } : service)],
        Outputs = [],
        Tests = [.. plan.Tests.Select(test => test with { Thresholds = [], Regressions = [], WarmUp = null })],
        Settings = plan.Settings with
        {
            Debug = true,
            HistoryPath = null,
            CiReports = false,
            Dashboard = false,
            ResultsDirectory = Path.Combine(bundling.OutputDirectory, "watch"),
        },
    };
}
