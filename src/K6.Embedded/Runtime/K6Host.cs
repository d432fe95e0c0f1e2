using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;
using Jint.Runtime.Modules;
using K6.Embedded.Execution;

namespace K6.Embedded.Runtime;

/// <summary>What JavaScript asks of its host: <c>import.meta</c>, which has <c>resolve</c> and nothing else.</summary>
internal sealed class K6Host(VuRealm realm) : Host
{
    /// <inheritdoc/>
    public override List<KeyValuePair<JsValue, JsValue>> GetImportMetaProperties(Module moduleRecord)
    {
        var url = moduleRecord.Location ?? realm.Program.EntryUrl;
        var resolve = new ClrFunction(realm.Engine, "resolve", (_, arguments) => Resolve(url, arguments));
        return [new(new JsString("resolve"), resolve)];
    }

    private JsString Resolve(string url, JsValue[] arguments)
    {
        var specifier = arguments.Length == 0 ? "" : TypeConverter.ToString(arguments[0]);
        if (specifier.Length == 0)
        {
            throw realm.GoError("require() can't be used with an empty specifier");
        }

        try
        {
            return new JsString(new Uri(realm.Program.Resolve(url, specifier)).AbsoluteUri);
        }
        catch (ScriptException e)
        {
            throw realm.GoError(e.Message);
        }
    }
}
