using System.Globalization;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/data</c>: <c>SharedArray</c>, whose elements exist once per test as JSON and are parsed when a VU reads them.</summary>
internal static class DataModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.Set("SharedArray", new HostClass(realm, "SharedArray", a => New(realm, a)));
        return module;
    }

    // What JSON.stringify makes of undefined and of functions: no JSON, which k6 sees when the element is read.
    private const string NoJson = "undefined";

    /// <summary>An array of elements that are there once for all VUs.</summary>
    /// <param name="realm">The realm that shows it.</param>
    /// <param name="elements">The elements as JSON.</param>
    public static ObjectInstance Show(VuRealm realm, string[] elements) => realm.Engine.Advanced.CreateProxy(new JsArray(realm.Engine), new Handler(realm, elements));

    private static ObjectInstance New(VuRealm realm, JsValue[] arguments)
    {
        if (!realm.InInit)
        {
            throw realm.GoError("new SharedArray must be called in the init context");
        }

        var name = arguments.Arg(0).IsUndefined() ? "" : TypeConverter.ToString(arguments[0]);
        if (name.Length == 0 && arguments.Length > 0)
        {
            throw realm.GoError("empty name provided to SharedArray's constructor");
        }

        var make = arguments.Arg(1);
        if (!make.IsCallable())
        {
            throw realm.GoError("a function is expected as the second argument of SharedArray's constructor");
        }

        if (Interop.IsAsyncFunction(make))
        {
            throw realm.GoError("SharedArray constructor does not support async functions as second argument");
        }

        return Show(realm, realm.Shared.Array(name, () => Elements(realm, make)));
    }

    private static string[] Elements(VuRealm realm, JsValue make)
    {
        var made = realm.Engine.Call(make, JsValue.Undefined, []);
        if (made.IsNothing())
        {
            throw realm.TypeError("Cannot convert undefined or null to object");
        }

        if (made is not ObjectInstance array || !array.IsArray())
        {
            throw realm.GoError("only arrays can be made into SharedArray");
        }

        var serializer = new JsonSerializer(realm.Engine);
        return [.. Interop.Items(array).Select(item => serializer.Serialize(item) is var json && json.IsString() ? json.AsString() : NoJson)];
    }

    private sealed class Handler(VuRealm realm, string[] elements) : ProxyHandler
    {
        private const string Immutable = "SharedArray is immutable";

        public override JsValue? Get(ObjectInstance target, JsValue property, JsValue receiver)
        {
            if (IndexOf(property) is { } index)
            {
                return index < elements.Length ? Element(index) : JsValue.Undefined;
            }

            return IsLength(property) ? JsNumber.Create(elements.Length) : null;
        }

        public override bool? Set(ObjectInstance target, JsValue property, JsValue value, JsValue receiver) =>
            throw realm.TypeError(IndexOf(property) is not null || IsLength(property) ? Immutable : $"Cannot set property \"{property}\" on a dynamic array");

        public override bool? Has(ObjectInstance target, JsValue property) => IndexOf(property) is { } index ? index < elements.Length : null;

        public override bool? DeleteProperty(ObjectInstance target, JsValue property) => throw realm.TypeError(Immutable);

        public override bool? DefineProperty(ObjectInstance target, JsValue property, PropertyDescriptor descriptor) => throw realm.TypeError(Immutable);

        public override PropertyDescriptor? GetOwnPropertyDescriptor(ObjectInstance target, JsValue property) =>
            IndexOf(property) is { } index && index < elements.Length
                ? new PropertyDescriptor(Element(index), writable: true, enumerable: true, configurable: true)
                : null;

        public override IReadOnlyList<JsValue> OwnKeys(ObjectInstance target)
        {
            var keys = new JsValue[elements.Length + 1];
            for (var i = 0; i < elements.Length; i++)
            {
                keys[i] = new JsString(i.ToString(CultureInfo.InvariantCulture));
            }

            keys[^1] = new JsString("length");
            return keys;
        }

        private static bool IsLength(JsValue property) => property.IsString() && property.AsString() == "length";

        private JsValue Element(int index)
        {
            if (elements[index] == NoJson)
            {
                throw new JavaScriptException(realm.Engine.Construct("SyntaxError", new JsString("invalid character 'u' looking for beginning of value")));
            }

            var value = new JsonParser(realm.Engine).Parse(elements[index]);
            Freeze(value);
            return value;
        }

        private static void Freeze(JsValue value)
        {
            if (value is not ObjectInstance instance)
            {
                return;
            }

            foreach (var key in instance.GetOwnPropertyKeys())
            {
                var property = instance.GetOwnProperty(key);
                Freeze(property.Value);
                instance.DefineOwnProperty(key, new PropertyDescriptor(property.Value, writable: false, enumerable: property.Enumerable, configurable: false));
            }

            instance.PreventExtensions();
        }

        private static int? IndexOf(JsValue property) =>
            property.IsNumber() ? (int)property.AsNumber()
            : property.IsString() && int.TryParse(property.AsString(), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index
            : null;
    }
}
