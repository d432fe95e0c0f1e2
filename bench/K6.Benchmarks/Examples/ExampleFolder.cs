using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace K6.Benchmarks.Examples;

/// <summary>A copy of the user's folder of scripts, so that nothing is written there, and a configuration that sends each host that they name to the local server.</summary>
internal sealed partial class ExampleFolder : IDisposable
{
    /// <summary>All addresses but 127.0.0.0/8: load that the map of hosts misses goes nowhere.</summary>
    private static readonly string[] NotLoopback =
        ["0.0.0.0/2", "64.0.0.0/3", "96.0.0.0/4", "112.0.0.0/5", "120.0.0.0/6", "124.0.0.0/7", "126.0.0.0/8", "128.0.0.0/1", "::/0"];

    private static readonly string[] Scripts = [".js", ".ts"];

    private readonly string root = Directory.CreateTempSubdirectory("k6-examples-").FullName;

    /// <summary>Copies the folder.</summary>
    /// <param name="source">The folder with the scripts.</param>
    /// <param name="replacements">Prefixes of imported addresses, and the folders that have what is below them.</param>
    /// <param name="server">The server that answers for all hosts.</param>
    public ExampleFolder(string source, IReadOnlyDictionary<string, string> replacements, ExampleServer server)
    {
        var hosts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Copies, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!Scripts.Contains(Path.GetExtension(file)))
            {
                File.Copy(file, copy);
                continue;
            }

            var text = File.ReadAllText(file);
            hosts.UnionWith(Host().Matches(text).Select(m => m.Groups[1].Value.ToLowerInvariant()));
            File.WriteAllText(copy, replacements.Aggregate(text, (all, pair) => all.Replace(pair.Key, new Uri(Path.GetFullPath(pair.Value) + Path.DirectorySeparatorChar).AbsoluteUri, StringComparison.Ordinal)));
        }

        Files = [.. Directory.EnumerateFiles(Copies, "*", SearchOption.AllDirectories).Where(f => Scripts.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal)];
        Configuration = Path.Combine(root, "config.json");
        File.WriteAllText(Configuration, JsonSerializer.Serialize(new { hosts = Map(hosts, server), insecureSkipTLSVerify = true, blacklistIPs = NotLoopback }));
    }

    /// <summary>The copied scripts, modules that others import among them.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The file for <c>--config</c>.</summary>
    public string Configuration { get; }

    private string Copies => Path.Combine(root, "scripts");

    /// <summary>The name by which the user knows a script.</summary>
    public string Name(string file) => Path.GetRelativePath(Copies, file).Replace('\\', '/');

    /// <summary>A new empty folder beside the scripts, to run in.</summary>
    public string WorkingFolder() => Directory.CreateDirectory(Path.Combine(root, "runs", Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>
    /// The file to run, and the flags that bound it to few iterations: the script itself, or, where it has scenarios, a module that exports what it exports with
    /// its scenarios bounded. Their executors are lost by that, their functions, variables and tags stay.
    /// </summary>
    /// <param name="script">The copied script.</param>
    /// <param name="options">Its options as <c>k6 inspect</c> prints them; null when that failed.</param>
    /// <param name="iterations">How many iterations of one virtual user.</param>
    public static (string File, string[] Flags) Bounded(string script, JsonNode? options, int iterations)
    {
        if (options?["scenarios"] is not JsonObject { Count: > 0 } scenarios)
        {
            return (script, ["--vus", "1", "--iterations", iterations.ToString(CultureInfo.InvariantCulture)]);
        }

        var bounded = new JsonObject();
        foreach (var (name, scenario) in scenarios)
        {
            var one = new JsonObject { ["executor"] = "per-vu-iterations", ["vus"] = 1, ["iterations"] = iterations };
            foreach (var kept in (string[])["exec", "env", "tags", "options"])
            {
                if (scenario?[kept] is { } value)
                {
                    one[kept] = value.DeepClone();
                }
            }

            bounded[name] = one;
        }

        var wrapper = Path.Combine(Path.GetDirectoryName(script)!, $"bounded.{Path.GetFileName(script)}");
        var specifier = JsonSerializer.Serialize("./" + Path.GetFileName(script));
        File.WriteAllText(wrapper, $$"""
            export * from {{specifier}};
            {{(DefaultExport().IsMatch(File.ReadAllText(script)) ? $"export {{ default }} from {specifier};" : "")}}
            import * as script from {{specifier}};
            export const options = Object.assign({}, script.options, { scenarios: {{bounded.ToJsonString()}} });
            """);
        return (wrapper, []);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(root, recursive: true);

    private static Dictionary<string, string> Map(IEnumerable<string> hosts, ExampleServer server)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            var parts = host.Split(':');
            if (parts.Length > 1)
            {
                map[host] = server.Plain;
            }

            map[parts[0] + ":80"] = server.Plain;
            map[parts[0] + ":443"] = server.Tls;
        }

        return map;
    }

    [GeneratedRegex(@"(?:https?|wss?)://(?:[^/@\s'""`]*@)?([A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*(?::\d+)?)")]
    private static partial Regex Host();

    [GeneratedRegex(@"export\s+default|exports\.default|as\s+default\b")]
    private static partial Regex DefaultExport();
}
