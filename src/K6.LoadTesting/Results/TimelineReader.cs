using System.Text.Json;

namespace K6.LoadTesting.Results;

/// <summary>What the dashboard's recording tells.</summary>
/// <param name="Timeline">Metrics over time; null when no whole period was recorded.</param>
/// <param name="MetricsWithSamples">Metrics that got a sample at any time, without those of single tags.</param>
/// <param name="CrossedAt">Thresholds, by metric and expression as the engine writes them, that were crossed at the end: since when, seconds.</param>
/// <param name="IsWhole">Whether the recording runs to the end of the load: only then does absence prove anything.</param>
internal sealed record Recording(
    Timeline? Timeline, IReadOnlySet<string> MetricsWithSamples, IReadOnlyDictionary<(string Metric, string Expression), double> CrossedAt, bool IsWhole)
{
    /// <summary>Nothing was recorded.</summary>
    public static Recording None { get; } = new(null, new HashSet<string>(), new Dictionary<(string, string), double>(), false);

    /// <summary>Start of the load; null when it was not recorded.</summary>
    public DateTimeOffset? LoadStart { get; init; }

    /// <summary>Whether it shows that a metric, with tags or without, got no sample.</summary>
    public bool ProvesAbsenceOf(string metric) => IsWhole && !MetricsWithSamples.Contains(metric.Split('{')[0]);
}

/// <summary>
/// Reads the recording of k6's web dashboard, one event a line: <c>metric</c> names new metrics, <c>snapshot</c> has the values
/// of one period as arrays in the order of all names so far, sorted (<see cref="StringComparer.Ordinal"/>), and <c>threshold</c>, before it, the
/// thresholds that are crossed by then.
/// </summary>
internal static class TimelineReader
{
    private const string Time = "time";

    /// <summary>Reads the file. A last line that is cut ends it; a file that is missing or of another format is no recording.</summary>
    public static Recording Read(string? file)
    {
        if (file is null || !File.Exists(file))
        {
            return Recording.None;
        }

        var state = new State();
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                using var document = JsonDocument.Parse(line);
                state.Apply(document.RootElement);
            }
        }
        catch (Exception failure) when (failure is JsonException or IOException or KeyNotFoundException or InvalidOperationException)
        {
            state.IsWhole = false;
        }

        return state.ToRecording();
    }

    private sealed class State
    {
        private readonly SortedDictionary<string, string> types = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string[]> aggregates = [];
        private readonly Dictionary<string, List<double?>> series = [];
        private readonly List<double> ends = [];
        private readonly Dictionary<(string, string), double> crossedAt = [];
        private HashSet<(string, string)> crossed = [];
        private double period = 1;
        private double start;

        public bool IsWhole { get; set; }

        public void Apply(JsonElement line)
        {
            var data = line.GetProperty("data");
            switch (line.GetProperty("event").GetString())
            {
                case "param":
                    period = data.GetProperty("period").GetDouble() / 1000;
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

        public Recording ToRecording() => new(
            ends.Count == 0 ? null : new Timeline
            {
                PeriodSeconds = period,
                Seconds = ends,
                Series = series.OrderBy(one => one.Key, StringComparer.Ordinal)
                    .ToDictionary(one => one.Key, IReadOnlyList<double?> (one) => Padded(one.Value)),
            },
            types.Keys.Where(name => name != Time && !name.Contains('{', StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal),
            crossedAt,
            IsWhole)
        {
            LoadStart = start == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)start),
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
}
