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
            // The init code of virtual users that come later, and of setup, sees it, as in k6.
            if (realm.InInit && (realm.Test.Options is null || (realm.Context.IdInInstance > 0 && realm.Test.StartTimeMicros == 0)))
            {
                throw realm.GoError("getting instance information in the init context is not supported");
            }

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

            // k6 names no place in setup and teardown.
            throw new ScriptAbortedException(!realm.InInit && realm.Context.IdInInstance == 0 ? $"test aborted{reason}" : $"test aborted{reason} at {realm.CallerFrame}");
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
        var tags = Proxy(new EntriesHandler(
            realm,
            name => realm.Context.Tags.Get(name),
            (name, value) => realm.Context.Tags = value is null ? realm.Context.Tags.Without(name) : realm.Context.Tags.With(name, value),
            () => realm.Context.Tags.Tags.ToArray().Select(t => t.Key),
            Interop.TagValue));
        var metrics = new JsObject(realm.Engine);
        var metadata = Proxy(new EntriesHandler(
            realm,
            name => realm.Context.Metadata.GetValueOrDefault(name),
            realm.Context.SetMetadata,
            () => realm.Context.Metadata.Keys,
            Interop.MetadataValue));
        metrics.AddGetter(realm, "tags", () => tags);
        metrics.AddGetter(realm, "metadata", () => metadata);
        vu.AddGetter(realm, "tags", () => InVu(tags));
        vu.AddGetter(realm, "metrics", () => InVu(metrics));
        return vu;

        JsValue Proxy(ProxyHandler handler) => realm.Engine.Advanced.CreateProxy(new JsObject(realm.Engine), handler);

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

    /// <summary><c>exec.vu.metrics.tags</c> and <c>metadata</c>: named texts of the VU as an object.</summary>
    private sealed class EntriesHandler(
        VuRealm realm, Func<string, string?> get, Action<string, string?> set, Func<IEnumerable<string>> names, Func<string, JsValue, string> textOf) : ProxyHandler
    {
        public override JsValue? Get(ObjectInstance target, JsValue property, JsValue receiver) =>
            property.IsString() && get(property.AsString()) is { } value ? new JsString(value) : null;

        public override bool? Set(ObjectInstance target, JsValue property, JsValue value, JsValue receiver)
        {
            var name = TypeConverter.ToString(property);
            try
            {
                set(name, textOf(name, value));
            }
            catch (FormatException e)
            {
                throw realm.TypeError(e.Message);
            }

            return true;
        }

        public override bool? Has(ObjectInstance target, JsValue property) =>
            property.IsString() && get(property.AsString()) is not null ? true : null;

        public override bool? DeleteProperty(ObjectInstance target, JsValue property)
        {
            set(TypeConverter.ToString(property), null);
            return true;
        }

        public override PropertyDescriptor? GetOwnPropertyDescriptor(ObjectInstance target, JsValue property) =>
            property.IsString() && get(property.AsString()) is { } value
                ? new PropertyDescriptor(new JsString(value), writable: true, enumerable: true, configurable: true)
                : null;

        public override IReadOnlyList<JsValue> OwnKeys(ObjectInstance target) => [.. names().Select(name => new JsString(name))];
    }
}
