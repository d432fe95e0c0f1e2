using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// The generated entry module of a test: it imports the scripts unchanged and exports what the engine runs. It is the
/// only way in which anything of the project reaches the engine.
/// </summary>
internal static partial class EntryModule
{
    /// <summary>Names that the entry module exports itself, or that are no functions to run.</summary>
    private static readonly string[] OwnExports = ["options", "setup", "teardown", "handleSummary", "__esModule"];

    private static readonly string[] Phases = ["setup", "teardown"];

    /// <summary>The scripts of a test, each once, in the order of declaration.</summary>
    public static IReadOnlyList<string> Scripts(TestPlan test) => [.. test.Scenarios.Select(scenario => scenario.File).Distinct()];

    /// <summary>What the project says about a test, as the module holds it.</summary>
    /// <param name="test">The test.</param>
    /// <param name="debug">Whether each scenario is to run once.</param>
    public static string PlanJson(TestPlan test, bool debug)
    {
        var scripts = Scripts(test).ToList();
        var plan = new EntryPlan
        {
            Debug = debug ? true : null,
            Items = [.. test.Scenarios.Select(scenario => new EntryPlanItem
            {
                Name = scenario.Name,
                Script = scripts.IndexOf(scenario.File),
                Exec = scenario.Exec,
                Load = scenario.Load,
                Tags = NullIfEmpty(scenario.Tags),
                Env = NullIfEmpty(scenario.Environment),
            })],
            Thresholds = [.. test.Thresholds.Select((threshold, index) => new EntryPlanThreshold
            {
                Index = index,
                Metric = threshold.Metric,
                Scenario = threshold.Scenario,
                Expression = threshold.Expression,
                Judge = threshold.Judge.ToString().ToLowerInvariant(),
                AbortOnFail = threshold.AbortOnFail ? true : null,
                DelayAbortEval = Delay(threshold),
                Per = threshold.Per,
                ForEach = threshold.ForEach is { } tag ? new(tag, threshold.ForEachValues) : null,
                Window = threshold.Window is { FromSeconds: { } from } window ? new(window.ToString(), from, window.ToSeconds) : null,
            }).Where(threshold => !ServiceMetrics.IsOne(threshold.Metric))],
            Measured = test.Regressions.Select(regression => regression.Metric).Where(metric => metric.Contains('{')).ToList() is { Count: > 0 } measured ? measured : null,
        };
        return JsonSerializer.Serialize(plan, GeneratedJson.Instance.EntryPlan);
    }

    // Before its window begins, a threshold has nothing to judge.
    private static string? Delay(ThresholdPlan threshold) => threshold is { AbortOnFail: true, Window.FromSeconds: > 0 and var from }
        ? K6Duration.Format(TimeSpan.FromSeconds(from) + (threshold.DelayAbortEval is { } delay ? K6Duration.Parse(delay) : TimeSpan.Zero))
        : threshold.DelayAbortEval;

    /// <summary>The module's text.</summary>
    /// <param name="test">The test.</param>
    /// <param name="projectDirectory">Absolute folder of the project.</param>
    /// <param name="outputDirectory">Absolute folder of the module and of the bundle.</param>
    /// <param name="exports">Exports of each script.</param>
    /// <param name="debug">Whether each scenario is to run once.</param>
    /// <param name="coverage">The operations to look for, as <see cref="OperationList.Json"/> writes them; null for none.</param>
    public static string Write(
        TestPlan test, string projectDirectory, string outputDirectory, IReadOnlyDictionary<string, IReadOnlyList<string>> exports, bool debug, string? coverage = null)
    {
        var scripts = Scripts(test);
        var shared = scripts.Count > 1;
        var text = new StringBuilder();
        text.Append("// The entry of the test ").Append(test.Name).Append(", generated: each build makes it anew.\n");
        text.Append("import { join } from \"./runtime/join.js\";\n");
        if (coverage is not null)
        {
            text.Append("import { cover, submetrics } from \"./runtime/coverage.js\";\n");
        }

        var windows = !debug && test.Thresholds.Any(threshold => threshold.Window?.FromSeconds is not null && !ServiceMetrics.IsOne(threshold.Metric));
        if (windows)
        {
            text.Append("import { inWindows } from \"./runtime/windows.js\";\n");
        }

        for (var i = 0; i < scripts.Count; i++)
        {
            text.Append($"import * as script{i} from {Quote(Specifier(outputDirectory, scripts[i]))};\n");
        }

        text.Append("\nconst plan = ").Append(PlanJson(test, debug)).Append(";\n");
        if (coverage is not null)
        {
            text.Append($"\nconst documents = {coverage};\ncover(documents);\nplan.covered = submetrics(documents);\n");
        }

        text.Append("\nconst test = join(plan, [\n");
        var prefixes = scripts.Select(script => shared ? Prefix(KeyOf(test, script)) : "").ToArray();
        for (var i = 0; i < scripts.Count; i++)
        {
            text.Append($"  {{ key: {Quote(KeyOf(test, scripts[i]))}, name: {Quote(ModulePaths.Relative(projectDirectory, scripts[i]))}, ")
                .Append($"file: {Quote(Specifier(outputDirectory, scripts[i]))}, prefix: {Quote(prefixes[i])}, module: script{i} }},\n");
        }

        text.Append(windows ? "], inWindows" : "]").Append(");\n\nexport const { options, handleSummary } = test;\n");
        foreach (var name in Phases.Where(name => scripts.Any(script => exports[script].Contains(name))))
        {
            text.Append($"export const {name} = test.{name};\n");
        }

        var exported = new List<string>();
        for (var i = 0; i < scripts.Count; i++)
        {
            foreach (var name in exports[scripts[i]].Except(OwnExports).Order(StringComparer.Ordinal))
            {
                text.Append($"const run{exported.Count} = test.exec({i}, {Quote(name)});\n");
                exported.Add($"run{exported.Count} as {ExportName(prefixes[i] + name)}");
            }
        }

        if (exported.Count > 0)
        {
            text.Append($"export {{ {string.Join(", ", exported)} }};\n");
        }

        return text.ToString();
    }

    /// <summary>A text of JavaScript.</summary>
    public static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    // A generated script is below the entry module: a path there needs its dot, or it is the name of a package.
    private static string Specifier(string outputDirectory, string script) =>
        ModulePaths.Relative(outputDirectory, script) is var path && (path.StartsWith('.') || Path.IsPathRooted(path)) ? path : "./" + path;

    private static string ExportName(string name) => Identifier().IsMatch(name) ? name : Quote(name);

    /// <summary>What a script is called within its run: the first scenario that leaves it its own load, else the first.</summary>
    private static string KeyOf(TestPlan test, string script)
    {
        var own = test.Scenarios.Where(scenario => scenario.File == script).ToArray();
        return (own.FirstOrDefault(scenario => scenario.Load is null) ?? own[0]).Name;
    }

    private static string Prefix(string key) => NoIdentifier().Replace(key, "_") + "__";

    private static IReadOnlyDictionary<string, string>? NullIfEmpty(IReadOnlyDictionary<string, string> values) =>
        values.Count > 0 ? values : null;

    [GeneratedRegex(@"^[A-Za-z_$][A-Za-z0-9_$]*$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^(?=[0-9])|[^0-9A-Za-z_]")]
    private static partial Regex NoIdentifier();
}
