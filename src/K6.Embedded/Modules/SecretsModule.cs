using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/secrets</c>. This engine has no sources of secrets yet, so that every call fails as k6 without <c>--secret-source</c> does.</summary>
internal static class SecretsModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.AddFunction(realm, "get", (_, _) => throw realm.GoError("no secret sources are configured"));
        module.AddFunction(realm, "source", (_, a) => throw realm.GoError($"no secret source with name {TypeConverter.ToString(a.Arg(0))} is configured"));
        return module;
    }
}
