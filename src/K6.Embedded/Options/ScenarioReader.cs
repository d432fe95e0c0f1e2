using System.Text.Json;

namespace K6.Embedded.Options;

/// <summary>Reads scenarios from JSON. Their fields are strict: one that the executor does not have is an error.</summary>
internal static class ScenarioReader
{
    /// <summary>k6's executors.</summary>
    public static IReadOnlyList<string> Executors { get; } =
        ["constant-arrival-rate", "constant-vus", "per-vu-iterations", "ramping-arrival-rate", "ramping-vus", "shared-iterations"];

    /// <summary>Reads the map of scenarios, in ordinal order of names; null stays null.</summary>
    /// <exception cref="OptionsException">With k6's message.</exception>
    public static IReadOnlyDictionary<string, ScenarioOptions>? ReadAll(JsonElement value, JsonReading read)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var scenarios = new SortedDictionary<string, ScenarioOptions>(StringComparer.Ordinal);
        foreach (var property in read.Object(value, "scenarios", "map[string]lib.protoExecutorConfig").OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            scenarios[property.Name] = Read(property.Name, property.Value, read);
        }

        return scenarios;
    }

    private static ScenarioOptions Read(string name, JsonElement value, JsonReading read)
    {
        string? executor = null;
        if (value.ValueKind != JsonValueKind.Null)
        {
            foreach (var property in read.Object(value, "scenarios", "executor.protoConfig"))
            {
                executor = property.NameEquals("executor") ? JsonReading.Text(property.Value, "executor") : executor;
            }
        }

        if (string.IsNullOrEmpty(executor))
        {
            throw new OptionsException($"scenario '{name}' doesn't have a specified executor type");
        }

        if (!Executors.Contains(executor))
        {
            throw new OptionsException($"unknown executor type '{executor}'");
        }

        var scenario = new ScenarioOptions { Executor = executor };
        foreach (var property in value.EnumerateObject())
        {
            scenario = Set(scenario, property.Name, property.Value, read) ?? throw new OptionsException($"json: unknown field \"{property.Name}\"");
        }

        return scenario;
    }

    private static ScenarioOptions? Set(ScenarioOptions s, string name, JsonElement value, JsonReading read)
    {
        var key = name.ToLowerInvariant();
        return key switch
        {
            "executor" => s,
            "starttime" => s with { StartTime = JsonReading.Duration(value, name) },
            "gracefulstop" => s with { GracefulStop = JsonReading.Duration(value, name) },
            "env" => s with { Env = read.Map(value, "scenarios.BaseConfig.env") },
            "exec" => s with { Exec = JsonReading.Text(value, name) },
            "tags" => s with { Tags = read.Map(value, "scenarios.BaseConfig.tags") },
            "options" => s with { Options = ScenarioSpecificOptions(value, read) },
            _ => SetOfExecutor(s, key, value, read),
        };
    }

    private static ScenarioOptions? SetOfExecutor(ScenarioOptions s, string key, JsonElement value, JsonReading read) => (s.Executor, key) switch
    {
        ("shared-iterations" or "per-vu-iterations" or "constant-vus", "vus") => s with { Vus = read.Integer(value, "scenarios.vus") },
        ("shared-iterations" or "per-vu-iterations", "iterations") => s with { Iterations = read.Integer(value, "scenarios.iterations") },
        ("shared-iterations" or "per-vu-iterations", "maxduration") => s with { MaxDuration = JsonReading.Duration(value, key) },
        ("constant-vus" or "constant-arrival-rate", "duration") => s with { Duration = JsonReading.Duration(value, key) },
        ("ramping-vus", "startvus") => s with { StartVus = read.Integer(value, "scenarios.startVUs") },
        ("ramping-vus" or "ramping-arrival-rate", "stages") => s with { Stages = OptionsReader.Stages(value, read, "scenarios.stages") },
        ("ramping-vus", "gracefulrampdown") => s with { GracefulRampDown = JsonReading.Duration(value, key) },
        ("constant-arrival-rate", "rate") => s with { Rate = read.Integer(value, "scenarios.rate") },
        ("ramping-arrival-rate", "startrate") => s with { StartRate = read.Integer(value, "scenarios.startRate") },
        ("constant-arrival-rate" or "ramping-arrival-rate", "timeunit") => s with { TimeUnit = JsonReading.Duration(value, key) },
        ("constant-arrival-rate" or "ramping-arrival-rate", "preallocatedvus") => s with { PreAllocatedVus = read.Integer(value, "scenarios.preAllocatedVUs") },
        ("constant-arrival-rate" or "ramping-arrival-rate", "maxvus") => s with { MaxVus = read.Integer(value, "scenarios.maxVUs") },
        _ => null,
    };

    private static JsonElement? ScenarioSpecificOptions(JsonElement value, JsonReading read)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        foreach (var property in read.Object(value, "scenarios.BaseConfig.options", "lib.ScenarioOptions"))
        {
            if (!property.NameEquals("browser"))
            {
                throw new OptionsException($"json: unknown field \"{property.Name}\"");
            }
        }

        return value.Clone();
    }
}
