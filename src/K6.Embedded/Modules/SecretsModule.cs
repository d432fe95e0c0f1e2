using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/secrets</c>. This engine has no sources of secrets yet, so that every call fails as k6 without <c>--secret-source</c> does.</summary>
internal static class SecretsModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.AddFunction(realm, "get", (_, _) => Rejected(realm));
        module.AddFunction(realm, "source", (_, _) =>
        {
            var source = new JsObject(realm.Engine);
            source.AddFunction(realm, "get", (_, _) => Rejected(realm));
            return source;
        });
        return module;
    }

    private static JsValue Rejected(VuRealm realm)
    {
        var promise = realm.Engine.Advanced.RegisterPromise();

        // An error of k6 without a class: an object that reads as its text.
        var error = new JsObject(realm.Engine);
        error.DefineOwnProperty("toString", new PropertyDescriptor(new ClrFunction(realm.Engine, "toString", (_, _) => new JsString("no secret sources are configured")), writable: true, enumerable: false, configurable: true));
        promise.Reject(error);
        return promise.Promise;
    }
}
