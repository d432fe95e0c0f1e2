using System.Globalization;
using System.Text.Json;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Engines;

/// <summary>The merged truth about a run, as <c>inspect --execution-requirements</c> tells it before anything runs.</summary>
internal sealed record EngineRequirements
{
    /// <summary>Length of the load with graceful stops.</summary>
    public TimeSpan TotalDuration { get; init; }

    /// <summary>Length of the load without graceful stops: its planned end, or the latest one where iterations decide.</summary>
    public TimeSpan PlannedDuration { get; init; }

    /// <summary>Most iterations that can be made; null where only virtual users and time limit them.</summary>
    public double? MostIterations { get; init; }

    /// <summary>Most virtual users at any time.</summary>
    public int MaxVUs { get; init; }

    /// <summary>Time that <c>setup()</c> may take; k6's default is 60 s.</summary>
    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time that <c>teardown()</c> may take; k6's default is 60 s.</summary>
    public TimeSpan TeardownTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Scenarios by name, k6's <c>default</c> among them when a script uses the shortcuts.</summary>
    public IReadOnlyDictionary<string, EngineScenario> Scenarios { get; init; } = new Dictionary<string, EngineScenario>();

    /// <summary>Expressions of thresholds by metric; empty lists are submetrics that somebody wants to see.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Thresholds { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What the entry module says of its merge; null for a plain k6 script.</summary>
    public EntryReport? Entry { get; init; }

    /// <summary>Longest time that the run can take if all goes by its own limits, with one minute for starting and summing up.</summary>
    public TimeSpan UpperBound => TotalDuration + SetupTimeout + TeardownTimeout + TimeSpan.FromMinutes(1);

    /// <summary>Reads what <c>inspect</c> printed (<c>options.json</c>).</summary>
    /// <exception cref="JsonException">It is not JSON, or not of this shape.</exception>
    public static EngineRequirements Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return Of(document.RootElement);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new JsonException(failure.Message, failure);
        }
    }

    private static EngineRequirements Of(JsonElement root)
    {
        var defaults = new EngineRequirements();
        return defaults with
        {
            TotalDuration = Duration(root, "totalDuration", TimeSpan.Zero),
            PlannedDuration = Members(root, "scenarios").Select(scenario => End(scenario.Value)).DefaultIfEmpty().Max(),
            MostIterations = Members(root, "scenarios").Aggregate((double?)0, (sum, scenario) => sum + Iterations(scenario.Value)),
            MaxVUs = root.TryGetProperty("maxVUs", out var maxVus) && maxVus.TryGetInt32(out var count) ? count : 0,
            SetupTimeout = Duration(root, "setupTimeout", defaults.SetupTimeout),
            TeardownTimeout = Duration(root, "teardownTimeout", defaults.TeardownTimeout),
            Scenarios = Members(root, "scenarios").ToDictionary(
                scenario => scenario.Name,
                scenario => new EngineScenario(Text(scenario.Value, "executor") ?? "", Text(scenario.Value, "exec"))),
            Thresholds = Members(root, "thresholds").ToDictionary(
                metric => metric.Name,
                metric => (IReadOnlyList<string>)[.. metric.Value.ValueKind == JsonValueKind.Array
                    ? metric.Value.EnumerateArray().Select(Expression)
                    : []]),
            Entry = root.TryGetProperty("ext", out var ext) && ext.ValueKind == JsonValueKind.Object && ext.TryGetProperty("k6sdk", out var report)
                ? report.Deserialize(EngineJson.Default.EntryReport)
                : null,
        };
    }

    // A scenario has a duration, stages, or iterations with the longest time that they may take, 10 minutes unless it says otherwise.
    private static TimeSpan End(JsonElement scenario)
    {
        var stages = Stages(scenario) is { } list ? TimeSpan.FromSeconds(list.Sum(stage => Duration(stage, "duration", TimeSpan.Zero).TotalSeconds)) : (TimeSpan?)null;
        var longest = Text(scenario, "executor") is "shared-iterations" or "per-vu-iterations" ? TimeSpan.FromMinutes(10) : TimeSpan.Zero;
        return Duration(scenario, "startTime", TimeSpan.Zero) + (stages ?? Duration(scenario, "duration", Duration(scenario, "maxDuration", longest)));
    }

    private static JsonElement[]? Stages(JsonElement scenario) =>
        scenario.ValueKind == JsonValueKind.Object && scenario.TryGetProperty("stages", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : null;

    private static double Number(JsonElement element, string name, double fallback) =>
        double.TryParse(Text(element, name), CultureInfo.InvariantCulture, out var number) ? number : fallback;

    private static double? Iterations(JsonElement scenario)
    {
        double InTime(double target, TimeSpan time) => target * (time / Duration(scenario, "timeUnit", TimeSpan.FromSeconds(1)));
        switch (Text(scenario, "executor"))
        {
            case "shared-iterations":
                return Number(scenario, "iterations", 1);
            case "per-vu-iterations":
                return Number(scenario, "iterations", 1) * Number(scenario, "vus", 1);
            case "constant-arrival-rate":
                return InTime(Number(scenario, "rate", 0), Duration(scenario, "duration", TimeSpan.Zero));
            case "ramping-arrival-rate":
                var (sum, before) = (0.0, Number(scenario, "startRate", 0));
                foreach (var stage in Stages(scenario) ?? [])
                {
                    var target = Number(stage, "target", before);
                    sum += InTime((before + target) / 2, Duration(stage, "duration", TimeSpan.Zero));
                    before = target;
                }

                return sum;
            default:
                return null;
        }
    }

    private static TimeSpan Duration(JsonElement root, string name, TimeSpan fallback) =>
        K6Duration.TryParse(Text(root, name), out var duration) ? duration : fallback;

    private static string Expression(JsonElement threshold) =>
        (threshold.ValueKind == JsonValueKind.String ? threshold.GetString() : Text(threshold, "threshold")) ?? "";

    private static JsonProperty[] Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out var members) && members.ValueKind == JsonValueKind.Object ? [.. members.EnumerateObject()] : [];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            }
            : null;
}

/// <summary>A scenario as the engine sees it.</summary>
/// <param name="Executor">k6's executor.</param>
/// <param name="Exec">Exported function; null for the default export.</param>
internal sealed record EngineScenario(string Executor, string? Exec);
