using System.Text.Json;

namespace K6.LoadTesting.Results;

/// <summary>A recording while its events are read, one after the other.</summary>
internal sealed class RecordingState
{
    private const string Time = "time";

    private readonly SortedDictionary<string, string> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> aggregates = [];
    private readonly Dictionary<string, List<double?>> series = [];
    private readonly List<double> ends = [];
    private readonly Dictionary<(string, string), double> crossedAt = [];
    private HashSet<(string, string)> crossed = [];
    private double start;

    /// <summary>End of each period so far, seconds since the start of the load.</summary>
    public IReadOnlyList<double> Seconds => ends;

    /// <summary>Values so far by <c>metric.statistic</c>; a column may be shorter than <see cref="Seconds"/>.</summary>
    public IReadOnlyDictionary<string, List<double?>> Series => series;

    /// <summary>Length of a period, seconds.</summary>
    public double Period { get; private set; } = 1;

    /// <summary>Whether the recording ran to the end of the load.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Takes the next event.</summary>
    public void Apply(JsonElement line)
    {
        var data = line.GetProperty("data");
        switch (line.GetProperty("event").GetString())
        {
            case "param":
                Period = data.GetProperty("period").GetDouble() / 1000;
                foreach (var type in data.GetProperty("aggregates").EnumerateObject())
                {
                    aggregates[type.Name] = [.. type.Value.EnumerateArray().Select(name => name.GetString()!)];
                }

                break;
            case "metric":
                foreach (var metric in data.EnumerateObject())
                {
                    types[metric.Name] = metric.Value.GetProperty("type").GetString()!;
                }

                break;
            case "start":
                start = data[0][0].GetDouble();
                break;
            case "threshold":
                crossed = [.. data.EnumerateObject().SelectMany(metric => metric.Value.EnumerateArray().Select(expression => (metric.Name, expression.GetString()!)))];
                break;
            case "snapshot":
                Snapshot(data);
                break;
            case "stop":
                IsWhole = true;
                break;
            default:
                break;
        }
    }

    /// <summary>What it all tells.</summary>
    public Recording ToRecording() => new(
        ends.Count == 0 ? null : new Timeline
        {
            PeriodSeconds = Period,
            Seconds = ends,
            Series = series.OrderBy(one => one.Key, StringComparer.Ordinal)
                .ToDictionary(one => one.Key, IReadOnlyList<double?> (one) => Padded(one.Value)),
        },
        types.Keys.Where(name => name != Time && !name.Contains('{', StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal),
        crossedAt,
        IsWhole)
    {
        LoadStart = start > 0 && start < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds((long)start) : null,
    };

    private void Snapshot(JsonElement data)
    {
        if (data.GetArrayLength() != types.Count)
        {
            return;
        }

        var row = types.Zip(data.EnumerateArray()).ToDictionary(one => one.First.Key, one => one.Second);
        if (!row.TryGetValue(Time, out var time) || time.GetArrayLength() == 0)
        {
            return;
        }

        ends.Add(Math.Round((time[0].GetDouble() - start) / 1000, 3));
        Crossed();
        foreach (var (metric, values) in row)
        {
            // Parts by tags, one for each group of the script, would make the most of an hour's result.
            if (metric == Time || metric.Contains('{', StringComparison.Ordinal) || !aggregates.TryGetValue(types[metric], out var names))
            {
                continue;
            }

            for (var i = 0; i < names.Length; i++)
            {
                Add($"{metric}.{names[i]}", i < values.GetArrayLength() ? values[i].GetDouble() : null, types[metric] == "gauge");
            }
        }
    }

    private void Crossed()
    {
        foreach (var healed in crossedAt.Keys.Except(crossed).ToList())
        {
            crossedAt.Remove(healed);
        }

        foreach (var threshold in crossed)
        {
            crossedAt.TryAdd(threshold, ends[^1]);
        }

        crossed = [];
    }

    // A gauge holds its value until the next one.
    private void Add(string name, double? value, bool carryForward)
    {
        if (!series.TryGetValue(name, out var column))
        {
            series[name] = column = [];
        }

        while (column.Count < ends.Count - 1)
        {
            column.Add(carryForward && column.Count > 0 ? column[^1] : null);
        }

        column.Add(value ?? (carryForward && column.Count > 0 ? column[^1] : null));
    }

    private List<double?> Padded(List<double?> column)
    {
        while (column.Count < ends.Count)
        {
            column.Add(null);
        }

        return column;
    }
}
