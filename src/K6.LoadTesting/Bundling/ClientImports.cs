using System.Text.RegularExpressions;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// <c>import { ShopApi } from 'k6-clients/shop'</c> imports an object with every operation, and esbuild would keep them all. The module behind it has each as an export, of
/// which esbuild keeps those that are used; so scripts get <c>import * as ShopApi</c> of that one while they are bundled. The two mean the same.
/// </summary>
internal static partial class ClientImports
{
    /// <summary>A script with such imports; as it was when it has none.</summary>
    public static string Rewrite(string text) =>
        text.Contains("k6-clients/", StringComparison.Ordinal) ? Import().Replace(text, match => Rewrite(match)) : text;

    private static string Rewrite(Match import)
    {
        var client = import.Groups["client"].Value;
        var (objects, kept) = (new List<string>(), new List<string>());
        foreach (var entry in import.Groups["names"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Entry().Match(entry) is not { Success: true } name)
            {
                return import.Value;
            }

            var exported = name.Groups["name"].Value;
            var local = name.Groups["local"] is { Success: true } renamed ? renamed.Value : exported;
            var module = exported == ClientWriter.ObjectName(client) ? ClientWriter.OperationsModule(client) : exported == "schemas" ? ClientWriter.SchemasModule(client) : null;
            if (module is null)
            {
                kept.Add(entry);
            }
            else
            {
                objects.Add($"import * as {local} from 'k6-clients/{module}'");
            }
        }

        if (objects.Count == 0)
        {
            return import.Value;
        }

        // Lines stay where they are.
        var lines = new string('\n', import.Value.Count(letter => letter == '\n'));
        return string.Join("; ", kept.Count > 0 ? objects.Prepend($"import {{ {string.Join(", ", kept)} }} from 'k6-clients/{client}'") : objects) + lines;
    }

    [GeneratedRegex("""(?<=^|[;\r\n])[ \t]*import\s*\{(?<names>[^{}]*)\}\s*from\s*(?<quote>['"])k6-clients/(?<client>[0-9A-Za-z_-]+)\k<quote>""")]
    private static partial Regex Import();

    [GeneratedRegex(@"^(?<name>[A-Za-z_$][\w$]*)(\s+as\s+(?<local>[A-Za-z_$][\w$]*))?\z|^type\s+\S.*\z")]
    private static partial Regex Entry();
}
