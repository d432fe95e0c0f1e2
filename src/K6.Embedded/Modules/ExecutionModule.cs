using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using K6.Embedded.Execution;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/execution</c>.</summary>
internal static class ExecutionModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.Set("instance", Instance(realm));
        module.Set("scenario", Scenario(realm));
        module.Set("test", Test(realm));
        module.Set("vu", Vu(realm));
        return module;
    }

    private static JsObject Instance(VuRealm realm)
    {
        var instance = new JsObject(realm.Engine);
        Add("currentTestRunDuration", t => t.RunDuration.TotalMilliseconds);
        Add("iterationsCompleted", t => t.CompletedIterations);
        Add("iterationsInterrupted", t => t.InterruptedIterations);
        Add("vusActive", t => t.ActiveVus);
        Add("vusInitialized", t => t.InitializedVus);
        return instance;

        void Add(string name, Func<TestState, double> value) => instance.AddGetter(realm, name, () =>
        {
            RefuseInit(realm, "getting instance information in the init context is not supported");
            return JsNumber.Create(value(realm.Test));
        });
    }

    private static JsObject Scenario(VuRealm realm)
    {
        var scenario = new JsObject(realm.Engine);
        Add("progress", s => JsNumber.Create(s.Progress));
        Add("iterationInInstance", _ => JsNumber.Create(realm.Context.ScenarioIteration));
        Add("iterationInTest", _ => JsNumber.Create(realm.Context.ScenarioIteration));
        Add("name", s => new JsString(s.Name));
        Add("executor", s => new JsString(s.Executor));
        Add("startTime", s => JsNumber.Create(s.StartTimeMicros / 1000));
        return scenario;

        void Add(string name, Func<ScenarioState, JsValue> value) => scenario.AddGetter(realm, name, () =>
            realm.Context.Scenario is { } state && !realm.InInit
                ? value(state)
                : throw realm.GoError("getting scenario information outside of the VU context is not supported"));
    }

    private static JsObject Test(VuRealm realm)
    {
        var test = new JsObject(realm.Engine);
        test.AddFunction(realm, "fail", (_, a) =>
        {
            realm.Test.MarkAsFailed(a.Arg(0).IsUndefined() ? "" : TypeConverter.ToString(a[0]));
            return JsValue.Undefined;
        });
        JsValue? options = null;
        test.AddGetter(realm, "options", () =>
        {
            RefuseInit(realm, "getting test options in the init context is not supported");
            return options ??= realm.Test.OptionsJson is { } json ? new JsonParser(realm.Engine).Parse(json) : JsValue.Undefined;
        });
        test.AddFunction(realm, "abort", (_, a) =>
        {
            var reason = a.Arg(0).IsNothing() ? "" : ": " + TypeConverter.ToString(a[0]);
            throw new ScriptAbortedException($"test aborted{reason} at {realm.CallerFrame}");
        });
        return test;
    }

    private static JsObject Vu(VuRealm realm)
    {
        var vu = new JsObject(realm.Engine);
        Add("idInInstance", c => c.IdInInstance);
        Add("idInTest", c => c.IdInTest);
        Add("iterationInInstance", c => c.IterationInInstance);
        Add("iterationInScenario", c => c.IterationInScenario);
        var tags = realm.Engine.Advanced.CreateProxy(new JsObject(realm.Engine), new TagsHandler(realm));
        var metrics = new JsObject(realm.Engine);
        var metadata = new JsObject(realm.Engine);
        metrics.AddGetter(realm, "tags", () => tags);
        metrics.AddGetter(realm, "metadata", () => metadata);
        vu.AddGetter(realm, "tags", () => InVu(tags));
        vu.AddGetter(realm, "metrics", () => InVu(metrics));
        return vu;

        void Add(string name, Func<VuContext, double> value) => vu.AddGetter(realm, name, () => InVu(JsNumber.Create(value(realm.Context))));

        JsValue InVu(JsValue value)
        {
            RefuseInit(realm, "getting VU information in the init context is not supported");
            return value;
        }
    }

    private static void RefuseInit(VuRealm realm, string message)
    {
        if (realm.InInit)
        {
            throw realm.GoError(message);
        }
    }

    /// <summary><c>exec.vu.metrics.tags</c>: the VU's tags as an object.</summary>
    private sealed class TagsHandler(VuRealm realm) : ProxyHandler
    {
        public override JsValue? Get(ObjectInstance target, JsValue property, JsValue receiver) =>
            property.IsString() && realm.Context.Tags.Get(property.AsString()) is { } value ? new JsString(value) : null;

        public override bool? Set(ObjectInstance target, JsValue property, JsValue value, JsValue receiver)
        {
            var name = TypeConverter.ToString(property);
            try
            {
                realm.Context.Tags = realm.Context.Tags.With(name, Interop.TagValue(name, value));
            }
            catch (FormatException e)
            {
                throw realm.TypeError(e.Message);
            }

            return true;
        }

        public override bool? Has(ObjectInstance target, JsValue property) =>
            property.IsString() && realm.Context.Tags.Get(property.AsString()) is not null ? true : null;

        public override bool? DeleteProperty(ObjectInstance target, JsValue property)
        {
            realm.Context.Tags = realm.Context.Tags.Without(TypeConverter.ToString(property));
            return true;
        }

        public override PropertyDescriptor? GetOwnPropertyDescriptor(ObjectInstance target, JsValue property) =>
            property.IsString() && realm.Context.Tags.Get(property.AsString()) is { } value
                ? new PropertyDescriptor(new JsString(value), writable: true, enumerable: true, configurable: true)
                : null;

        public override IReadOnlyList<JsValue> OwnKeys(ObjectInstance target)
        {
            var tags = realm.Context.Tags.Tags;
            var keys = new JsValue[tags.Length];
            for (var i = 0; i < tags.Length; i++)
            {
                keys[i] = new JsString(tags[i].Key);
            }

            return keys;
        }
    }
}
