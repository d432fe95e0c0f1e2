using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Metrics;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/metrics</c>: Counter, Gauge, Rate, Trend.</summary>
internal static class MetricsModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        foreach (var (name, type) in new[] { ("Counter", MetricType.Counter), ("Gauge", MetricType.Gauge), ("Rate", MetricType.Rate), ("Trend", MetricType.Trend) })
        {
            module.Set(name, new HostClass(realm, name, a => New(realm, type, a), isClassOfInstances: false));
        }

        return module;
    }

    private static JsObject New(VuRealm realm, MetricType type, JsValue[] arguments)
    {
        if (!realm.InInit)
        {
            throw realm.GoError("metrics must be declared in the init context");
        }

        Metric metric;
        try
        {
            var name = arguments.Arg(0).IsUndefined() ? "" : TypeConverter.ToString(arguments[0]);
            metric = realm.Test.Metrics.GetOrAddCustom(name, type, arguments.Length > 1 && TypeConverter.ToBoolean(arguments[1]));
        }
        catch (MetricException e)
        {
            throw realm.GoError(e.Message);
        }

        var result = new JsObject(realm.Engine);
        var shownName = new JsString(metric.Name);
        result.AddGetter(realm, "name", () => shownName);
        result.AddFunction(realm, "add", (_, a) => Add(realm, metric, a));
        return result;
    }

    private static JsBoolean Add(VuRealm realm, Metric metric, JsValue[] arguments)
    {
        if (realm.InInit)
        {
            throw realm.GoError("Adding to metrics in the init context is not supported");
        }

        var value = arguments.Arg(0);
        var number = value.IsNull() ? double.NaN : TypeConverter.ToNumber(value);
        if (double.IsNaN(number))
        {
            return Refuse(realm, $"'{TypeConverter.ToString(value)}' is an invalid value for metric '{metric.Name}', a number or a boolean value is expected");
        }

        var tags = realm.Context.Tags;
        try
        {
            foreach (var (name, tag) in Interop.Properties(Interop.ObjectOf(realm, arguments.Arg(1))))
            {
                tags = tags.With(name, Interop.TagValue(name, tag));
            }
        }
        catch (FormatException e)
        {
            throw realm.GoError($"cannot add tags for the '{metric.Name}' custom metric: {e.Message}");
        }

        if (metric == realm.Test.Metrics.Checks && tags.Get("check") is { } check)
        {
            CountCheck(realm, check, tags.Get("group"), number != 0);
        }

        realm.Context.Samples.Add(metric, tags, number, EngineClock.NowMicros);
        return JsBoolean.True;
    }

    /// <summary>k6 counts checks by the samples of <c>checks</c>, whoever recorded them: its library's own <c>check()</c> does, and takes promises.</summary>
    private static void CountCheck(VuRealm realm, string check, string? group, bool passed)
    {
        try
        {
            string[] path = group?.StartsWith("::", StringComparison.Ordinal) == true ? group[2..].Split("::") : [];
            path.Aggregate(realm.Test.RootGroup, (parent, name) => parent.GetGroup(name)).GetCheck(check).Record(passed);
        }
        catch (ArgumentException e)
        {
            realm.Test.Log.Warning("couldn't handle a sample as part of group summary", ("error", e.Message));
        }
    }

    private static JsBoolean Refuse(VuRealm realm, string message)
    {
        if (realm.Test.Options?.Throw == true)
        {
            throw realm.GoError(message);
        }

        realm.Test.Log.Warning(message);
        return JsBoolean.False;
    }
}
