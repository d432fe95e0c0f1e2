using K6.Embedded.Options;

namespace K6.Embedded.Execution;

/// <summary>When the iterations of an arrival-rate scenario are due: the closed form, observed from k6 2.2.</summary>
internal static class ArrivalSchedule
{
    /// <summary>The offsets at which iterations are due, in order, up to and including the scenario's end.</summary>
    public static IEnumerable<TimeSpan> Of(ScenarioSpec spec) => spec.Executor == "constant-arrival-rate" ? Constant(spec) : Ramping(spec);

    /// <summary>The rate wanted at an offset, in iterations per <c>timeUnit</c>.</summary>
    public static double RateAt(ScenarioSpec spec, TimeSpan offset)
    {
        if (spec.Executor == "constant-arrival-rate")
        {
            return spec.Rate;
        }

        var from = (double)spec.Rate;
        foreach (var stage in spec.Stages)
        {
            var duration = stage.Duration ?? TimeSpan.Zero;
            var target = (double)(stage.Target ?? 0);
            if (offset < duration)
            {
                return from + ((target - from) * (offset / duration));
            }

            offset -= duration;
            from = target;
        }

        return from;
    }

    /// <summary>Iteration k is due at k·timeUnit/rate, the first at once.</summary>
    private static IEnumerable<TimeSpan> Constant(ScenarioSpec spec)
    {
        for (var k = 0L; ; k++)
        {
            var at = new TimeSpan((long)((decimal)spec.TimeUnit.Ticks * k / spec.Rate));
            if (at > spec.Duration)
            {
                yield break;
            }

            yield return at;
        }
    }

    /// <summary>Iteration k is due when the integral of the rate reaches k, the first at 1.</summary>
    private static IEnumerable<TimeSpan> Ramping(ScenarioSpec spec)
    {
        var unit = spec.TimeUnit.TotalSeconds;
        var begin = TimeSpan.Zero;
        var done = 0.0; // the integral at the stage's beginning
        var next = 1L;
        var from = spec.Rate / unit;
        foreach (var stage in spec.Stages)
        {
            var seconds = (stage.Duration ?? TimeSpan.Zero).TotalSeconds;
            var to = (stage.Target ?? 0) / unit;
            if (seconds > 0)
            {
                var area = (from + to) / 2 * seconds;
                var slope = (to - from) / seconds;
                for (; next <= done + area + 1e-9; next++)
                {
                    // from·t + slope·t²/2 = next - done, in the form that stays exact for small slopes
                    var wanted = next - done;
                    var root = Math.Sqrt(Math.Max(0, (from * from) + (2 * slope * wanted)));
                    var t = from + root == 0 ? seconds : 2 * wanted / (from + root);
                    yield return begin + TimeSpan.FromSeconds(Math.Min(t, seconds));
                }

                done += area;
            }

            begin += stage.Duration ?? TimeSpan.Zero;
            from = to;
        }
    }
}
