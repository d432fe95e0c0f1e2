using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Metrics;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6</c>: check, fail, group, randomSeed, sleep.</summary>
internal static class K6Module
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.AddFunction(realm, "fail", (_, a) => throw realm.GoError(a.Arg(0).IsUndefined() ? "" : TypeConverter.ToString(a[0])));
        module.AddFunction(realm, "group", (_, a) => Group(realm, a));
        module.AddFunction(realm, "randomSeed", (_, a) => RandomSeed(realm, a));
        module.AddFunction(realm, "sleep", (_, a) => Sleep(realm, a));
        module.AddFunction(realm, "check", (_, a) => Check(realm, a));
        return module;
    }

    private static JsValue Sleep(VuRealm realm, JsValue[] arguments)
    {
        var seconds = arguments.Length == 0 ? 0 : TypeConverter.ToNumber(arguments[0]);
        if (seconds > 0)
        {
            realm.Interrupt.Sleep(TimeSpan.FromSeconds(Math.Min(seconds, 1e9)));
        }

        return JsValue.Undefined;
    }

    private static JsValue RandomSeed(VuRealm realm, JsValue[] arguments)
    {
        var random = new Random((int)(long)TypeConverter.ToNumber(arguments.Arg(0)));
        realm.Engine.Global.Get("Math").AsObject().AddFunction(realm, "random", (_, _) => JsNumber.Create(random.NextDouble()));
        return JsValue.Undefined;
    }

    private static JsValue Group(VuRealm realm, JsValue[] arguments)
    {
        if (realm.InInit)
        {
            throw realm.GoError("Using group() in the init context is not supported");
        }

        var callback = arguments.Arg(1);
        if (callback.IsNothing() || !callback.IsCallable())
        {
            throw realm.GoError("group() requires a callback as a second argument");
        }

        if (Interop.IsAsyncFunction(callback))
        {
            throw realm.GoError("group() does not support async functions as arguments, please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more info");
        }

        var context = realm.Context;
        var outer = context.Group;
        var outerTag = context.Tags.Get("group");
        Metrics.Group group;
        try
        {
            group = outer.GetGroup(TypeConverter.ToString(arguments.Arg(0)));
        }
        catch (ArgumentException e)
        {
            throw realm.GoError(e.Message);
        }

        var recordsGroup = realm.Test.SystemTags.Group;
        context.Group = group;
        if (recordsGroup)
        {
            context.Tags = context.Tags.With("group", group.Path);
        }

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            return realm.Engine.Call(callback, JsValue.Undefined, []);
        }
        finally
        {
            var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            context.Samples.Add(realm.Test.Metrics.GroupDuration, context.Tags, elapsed, EngineClock.NowMicros);
            context.Group = outer;
            if (recordsGroup)
            {
                context.Tags = outerTag is null ? context.Tags.Without("group") : context.Tags.With("group", outerTag);
            }
        }
    }

    private static JsBoolean Check(VuRealm realm, JsValue[] arguments)
    {
        if (realm.InInit)
        {
            throw realm.GoError("Using check() in the init context is not supported");
        }

        if (arguments.Length < 2)
        {
            throw realm.GoError("no checks provided to `check`");
        }

        if (arguments[1].IsNothing())
        {
            throw realm.TypeError("Cannot convert undefined or null to object");
        }

        var tags = realm.Context.Tags;
        try
        {
            foreach (var (name, value) in Interop.Properties(arguments.Arg(2)))
            {
                tags = tags.With(name, Interop.TagValue(name, value));
            }
        }
        catch (FormatException e)
        {
            throw realm.GoError(e.Message);
        }

        var all = true;
        foreach (var (name, check) in Interop.Properties(Interop.ObjectOf(realm, arguments[1])))
        {
            all &= CheckOne(realm, name, check, arguments[0], tags);
        }

        return all ? JsBoolean.True : JsBoolean.False;
    }

    private static bool CheckOne(VuRealm realm, string name, JsValue check, JsValue subject, TagSet tags)
    {
        if (Interop.IsAsyncFunction(check))
        {
            throw realm.GoError("the built-in check() does not support async functions as arguments. Use the JavaScript utils library as a replacement. Refer to https://grafana.com/docs/k6/latest/javascript-api/jslib/utils/check/ for more info");
        }

        // Without the tag its samples do not tell which check it was, and k6 lists none.
        Check? counter = null;
        try
        {
            Metrics.Group.RefuseSeparator(name);
            counter = realm.Test.SystemTags.Check ? realm.Context.Group.GetCheck(name) : null;
        }
        catch (ArgumentException e)
        {
            throw realm.GoError(e.Message);
        }

        var passed = false;
        try
        {
            var value = check.IsCallable() ? realm.Engine.Call(check, JsValue.Undefined, [subject]) : check;

            passed = TypeConverter.ToBoolean(value);
        }
        finally
        {
            counter?.Record(passed);
            var full = realm.Test.SystemTags.Check ? tags.With("check", name) : tags;
            realm.Context.Samples.Add(realm.Test.Metrics.Checks, full, passed ? 1 : 0, EngineClock.NowMicros);
        }

        return passed;
    }
}
