using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.History;
using K6.LoadTesting.Results;
using K6.LoadTesting.Services;

namespace K6.LoadTesting.Running;

internal sealed partial class Invocation
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    private IReadOnlyDictionary<string, string> _baseEnvironment = Nothing;

    /// <summary>Starts the services of the base beside those of the plan; what is no project is shared.</summary>
    private async Task<ServiceGroup?> StartBaseAsync(ServiceGroup services, IReadOnlyDictionary<string, string> machine, CancellationToken cancellationToken)
    {
        if (options.Base is not { } compared)
        {
            return null;
        }

        var names = compared.Services.Select(service => service.Name).ToList();
        var shared = services.Hosts.Where(host => !names.Contains(host.Name)).SelectMany(host => host.Variables).DistinctBy(variable => variable.Key).ToDictionary();
        return await ServiceGroup.StartAsync(
            [.. compared.Services.Select(service => service with { WaitFor = [.. service.WaitFor.Intersect(names)] })],
            Path.Combine(_folder!.Staging, "base"),
            machine.Where(variable => !shared.ContainsKey(variable.Key)).Concat(shared).ToDictionary(),
            service => Phase($"{service} of {compared.Title}"),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Measures base and head in turn on this machine. The run that the thresholds judged came before and was the head's to get warm; the base gets one too, that does not count.
    /// </summary>
    private async Task<IReadOnlyList<RegressionResult>> CompareInTurnAsync(
        EngineRunRequest request, TestResult result, RegressionGate gate, List<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var against = options.Base!.Title;
        var run = 0;
        await MeasureAsync(ofBase: true, "to get warm").ConfigureAwait(false);
        var compared = gate.ComparePairs(request.Test.Regressions, await PairsAsync("").ConfigureAwait(false), result, against);
        return plan.Settings.ConfirmRegression && compared.Any(one => one.Verdict == RegressionVerdict.Regressed)
            ? RegressionGate.Confirm(compared, gate.ComparePairs(request.Test.Regressions, await PairsAsync(" again").ConfigureAwait(false), result, against))
            : compared;

        async Task<List<(TestResult Base, TestResult Head)>> PairsAsync(string again)
        {
            var pairs = new List<(TestResult Base, TestResult Head)>();
            for (var pair = 0; pair < plan.Settings.ComparePairs; pair++)
            {
                // Base first, then head first: a machine that gets slower bit by bit is nobody's advantage.
                var baseFirst = pair % 2 == 0;
                var counted = string.Create(CultureInfo.InvariantCulture, $"pair {pair + 1} of {plan.Settings.ComparePairs}{again}");
                var first = await MeasureAsync(baseFirst, counted).ConfigureAwait(false);
                var second = await MeasureAsync(!baseFirst, counted).ConfigureAwait(false);
                if (first is not null && second is not null)
                {
                    pairs.Add(baseFirst ? (first, second) : (second, first));
                }
            }

            return pairs;
        }

        async Task<TestResult?> MeasureAsync(bool ofBase, string what)
        {
            // One that broke off makes the others pointless.
            if (diagnostics.Exists(one => one.Code == Rules.ComparisonBroken.Code) || cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            Phase($"comparing {result.Name} with {against}: {(ofBase ? "base" : "head")}, {what}");
            run++;
            var measured = await EngineRunner.RunAsync(
                request with
                {
                    Folder = Path.Combine(request.Folder, "compared", string.Create(CultureInfo.InvariantCulture, $"{run:00}-{(ofBase ? "base" : "head")}")),
                    Environment = ofBase ? _baseEnvironment : request.Environment,
                    Settings = request.Settings with { Samples = false },
                    Outputs = [],
                },
                new Relay(figures => progress?.Report(new TestProgressed(result.Name, figures))),
                cancellationToken).ConfigureAwait(false);
            if (measured.Outcome is EngineOutcome.Completed or EngineOutcome.ThresholdsCrossed)
            {
                return TestResultReader.Read(request.Test, request.Bundle, measured, request.Settings with { Samples = false }, []);
            }

            if (measured.Outcome != EngineOutcome.Cancelled)
            {
                diagnostics.Add(Rules.ComparisonBroken.At(
                    request.Test.Scenarios is [var first, ..] ? first.Location : null,
                    $"Run {run} of the comparison with {against} ({(ofBase ? "base" : "head")}) did not end well: {string.Join(" ", OutcomeDiagnostics.From(measured, request.Test).Select(one => one.Message).DefaultIfEmpty($"{measured.Outcome}.").Take(1))} Nothing was compared."));
            }

            return null;
        }
    }
}
