using System.Text.RegularExpressions;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Engines;

/// <summary>Maps what an engine says of a script or its options to codes and to the places that it speaks of.</summary>
internal sealed partial class EngineFailure(TestPlan test, TestBundle? bundle, EngineInfo engine)
{
    private readonly IReadOnlyCollection<string> _generated = bundle?.Generated ?? [];

    /// <summary>One diagnostic or more; never none.</summary>
    /// <param name="message">The engine's last error outside of iterations, if any.</param>
    /// <param name="exitCode">Its exit code.</param>
    public IReadOnlyList<Diagnostic> Explain(string? message, int exitCode)
    {
        var text = Prefix().Replace(message ?? "", "");
        var head = EngineLog.FirstLine(text);
        if (Coded().Match(head) is { Success: true } coded)
        {
            return [new Diagnostic(coded.Groups["code"].Value, DiagnosticSeverity.Error, coded.Groups["text"].Value, test.Scenarios is [var first, ..] ? first.Location : null)];
        }

        if (Modules().Match(head) is { Success: true } modules)
        {
            var names = modules.Groups["names"].Value;
            var remedy = names.Contains("k6/x/", StringComparison.Ordinal) || engine.Name != EngineProgram.K6 ? "Use a k6 that is built with the extension (K6Path)" : "Update k6";
            return [Rules.UnknownModule.At(FirstScript(), $"{engine.Title} {engine.Version} does not have {names}, which the scripts of '{test.Name}' import. {remedy}, or take the import out.")];
        }

        if (Thresholds(head) is { Count: > 0 } thresholds)
        {
            return thresholds;
        }

        if (head == "no exported functions in script" && test.Scenarios is [var scenario, ..])
        {
            return [NoFunction(scenario.Name, scenario.Exec ?? "default")];
        }

        if (Scenarios(text) is { Count: > 0 } scenarios)
        {
            return scenarios;
        }

        if (Position().Match(head) is { Success: true } inline)
        {
            head = inline.Groups["text"].Value;
        }

        var place = StackFrames.First(text, _generated);
        return exitCode switch
        {
            104 => [Rules.InvalidOptions.At(place ?? OptionsPlace(), $"{engine.Title} refuses the options of '{test.Name}': {head}{Executor(head)}")],
            107 => [Rules.ScriptFailed.At(place ?? FirstScript(), $"The scripts of '{test.Name}' failed{Function(text)}: {head}")],
            108 => [Rules.RunAborted.At(place ?? FirstScript(), $"A script of '{test.Name}' aborted the run: {Without(head, "test aborted: ")}")],
            _ => [Rules.EngineCrashed.At(place ?? FirstScript(), $"{engine.Title} {engine.Version} ended with exit code {exitCode} for '{test.Name}': {(head.Length > 0 ? head : "it said nothing")}")],
        };
    }

    private List<Diagnostic> Thresholds(string message)
    {
        if (UnknownMetric().Match(message) is { Success: true } unknown)
        {
            var metric = Unquote(unknown.Groups["metric"].Value);
            return [.. Places(metric, null).Select(place => Rules.UnknownMetric.At(
                place, $"The run '{test.Name}' has no metric '{BaseOf(metric)}': neither k6 nor its scripts make one of that name.{Meant(metric)} A custom metric has to be made at the top level of a script."))];
        }

        if (InvalidAggregation().Match(message) is { Success: true } aggregation)
        {
            var expression = Unquote(aggregation.Groups["expression"].Value);
            var metric = aggregation.Groups["metric"].Value;
            return [.. Places(metric, expression).Select(place => Rules.InvalidThreshold.At(
                place, $"The threshold '{expression}' does not fit the metric '{metric}': {aggregation.Groups["reason"].Value}"))];
        }

        if (BadExpression().Match(message) is { Success: true } bad)
        {
            var expression = Unquote(bad.Groups["expression"].Value);
            return [.. Places(null, expression).Select(place => Rules.InvalidThreshold.At(
                place, $"The threshold '{expression}' is not an expression of k6: {bad.Groups["reason"].Value}. It wants a form such as 'p(95)<500' or 'rate<0.01'."))];
        }

        if (BadSelector().Match(message) is { Success: true } selector)
        {
            return [.. Places(null, null, Unquote(selector.Groups["part"].Value)).Select(place => Rules.InvalidThreshold.At(
                place, $"The metric of a threshold is malformed: {selector.Groups["reason"].Value}. It wants a form such as 'http_req_duration' or 'http_req_duration{{name:login}}'."))];
        }

        return [];
    }

