using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Gates;

/// <summary>Finds tags of thresholds that occur in no plan, no literal of a script and no sample: most likely they are misspelt.</summary>
internal static class TagTypos
{
    // https://grafana.com/docs/k6/latest/using-k6/tags-and-groups/#system-tags, and script, by which a shared run tells its scripts apart.
    private static readonly string[] SystemTags =
    [
        "check", "error", "error_code", "expected_response", "group", "ip", "iter", "method", "name", "ocsp_status", "proto", "rpc_type",
        "scenario", "script", "service", "status", "subproto", "tls_version", "url", "vu",
    ];

    /// <summary>A warning for each tag of the threshold that occurs nowhere; none when its metric got samples.</summary>
    public static IEnumerable<Diagnostic> Find(GateInput input, EvaluatedThreshold threshold)
    {
        var result = threshold.Result;
        if (result.Samples > 0 || result.Actual is not (null or 0) || MetricSelector.TryParse(result.Metric, out _) is not { Tags.Count: > 0 } selector)
        {
            yield break;
        }

        var words = Words(input);
        foreach (var (key, value) in selector.Tags)
        {
            var keys = SystemTags.Concat(words).Distinct().ToList();
            if (!keys.Contains(key))
            {
                // Without literals we know nothing of the script's own tags.
                if (input.Bundle.Literals.Count > 0)
                {
                    yield return Unknown(threshold, $"the tag '{key}'", key, [.. SystemTags.Concat(PlanTags(input).Select(tag => tag.Key))]);
                }
            }
            else if (Candidates(input, words, key, value) is { } candidates)
            {
                yield return Unknown(threshold, $"'{value}' of the tag '{key}'", value, candidates);
            }
        }
    }

    private static Diagnostic Unknown(EvaluatedThreshold threshold, string what, string name, IReadOnlyCollection<string> candidates)
    {
        var nearest = NearestName.Of(name, candidates);
        return Rules.ThresholdTagUnknown.At(
            threshold.Location,
            $"{threshold.Result.Metric}: {what} occurs in no plan, script or sample.{(nearest is null ? " Check its spelling." : $" Did you mean '{nearest}'?")}");
    }

    /// <summary>Null when the value can occur; else what it may have been meant to be.</summary>
    private static IReadOnlyCollection<string>? Candidates(GateInput input, IReadOnlyCollection<string> words, string key, string value)
    {
        var (known, candidates) = key switch
        {
            "scenario" => Among([.. input.Scenarios.Select(scenario => scenario.Name)], value),
            "script" => Among([.. input.Plan.Scenarios.Select(scenario => scenario.Name)], value),
            "expected_response" => Among(["true", "false"], value),
            "method" => Among(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], value),
            "status" => (value == "0" || (value.Length == 3 && value.All(char.IsAsciiDigit)), []),
            "check" => Among([.. input.Summary!.Checks.Select(check => check.Name).Concat(words).Distinct()], value),
            "group" => Among(words, value.Split("::")[^1]),
            "name" or "url" when value.Contains('/', StringComparison.Ordinal) => (true, []),
            _ when SystemTags.Contains(key) && key != "name" => (true, []),
            _ => Among(words, value),
        };
        return known ? null : candidates;

        // An empty list of candidates means that nothing is known, not that nothing exists.
        static (bool Known, IReadOnlyCollection<string> Candidates) Among(IReadOnlyCollection<string> all, string value) =>
            (all.Count == 0 || all.Contains(value), all);
    }

    private static IReadOnlyCollection<string> Words(GateInput input) => input.Bundle.Literals.Count == 0
        ? []
        : [.. input.Bundle.Literals
            .Concat(PlanTags(input).SelectMany(tag => new[] { tag.Key, tag.Value }))
            .Concat(input.Options.TagWords)
            .Concat(["setup", "teardown"])
            .Distinct()];

    private static IEnumerable<KeyValuePair<string, string>> PlanTags(GateInput input) =>
        input.Plan.Scenarios.SelectMany(scenario => scenario.Tags);
}
