using Jint.Native;
using Jint.Runtime.Interop;
using K6.Embedded.Execution;

namespace K6.Embedded.Runtime;

/// <summary>The script's <c>console</c>.</summary>
internal static class ConsoleObject
{
    /// <summary>Makes it in a realm.</summary>
    public static void Install(VuRealm realm)
    {
        var console = new JsObject(realm.Engine);
        foreach (var (name, level) in new[]
        {
            ("debug", LogLevel.Debug), ("error", LogLevel.Error), ("info", LogLevel.Info), ("log", LogLevel.Info), ("warn", LogLevel.Warning),
        })
        {
            console.Set(name, new ClrFunction(realm.Engine, name, (_, arguments) => Write(realm, level, arguments)));
        }

        realm.Engine.SetValue("console", console);
    }

    private static JsValue Write(VuRealm realm, LogLevel level, JsValue[] arguments)
    {
        if (level != LogLevel.Debug || realm.Test.Log.IsVerbose)
        {
            realm.Test.Log.Console(level, string.Join(' ', arguments.Select(ConsoleText.Of)));
        }

        return JsValue.Undefined;
    }
}
