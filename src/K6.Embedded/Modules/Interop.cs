using System.Globalization;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>Small steps between JavaScript values and the engine's.</summary>
internal static class Interop
{
    /// <summary>The argument at an index, or undefined.</summary>
    public static JsValue Arg(this JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    /// <summary>Whether a value is undefined or null.</summary>
    public static bool IsNothing(this JsValue value) => value.IsUndefined() || value.IsNull();

    /// <summary>Adds a function to an object.</summary>
    public static void AddFunction(this ObjectInstance target, VuRealm realm, string name, Func<JsValue, JsValue[], JsValue> function) =>
        target.Set(name, new ClrFunction(realm.Engine, name, (self, arguments) => function(self, arguments)));

    /// <summary>Adds a property that is computed at each read and cannot be set.</summary>
    public static void AddGetter(this ObjectInstance target, VuRealm realm, string name, Func<JsValue> getter)
    {
        var get = new ClrFunction(realm.Engine, name, (_, _) => getter());
        var set = new ClrFunction(realm.Engine, name, (_, _) => throw realm.TypeError($"Cannot assign to read only property '{name}'"));
        target.DefineOwnProperty(name, new GetSetPropertyDescriptor(get, set, enumerable: true, configurable: true));
    }

    /// <summary>A JavaScript <c>TypeError</c> to throw.</summary>
    public static JavaScriptException TypeError(this VuRealm realm, string message) => new(realm.Engine.Intrinsics.TypeError.Construct(message));

    /// <summary>Whether a value is an async function: k6 refuses those where a callback must be done when it returns.</summary>
    public static bool IsAsyncFunction(JsValue value) =>
        value is ObjectInstance instance && instance.IsCallable() && instance.Get("constructor") is ObjectInstance constructor && constructor.Get("name").ToString() == "AsyncFunction";

    /// <summary>The bytes of an ArrayBuffer, a view of one, or a string in UTF-8; null for anything else.</summary>
    public static byte[]? BytesOf(JsValue value)
    {
        if (value.IsString())
        {
            return Encoding.UTF8.GetBytes(value.AsString());
        }

        if (value.IsArrayBuffer())
        {
            return value.AsArrayBuffer();
        }

        return value is ObjectInstance view && (value is JsTypedArray || value.IsDataView()) && view.Get("buffer") is var buffer && buffer.IsArrayBuffer()
            ? buffer.AsArrayBuffer().AsSpan((int)view.Get("byteOffset").AsNumber(), (int)view.Get("byteLength").AsNumber()).ToArray()
            : null;
    }

    /// <summary>The bytes of an ArrayBuffer, or of the whole buffer under a view: k6 does not heed the view's place. Null for anything else.</summary>
    public static byte[]? WholeBuffer(JsValue value) => value switch
    {
        _ when value.IsArrayBuffer() => value.AsArrayBuffer(),
        ObjectInstance view when value is JsTypedArray || value.IsDataView() => view.Get("buffer").AsArrayBuffer(),
        _ => null,
    };

    /// <summary>A promise that is fulfilled already.</summary>
    public static JsValue Resolved(VuRealm realm, JsValue value)
    {
        var promise = realm.Engine.Advanced.RegisterPromise();
        promise.Resolve(value);
        return promise.Promise;
    }

    /// <summary>A promise that is rejected already.</summary>
    public static JsValue Rejected(VuRealm realm, JsValue reason)
    {
        var promise = realm.Engine.Advanced.RegisterPromise();
        promise.Reject(reason);
        return promise.Promise;
    }

    /// <summary>An error of k6 that is no instance of <c>Error</c>: an object that reads as its text, with <c>name</c> and <c>message</c> when it has a name.</summary>
    public static ObjectInstance NamedError(VuRealm realm, string? name, string message)
    {
        var text = new JsString(name is null ? message : $"{name}: {message}");
        var error = new JsObject(realm.Engine);
        if (name is not null)
        {
            error.Set("name", new JsString(name));
            error.Set("message", new JsString(message));
        }

        var read = new ClrFunction(realm.Engine, "error", (_, _) => text);
        error.Set("error", read);
        error.DefineOwnProperty("toString", new PropertyDescriptor(read, writable: true, enumerable: false, configurable: true));
        return error;
    }

    /// <summary>The name of a value's type in k6's messages: <c>int64</c>, <c>bool</c>, <c>[]interface {}</c>.</summary>
    public static string GoTypeOf(JsValue value) => value switch
    {
        _ when value.IsNothing() => "<nil>",
        _ when value.IsBoolean() => "bool",
        _ when value.IsNumber() => value.AsNumber() % 1 == 0 ? "int64" : "float64",
        _ when value.IsString() => "string",
        _ when value.IsArray() => "[]interface {}",
        _ => "map[string]interface {}",
    };

    /// <summary>A value as k6 prints it in forms and messages: <c>map[e:1]</c>, <c>[1 2]</c>, <c>&lt;nil&gt;</c>.</summary>
    public static string GoText(JsValue value)
    {
        if (value.IsNothing())
        {
            return "<nil>";
        }

        if (value is not ObjectInstance instance || instance.IsCallable())
        {
            return value.IsNumber() ? value.AsNumber().ToString("R", CultureInfo.InvariantCulture) : TypeConverter.ToString(value);
        }

        if (instance.IsArray())
        {
            return $"[{string.Join(' ', Items(instance).Select(GoText))}]";
        }

        var pairs = instance.GetOwnPropertyKeys(Types.String).Select(k => k.ToString()).Order(StringComparer.Ordinal).Select(k => $"{k}:{GoText(instance.Get(k))}");
        return $"map[{string.Join(' ', pairs)}]";
    }

    /// <summary>The items of an array.</summary>
    public static IEnumerable<JsValue> Items(ObjectInstance array)
    {
        var length = (uint)TypeConverter.ToNumber(array.Get("length"));
        for (var i = 0u; i < length; i++)
        {
            yield return array.Get(i);
        }
    }

    /// <summary>A text counts as the list of its characters, as everywhere in JavaScript.</summary>
    public static JsValue ObjectOf(VuRealm realm, JsValue value) =>
        value.IsString() ? realm.Engine.Call(realm.Engine.Global.Get("Object"), JsValue.Undefined, [value]) : value;

    /// <summary>The own enumerable properties with string keys, in order.</summary>
    public static IEnumerable<(string Name, JsValue Value)> Properties(JsValue value)
    {
        if (value is not ObjectInstance instance)
        {
            yield break;
        }

        foreach (var key in instance.GetOwnPropertyKeys(Types.String))
        {
            if (instance.GetOwnProperty(key).Enumerable)
            {
                yield return (key.ToString(), instance.Get(key));
            }
        }
    }

    /// <summary>A tag's value.</summary>
    /// <exception cref="FormatException">It is neither string, number nor boolean; the message is k6's.</exception>
    public static string TagValue(string name, JsValue value) =>
        value.IsString() || value.IsNumber() || value.IsBoolean()
            ? TypeConverter.ToString(value)
            : throw new FormatException($"invalid value for metric tag '{name}': only String, Boolean and Number types are accepted as a metric tag values");

    /// <summary>A value of <c>exec.vu.metrics.metadata</c>.</summary>
    /// <exception cref="FormatException">It is neither string, number nor boolean; the message is k6's.</exception>
    public static string MetadataValue(string name, JsValue value) =>
        value.IsString() || value.IsNumber() || value.IsBoolean()
            ? TypeConverter.ToString(value)
            : throw new FormatException($"invalid value for metric metadata '{name}': only String, Boolean and Number types are accepted as a metric metadata value");

    /// <summary>A duration: a number of milliseconds or text such as <c>1m30s</c>.</summary>
    /// <exception cref="FormatException">It is none; the message is k6's.</exception>
    public static TimeSpan Duration(JsValue value)
    {
        if (value.IsNumber())
        {
            return TimeSpan.FromMilliseconds(Math.Clamp(value.AsNumber(), -1e12, 1e12));
        }

        return value.IsString() ? Options.GoDuration.ParseExtended(value.AsString()) : throw new FormatException($"invalid duration type {GoTypeOf(value)}");
    }
}
