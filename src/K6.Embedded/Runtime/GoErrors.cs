using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace K6.Embedded.Runtime;

/// <summary>The errors that k6's own functions throw: instances of <c>GoError</c>, as scripts see them in k6.</summary>
internal sealed class GoErrors
{
    private readonly VuRealm realm;
    private readonly ObjectInstance prototype;

    /// <summary>Makes the class <c>GoError</c> in the realm.</summary>
    public GoErrors(VuRealm realm)
    {
        this.realm = realm;
        var engine = realm.Engine;
        prototype = engine.Intrinsics.Error.Construct();
        prototype.Delete("message");
        prototype.FastSetDataProperty("name", new JsString("GoError"));
        var constructor = new ClrFunction(engine, "GoError", (_, arguments) => CreateObject(arguments.Length > 0 ? TypeConverter.ToString(arguments[0]) : ""));
        constructor.FastSetDataProperty("prototype", prototype);
        prototype.FastSetDataProperty("constructor", constructor);
        engine.SetValue("GoError", constructor);
    }

    /// <summary>An exception to throw from a host function.</summary>
    public JavaScriptException Create(string message) => new(CreateObject(message));

    private ObjectInstance CreateObject(string message)
    {
        var error = realm.Engine.Intrinsics.Error.Construct(message);
        error.Set("__proto__", prototype);
        return error;
    }
}
