using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using K6.Embedded.Cli;
using K6.Embedded.Execution;
using K6.Embedded.Modules;
using K6.Embedded.Metrics;

namespace K6.Embedded.Runtime;

/// <summary>Loads test scripts.</summary>
internal static class ScriptLoader
{
    /// <summary>Loads a script and runs its init code once.</summary>
    /// <exception cref="ScriptException">A file is missing, a syntax error, an exception of the init code, or nothing is exported.</exception>
    /// <exception cref="TestAbortedException">The init code called <c>exec.test.abort</c>.</exception>
    /// <exception cref="UnsupportedException">The script needs what this engine has not.</exception>
    public static ITestScript Load(ScriptLoadRequest request)
    {
        var program = new ScriptProgram(request.Path, request.Source, request.Test.Log);
        var shared = new SharedState();
        var context = new VuContext(request.Test, 0, new SampleBuffer(static _ => { }));
        using var realm = new VuRealm(program, request, context, shared, request.Interrupt);
        var functions = realm.ExportedFunctions();
        if (functions.Count == 0)
        {
            throw new ScriptException("no exported functions in script", isStackTrace: false) { ExitCode = ExitCodes.Unspecified };
        }

        return new TestScript(program, request, shared, OptionsOf(realm), functions);
    }

    private static string? OptionsOf(VuRealm realm)
    {
        var options = realm.Export("options");
        if (options.IsUndefined() || options.IsNull())
        {
            return null;
        }

        try
        {
            var json = new JsonSerializer(realm.Engine).Serialize(options);
            return json.IsString() ? json.AsString() : null;
        }
        catch (JavaScriptException e)
        {
            throw new ScriptException(realm.Stacks.TextOf(e));
        }
    }
}

/// <summary>A loaded script: see <see cref="ITestScript"/>.</summary>
internal sealed class TestScript(ScriptProgram program, ScriptLoadRequest request, SharedState shared, string? optionsJson, IReadOnlySet<string> functions) : ITestScript
{
    /// <inheritdoc/>
    public string? OptionsJson { get; } = optionsJson;

    /// <inheritdoc/>
    public IReadOnlySet<string> ExportedFunctions { get; } = functions;

    /// <inheritdoc/>
    public bool UsesHttp => program.Uses("k6/http");

    /// <inheritdoc/>
    public bool MayUseTls =>
        UsesHttp
        && (program.Mentions("https:")
            || program.Mentions("open(")
            || (program.Mentions("__ENV") && request.Environment.Any(v => v.Value.StartsWith("https:", StringComparison.OrdinalIgnoreCase) && program.Mentions(v.Key))));

    /// <inheritdoc/>
    public IVirtualUser CreateVu(VuContext context, CancellationToken interrupt) => new VirtualUser(NewRealm(context, interrupt));

    /// <inheritdoc/>
    public string? RunSetup(VuContext context, CancellationToken interrupt)
    {
        using var realm = NewRealm(context, interrupt);
        var result = Run(realm, "setup", _ => [], interrupt);
        if (result.IsUndefined())
        {
            return null;
        }

        var json = new JsonSerializer(realm.Engine).Serialize(result, new ClrFunction(realm.Engine, "", AsGo), JsValue.Undefined);
        return json.IsString() ? json.AsString() : null;
    }

    /// <inheritdoc/>
    public void RunTeardown(VuContext context, string? setupDataJson, CancellationToken interrupt)
    {
        using var realm = NewRealm(context, interrupt);
        Run(realm, "teardown", r => [VirtualUser.ParseData(r, setupDataJson)], interrupt);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]>? HandleSummary(VuContext context, string dataJson, CancellationToken interrupt)
    {
        using var realm = NewRealm(context, interrupt);
        var result = Run(realm, "handleSummary", r => [SummaryOf(r, dataJson)], interrupt);
        if (result.IsUndefined() || result.IsNull())
        {
            return null;
        }

        if (result is not ObjectInstance files || files.IsArray() || files.IsCallable())
        {
            throw new ScriptException("handleSummary() should return a map with string keys", isStackTrace: false);
        }

        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var key in files.GetOwnPropertyKeys(Types.String))
        {
            contents[key.ToString()] = ContentOf(key.ToString(), files.Get(key));
        }

        return contents;
    }

    // JSON has no NaN; where a statistic should be, null means one.
    private static JsValue SummaryOf(VuRealm realm, string json)
    {
        var data = VirtualUser.ParseData(realm, json);
        var metrics = data is ObjectInstance summary ? summary.Get("metrics") : JsValue.Undefined;
        foreach (var (_, metric) in Interop.Properties(metrics))
        {
            var values = (ObjectInstance)((ObjectInstance)metric).Get("values");
            foreach (var (name, _) in Interop.Properties(values).Where(statistic => statistic.Value.IsNull()).ToList())
            {
                values.Set(name, JsNumber.Create(double.NaN));
            }
        }

        return data;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // Set-up data passes through k6's own values: undefined becomes null, and times lose their zero milliseconds.
    private static JsValue AsGo(JsValue holder, JsValue[] arguments) => holder.AsObject().Get(arguments[0]) switch
    {
        JsDate date => new JsString(date.ToDateTime().ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", System.Globalization.CultureInfo.InvariantCulture)),
        { } value when value.IsCallable() => throw NoFunctions(),
        { } value when value.IsUndefined() => JsValue.Null,
        _ => arguments[1],
    };

    private static ScriptException NoFunctions() =>
        new("error marshaling setup() data to JSON: json: unsupported type: func(sobek.FunctionCall) sobek.Value", isStackTrace: false) { ExitCode = ExitCodes.Unspecified };

    private static byte[] ContentOf(string key, JsValue value)
    {
        if (value.IsString())
        {
            return System.Text.Encoding.UTF8.GetBytes(value.AsString());
        }

        if (value.IsArrayBuffer())
        {
            return value.AsArrayBuffer() ?? [];
        }

        throw new ScriptException($"error handling summary object {key}: invalid type {Modules.Interop.GoTypeOf(value)}, it needs to be a string or ArrayBuffer", isStackTrace: false);
    }

    private static JsValue Run(VuRealm realm, string name, Func<VuRealm, JsValue[]> arguments, CancellationToken interrupt)
    {
        try
        {
            return realm.Call(realm.Export(name), arguments(realm), interrupt);
        }
        catch (JavaScriptException e)
        {
            throw new ScriptException(realm.Stacks.TextOf(e));
        }
        catch (UncaughtRejectionException e)
        {
            throw new ScriptException(e.Message);
        }
        catch (ScriptAbortedException e)
        {
            throw new TestAbortedException(e.Message);
        }
        finally
        {
            realm.EndIteration();
        }
    }

    private VuRealm NewRealm(VuContext context, CancellationToken interrupt) => new(program, request, context, shared, interrupt);
}
