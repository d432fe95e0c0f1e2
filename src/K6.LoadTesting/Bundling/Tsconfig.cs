using System.Text.Json;

namespace K6.LoadTesting.Bundling;

/// <summary>Reads <c>tsconfig.json</c> files as far as we have to know what they say. What is wrong with one is left to the tools.</summary>
internal static class Tsconfig
{
    private static readonly JsonDocumentOptions Relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>For each file that a configuration extends, the places where it is looked for, in order.</summary>
    /// <param name="file">Absolute path of the configuration.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Bases(string file)
    {
        using var json = Read(file);
        return json is null ? [] : Bases(file, json.RootElement);
    }

    /// <summary>What a configuration and those that it extends say of resolving names.</summary>
    /// <param name="file">Absolute path of the configuration.</param>
    public static TsconfigNames Names(string file)
    {
        var names = Collect(file, []);
        var paths = names.Paths.ToDictionary(
            path => path.Key, path => (IReadOnlyList<string>)[.. path.Value.Select(target => Path.GetFullPath(target, names.BaseUrl ?? names.PathsFolder))]);
        if (names.BaseUrl is not null)
        {
            paths.TryAdd("*", [Path.Combine(names.BaseUrl, "*")]);
        }

        return new TsconfigNames(paths, names.Types);
    }

    private sealed record Said(Dictionary<string, string[]> Paths, string PathsFolder, string? BaseUrl, string[] Types);

    private static Said Collect(string file, HashSet<string> seen)
    {
        var folder = Path.GetDirectoryName(file)!;
        var said = new Said([], folder, null, []);
        using var json = seen.Add(file) ? Read(file) : null;
        if (json is null)
        {
            return said;
        }

        foreach (var @base in Bases(file, json.RootElement).Select(candidates => candidates.FirstOrDefault(File.Exists)).OfType<string>())
        {
            var inherited = Collect(@base, seen);
            said = new Said(
                inherited.Paths.Count > 0 ? inherited.Paths : said.Paths,
                inherited.Paths.Count > 0 ? inherited.PathsFolder : said.PathsFolder,
                inherited.BaseUrl ?? said.BaseUrl,
                inherited.Types.Length > 0 ? inherited.Types : said.Types);
        }

        if (!json.RootElement.TryGetProperty("compilerOptions", out var options) || options.ValueKind != JsonValueKind.Object)
        {
            return said;
        }

        if (options.TryGetProperty("baseUrl", out var baseUrl) && baseUrl.ValueKind == JsonValueKind.String)
        {
            said = said with { BaseUrl = Path.GetFullPath(baseUrl.GetString()!, folder) };
        }

        if (options.TryGetProperty("paths", out var paths) && paths.ValueKind == JsonValueKind.Object)
        {
            said = said with { Paths = paths.EnumerateObject().ToDictionary(path => path.Name, path => Texts(path.Value)), PathsFolder = folder };
        }

        return options.TryGetProperty("types", out var types) ? said with { Types = Texts(types) } : said;
    }

    private static IReadOnlyList<IReadOnlyList<string>> Bases(string file, JsonElement root)
    {
        if (!root.TryGetProperty("extends", out var extends))
        {
            return [];
        }

        return [.. (extends.ValueKind == JsonValueKind.String ? [extends.GetString()!] : Texts(extends)).Select(text =>
        {
            string[] candidates = [text, text + ".json", text + "/tsconfig.json"];
            var starts = text.StartsWith('.') || Path.IsPathRooted(text)
                ? [Path.GetDirectoryName(file)!]
                : Ancestors(file).Select(folder => Path.Combine(folder, "node_modules"));
            return (IReadOnlyList<string>)[.. starts.SelectMany(start => candidates.Select(end => Path.GetFullPath(end, start)))];
        })];
    }

    private static JsonDocument? Read(string file)
    {
        try
        {
            var json = File.Exists(file) ? JsonDocument.Parse(File.ReadAllBytes(file), Relaxed) : null;
            if (json?.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }

            json?.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string[] Texts(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : [];

    /// <summary>The folder of a file, the one above it, and so on.</summary>
    public static IEnumerable<string> Ancestors(string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}

/// <summary>What a configuration says of resolving names.</summary>
/// <param name="Paths"><c>paths</c>, with absolute targets; <c>baseUrl</c> is the pattern <c>*</c>.</param>
/// <param name="Types"><c>types</c>.</param>
internal sealed record TsconfigNames(IReadOnlyDictionary<string, IReadOnlyList<string>> Paths, IReadOnlyList<string> Types);
