using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Bundling;

/// <summary>The modules that k6 2.2 provides, by what a running k6 said of each.</summary>
internal static class EngineModules
{
    /// <summary>Go regular expression of the imports that need a look: the engine's, and ours.</summary>
    public const string Filter = @"^(k6$|k6/|k6-sdk/|(k6-data|k6-clients)($|/))";

    private static readonly string[] Known =
    [
        "k6", "k6/browser", "k6/crypto", "k6/crypto/x509", "k6/data", "k6/encoding", "k6/execution", "k6/experimental/csv",
        "k6/experimental/fs", "k6/experimental/streams", "k6/experimental/websockets", "k6/html", "k6/http", "k6/metrics",
        "k6/net/grpc", "k6/secrets", "k6/timers", "k6/websockets", "k6/ws",
    ];

    private static readonly Dictionary<string, string> Removed = new()
    {
        ["k6/experimental/browser"] = "It is k6/browser now.",
        ["k6/experimental/grpc"] = "It is k6/net/grpc now.",
        ["k6/experimental/redis"] = "It is the extension k6/x/redis now.",
        ["k6/experimental/timers"] = "Its functions are global: leave the import out, or import k6/timers.",
        ["k6/experimental/tracing"] = "The module http-instrumentation-tempo of jslib.k6.io replaces it.",
        ["k6/experimental/webcrypto"] = "It is the global object crypto now: leave the import out.",
    };

    /// <summary>What is wrong with an import of a module; null when nothing is.</summary>
    public static (DiagnosticRule Rule, string Text)? Complaint(string module)
    {
        if (module.StartsWith("k6/x/", StringComparison.Ordinal))
        {
            return (Rules.ExtensionModule,
                $"{module} is an extension: the run needs a k6 that was built with it (xk6 build), named by K6Path. The embedded engine and the k6 of the releases do not have it.");
        }

        if (Removed.TryGetValue(module, out var instead))
        {
            return (Rules.RemovedEngineModule, $"k6 2 removed {module}. {instead}");
        }

        if (Known.Contains(module) || !(module == "k6" || module.StartsWith("k6/", StringComparison.Ordinal)))
        {
            return null;
        }

        return (Rules.UnknownEngineModule, module == "k6/options"
            ? "k6/options has types only, and no engine provides it. Import it as types: import type { Options } from 'k6/options'."
            : $"k6 has no module {module}.{NearestName.Hint(module, Known)}");
    }
}
