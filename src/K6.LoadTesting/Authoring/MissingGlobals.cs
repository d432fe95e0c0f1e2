using System.Text.RegularExpressions;

namespace K6.LoadTesting.Authoring;

/// <summary>
/// What to say where a script uses a name of browsers or of Node.js. The compiler's own advice is to install types, which would hide the mistake
/// until the load runs.
/// </summary>
internal static partial class MissingGlobals
{
    private static readonly Dictionary<string, string> Advice = new()
    {
        ["fetch"] = "import http from 'k6/http' and call http.get() or http.asyncRequest().",
        ["XMLHttpRequest"] = "import http from 'k6/http'.",
        ["URL"] = "put addresses together as texts, with encodeURIComponent().",
        ["URLSearchParams"] = "put queries together as texts, with encodeURIComponent().",
        ["Buffer"] = "use Uint8Array, TextEncoder, and b64encode() of k6/encoding.",
        ["process"] = "the environment is __ENV.",
        ["atob"] = "use b64decode() of k6/encoding.",
        ["btoa"] = "use b64encode() of k6/encoding.",
        ["structuredClone"] = "use JSON.parse(JSON.stringify(value)).",
        ["performance"] = "use Date.now().",
        ["WebSocket"] = "import { WebSocket } from 'k6/websockets'.",
        ["AbortController"] = "requests have a timeout parameter.",
        ["FormData"] = "pass an object with http.file() as body.",
        ["Headers"] = "headers are a plain object.",
        ["window"] = "pages are driven with k6/browser.",
        ["document"] = "pages are driven with k6/browser.",
        ["setImmediate"] = "use setTimeout().",
        ["queueMicrotask"] = "use Promise.resolve().then().",
        ["localStorage"] = "use a variable of the module: each virtual user has its own.",
        ["sessionStorage"] = "use a variable of the module: each virtual user has its own.",
    };

    /// <summary>The message of the compiler with advice that helps with k6.</summary>
    public static string Explain(string message)
    {
        if (Unknown().Match(message) is not { Success: true } match)
        {
            return message;
        }

        var name = match.Groups["name"].Value;
        return Advice.TryGetValue(name, out var advice) ? $"{match.Value} k6 has no {name}: {advice}"
            : match.Length < message.Length && message.Contains("Do you need to", StringComparison.Ordinal) ? $"{match.Value} k6 is neither a browser nor Node.js."
            : message;
    }

    [GeneratedRegex(@"^Cannot find name '(?<name>\w+)'\.")]
    private static partial Regex Unknown();
}
