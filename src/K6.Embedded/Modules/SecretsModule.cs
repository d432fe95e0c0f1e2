using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/secrets</c>: <c>get(name)</c> from the default source, <c>source(name).get(name)</c> from another.</summary>
internal static class SecretsModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = SourceObject(realm, null);
        module.AddFunction(realm, "source", (_, a) => SourceObject(realm, TypeConverter.ToString(a.Arg(0))));
        return module;
    }

    private static JsObject SourceObject(VuRealm realm, string? source)
    {
        var result = new JsObject(realm.Engine);
        result.AddFunction(realm, "get", (_, a) => Get(realm, source, a.Arg(0).IsUndefined() ? "" : TypeConverter.ToString(a.Arg(0))));
        return result;
    }

    private static JsValue Get(VuRealm realm, string? source, string key)
    {
        var promise = realm.Engine.Advanced.RegisterPromise();
        var value = realm.Test.Secrets.GetAsync(source, key, realm.Interrupt.Token);
        if (value.IsCompleted)
        {
            Settle();
            return promise.Promise;
        }

        var ticket = realm.Loop.Expect();
        value.ContinueWith(_ => realm.Loop.Enqueue(ticket, Settle), TaskScheduler.Default);
        return promise.Promise;

        void Settle()
        {
            if (value.Exception?.InnerException is { } failure)
            {
                promise.Reject(Interop.NamedError(realm, null, failure.Message));
            }
            else if (value.IsCompletedSuccessfully)
            {
                promise.Resolve(new JsString(value.Result));
            }
        }
    }
}