    private static string Executor(string message) =>
        UnknownExecutor().Match(message) is { Success: true } unknown ? "." + NearestName.Hint(unknown.Groups["name"].Value, LoadReader.ExecutorNames) : "";

    private string Meant(string metric) =>
        NearestName.Of(BaseOf(metric), [.. BuiltInMetrics.Names, .. bundle?.Literals ?? []]) is { } near ? $" Did you mean '{near}'?" : "";

    // Declarations in the project come first, then literals in scripts, then the options of a script that computes them.
    private List<SourceLocation?> Places(string? metric, string? expression, string? part = null)
    {
        List<SourceLocation?> found =
        [
            .. test.Thresholds
                .Where(threshold => Fits(threshold.Metric, threshold.Expression))
                .Select(threshold => threshold.Location),
            .. (bundle?.ScriptThresholds ?? [])
                .Where(threshold => threshold.Metric is not null && Fits(threshold.Metric, threshold.Expression))
                .Select(threshold => threshold.Location),
        ];
        return found.Count > 0 ? [.. found.Distinct()] : [OptionsPlace()];

        bool Fits(string declared, string? declaredExpression) =>
            (metric is null || BaseOf(declared) == BaseOf(metric)) &&
            (expression is null || declaredExpression is null || declaredExpression.Trim() == expression.Trim()) &&
            (part is null || declared.Contains(part, StringComparison.Ordinal));
    }

    private List<Diagnostic> Scenarios(string message)
    {
        var result = new List<Diagnostic>();
        foreach (var line in message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.TrimStart('-', ' ')))
        {
            if (ScenarioErrors().Match(line) is { Success: true } errors)
            {
                var name = errors.Groups["name"].Value;
                result.AddRange(ErrorSeparator().Split(errors.Groups["list"].Value)
                    .Select(error => Rules.InvalidScenario.At(ScenarioPlace(name, error), $"The scenario '{name}' cannot run: {error}.")));
            }
            else if (MissingFunction().Match(line) is { Success: true } missing)
            {
                var name = missing.Groups["name"].Value;
                var function = missing.Groups["function"].Value;
                result.Add(NoFunction(name, function));
            }
        }

