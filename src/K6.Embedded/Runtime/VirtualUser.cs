using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;
using K6.Embedded.Execution;

namespace K6.Embedded.Runtime;

/// <summary>One VU of a script: see <see cref="IVirtualUser"/>.</summary>
internal sealed class VirtualUser(VuRealm realm) : IVirtualUser
{
    private readonly Dictionary<string, JsValue> functions = new(StringComparer.Ordinal);
    private string? parsedJson;
    private JsValue data = JsValue.Undefined;
    private bool hasData;

    /// <inheritdoc/>
    public IterationOutcome RunIteration(string exec, string? setupDataJson, CancellationToken interrupt)
    {
        if (!hasData || !ReferenceEquals(parsedJson, setupDataJson))
        {
            data = ParseData(realm, setupDataJson);
            parsedJson = setupDataJson;
            hasData = true;
        }

        if (!functions.TryGetValue(exec, out var function))
        {
            functions[exec] = function = realm.Export(exec);
        }

        realm.BeginIteration();
        var scenario = realm.Context.Scenario;
        try
        {
            realm.Call(function, [data], interrupt);
            return IterationOutcome.Completed;
        }
        catch (JavaScriptException e)
        {
            realm.Test.Log.ScriptException(realm.Stacks.TextOf(e), scenario);
            return IterationOutcome.Failed;
        }
        catch (UncaughtRejectionException e)
        {
            realm.Test.Log.ScriptException($"Uncaught (in promise) {e.Message}", scenario, isAsync: true);
            return IterationOutcome.Failed;
        }
        catch (ScriptAbortedException e)
        {
            return IterationOutcome.Aborted(e.Message);
        }
        catch (OperationCanceledException)
        {
            return IterationOutcome.Interrupted;
        }
        finally
        {
            realm.EndIteration();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => realm.Dispose();

    /// <summary>JSON as a value of the realm; undefined for null.</summary>
    internal static JsValue ParseData(VuRealm realm, string? json) => json is null ? JsValue.Undefined : new JsonParser(realm.Engine).Parse(json);
}
