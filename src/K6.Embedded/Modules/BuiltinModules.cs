using Jint.Native.Object;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>k6's own modules: which there are, which this engine has not, and which k6 2.x removed.</summary>
internal static class BuiltinModules
{
    private static readonly Dictionary<string, Func<VuRealm, ObjectInstance>> Known = new(StringComparer.Ordinal)
    {
        ["k6"] = K6Module.Create,
        ["k6/crypto"] = CryptoModule.Create,
        ["k6/data"] = DataModule.Create,
        ["k6/encoding"] = EncodingModule.Create,
        ["k6/execution"] = ExecutionModule.Create,
        ["k6/experimental/csv"] = CsvModule.Create,
        ["k6/experimental/fs"] = FileSystemModule.Create,
        ["k6/experimental/streams"] = StreamsModule.Create,
        ["k6/html"] = HtmlModule.Create,
        ["k6/http"] = HttpModule.Create,
        ["k6/metrics"] = MetricsModule.Create,
        ["k6/secrets"] = SecretsModule.Create,
        ["k6/timers"] = Timers.CreateModule,
        ["k6/websockets"] = WebSocketsModule.Create,
        ["k6/ws"] = WsModule.Create,
    };

    private static readonly HashSet<string> Unsupported = new(StringComparer.Ordinal)
    {
        "k6/browser", "k6/experimental/websockets", "k6/net/grpc",
    };

    private static readonly Dictionary<string, string> Removed = new(StringComparer.Ordinal)
    {
        ["k6/experimental/browser"] = "k6/experimental/browser has been graduated, please use k6/browser instead.Please update your imports to use k6/browser instead of k6/experimental/browser, For more information, see the migration guide at the link: https://grafana.com/docs/k6/latest/using-k6-browser/migrating-to-k6-v0-52/",
        ["k6/experimental/grpc"] = "k6/experimental/grpc has been graduated, please use k6/net/grpc instead. See https://grafana.com/docs/k6/latest/javascript-api/k6-net-grpc/ for more information.",
        ["k6/experimental/redis"] = "k6/experimental/redis has been removed. Please migrate to the new version by changing your import to 'k6/x/redis'. Read more here: https://grafana.com/docs/k6/latest/javascript-api/k6-x-redis",
        ["k6/experimental/timers"] = "k6/experimental/timers has been graduated, and it's now globally available as defined by standard WebAPIs. You just need to remove the import.",
        ["k6/experimental/tracing"] = "k6/experimental/tracing has been removed. All of it functionality is available as pure JavaScript module. More info available at the docs: https://grafana.com/docs/k6/latest/javascript-api/jslib/http-instrumentation-tempo",
        ["k6/experimental/webcrypto"] = "k6/experimental/webcrypto has been graduated and it's now globally available as defined by standard WebAPIs. You just need to remove the import.",
    };

    /// <summary>The modules that work.</summary>
    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>Whether the module works.</summary>
    public static bool IsKnown(string name) => Known.ContainsKey(name);

    /// <summary>Whether it is one that k6 has, or may get by an extension, and this engine has not.</summary>
    public static bool IsUnsupported(string name) => Unsupported.Contains(name) || name.StartsWith("k6/x/", StringComparison.Ordinal);

    /// <summary>k6's message for a module that 2.x removed; null for others.</summary>
    public static string? RemovalOf(string name) => Removed.GetValueOrDefault(name);

    /// <summary>Makes a module's default export.</summary>
    public static ObjectInstance Create(string name, VuRealm realm) => Known[name](realm);
}
