using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/html</c>, on AngleSharp.</summary>
internal static class HtmlModule
{
    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        module.AddFunction(realm, "parseHTML", (_, a) => realm.Html.Parse(a.Arg(0).IsNothing() ? "" : TypeConverter.ToString(a[0]), null));
        return module;
    }
}
