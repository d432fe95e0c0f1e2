using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary><c>setTimeout</c> and its like, as globals and as <c>k6/timers</c>.</summary>
internal static class Timers
{
    /// <summary>The module <c>k6/timers</c>.</summary>
    public static ObjectInstance CreateModule(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        foreach (var name in (string[])["clearInterval", "clearTimeout", "setInterval", "setTimeout"])
        {
            module.Set(name, realm.Engine.Global.Get(name));
        }

        return module;
    }

    /// <summary>Adds the globals.</summary>
    public static void InstallGlobals(VuRealm realm)
    {
        Add(realm, "setTimeout", (_, a) => Start(realm, "setTimeout", repeats: false, a));
        Add(realm, "clearTimeout", (_, a) => Stop(realm, a));
        Add(realm, "setInterval", (_, a) => Start(realm, "setInterval", repeats: true, a));
        Add(realm, "clearInterval", (_, a) => Stop(realm, a));
    }

    private static void Add(VuRealm realm, string name, Func<JsValue, JsValue[], JsValue> function) =>
        realm.Engine.SetValue(name, new ClrFunction(realm.Engine, name, (self, arguments) => function(self, arguments)));

    private static JsNumber Start(VuRealm realm, string name, bool repeats, JsValue[] arguments)
    {
        var callback = arguments.Arg(0);
        if (callback.IsNothing())
        {
            throw realm.GoError($"{name}'s callback isn't a callable function");
        }

        if (!callback.IsCallable())
        {
            throw realm.TypeError($"could not convert function call parameter 0: could not convert {TypeConverter.ToString(callback)} to sobek.Callable");
        }

        var delay = arguments.Length > 1 ? TypeConverter.ToNumber(arguments[1]) : 0;
        delay = double.IsNaN(delay) ? 0 : Math.Clamp(delay, 0, 1e12);
        var rest = arguments.Length > 2 ? arguments[2..] : [];
        var id = realm.Loop.StartTimer(name, TimeSpan.FromMilliseconds(delay), repeats, () => realm.Engine.Call(callback, JsValue.Undefined, rest));
        return JsNumber.Create(id);
    }

    private static JsValue Stop(VuRealm realm, JsValue[] arguments)
    {
        if (arguments.Arg(0).IsNumber())
        {
            realm.Loop.StopTimer((long)arguments[0].AsNumber());
        }

        return JsValue.Undefined;
    }
}