        return result;
    }

    private Diagnostic NoFunction(string scenario, string function)
    {
        var exports = ScriptOf(scenario) is { } script ? bundle?.Exports.GetValueOrDefault(script) ?? [] : [];
        var why = exports.Contains(function) ? "which is no function in its script."
            : exports.Count > 0 ? $"which its script does not export. It exports: {string.Join(", ", exports)}."
            : "which its script does not export.";
        return Rules.UnknownFunction.At(ScenarioPlace(scenario, "exec"), $"The scenario '{scenario}' runs '{function}', {why}");
    }

    private SourceLocation? ScenarioPlace(string name, string error)
    {
        var item = test.Scenarios.FirstOrDefault(scenario => scenario.Name == name && (scenario.Load is not null || scenario.Exec is not null));
        if (item is null)
        {
            return OptionsPlace();
        }

        // The longest name first: 'startVUs' and 'maxVUs' hold 'VUs', 'maxDuration' holds 'duration'.
        var metadatum = item.MetadataLocations.Keys
            .OrderByDescending(key => key.Length)
            .FirstOrDefault(key => error.Contains(WordOf(key), StringComparison.OrdinalIgnoreCase));
        return metadatum is null ? item.Location : item.MetadataLocations[metadatum];
    }

    private static string WordOf(string metadatum) => metadatum.ToUpperInvariant() switch
    {
        "STAGES" => "stage",
        "RATE" => "iteration rate",
        "STARTVUS" => "start VUs",
        "VUS" => "number of VUs",
        _ => metadatum,
    };

    private string? ScriptOf(string scenario) =>
        test.Scenarios.FirstOrDefault(item => item.Name == scenario)?.File ?? (test.Scenarios.Count == 1 ? test.Scenarios[0].File : null);

    private SourceLocation? FirstScript() => test.Scenarios is [var first, ..] ? new SourceLocation(first.File, 0, 0) : null;

    // Those of the script that computes thresholds, else of the first one that has options.
    private SourceLocation? OptionsPlace() =>
        bundle?.ScriptThresholds.FirstOrDefault(threshold => threshold.Metric is null)?.Location
        ?? (bundle is { OptionsPlaces: [var first, ..] } ? first : FirstScript());

    private static string Function(string text) =>
        text.Contains("\tat setup (", StringComparison.Ordinal) ? " in setup()"
        : text.Contains("\tat teardown (", StringComparison.Ordinal) ? " in teardown()"
        : "";

    private static string BaseOf(string metric)
    {
        var brace = metric.IndexOf('{', StringComparison.Ordinal);
        return (brace < 0 ? metric : metric[..brace]).Trim();
    }

    private static string Without(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    // Go's %q: a backslash before quotes and backslashes is enough for what thresholds hold.
    private static string Unquote(string text) => text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Singleline;

    [GeneratedRegex(@"^could not initialize '[^\n]*?': could not load JS test '[^\n]*?': ", Options)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^(?:Uncaught \(in promise\) )?(?:\w*Error: )?(?<code>KSDK\d{4}): (?<text>.+)$", Options)]
    private static partial Regex Coded();

    // The second form is that of k6 1.0, which says so of the first module only.
    [GeneratedRegex(@"unknown modules \[(?<names>[^\]]+)\]|^GoError: unknown module: (?<names>\S+)$", Options)]
    private static partial Regex Modules();

    [GeneratedRegex(@"no metric name ""(?<metric>(?:[^""\\]|\\.)*)"" found", Options)]
    private static partial Regex UnknownMetric();

    [GeneratedRegex(@"invalid threshold ""(?<expression>(?:[^""\\]|\\.)*)"" applied on metric (?<metric>.*?); reason: (?<reason>.*)$", Options)]
    private static partial Regex InvalidAggregation();

    [GeneratedRegex(@"failed parsing threshold expres\w+(?:'s)? ""(?<expression>(?:[^""\\]|\\.)*)""[^;]*; reason: (?<reason>.*)$", Options)]
    private static partial Regex BadExpression();

    [GeneratedRegex(@"parsing metric name failed, (?<reason>metric ""(?<part>(?:[^""\\]|\\.)*)"" .*)$", Options)]
    private static partial Regex BadSelector();

    [GeneratedRegex(@"^scenario (?<name>.+?) has configuration errors: (?<list>.+)$", Options)]
    private static partial Regex ScenarioErrors();

    // Not every comma: "the duration must be at least 1s, but is 1ms".
    [GeneratedRegex(@", (?=the |either |at least |stage |maxVUs |exec )", Options)]
    private static partial Regex ErrorSeparator();

    [GeneratedRegex(@"^executor (?<name>[^:]+): function '(?<function>.*)' not found in exports", Options)]
    private static partial Regex MissingFunction();

    [GeneratedRegex(@"unknown executor type '(?<name>[^']*)'$", Options)]
    private static partial Regex UnknownExecutor();

    [GeneratedRegex(@"^(?<text>.*?) at (?:\S+ \()?file://\S+$", Options)]
    private static partial Regex Position();
}
