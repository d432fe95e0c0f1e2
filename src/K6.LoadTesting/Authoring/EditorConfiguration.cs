using System.Text;
using System.Text.Json;
using K6.LoadTesting.Bundling;

namespace K6.LoadTesting.Authoring;

/// <summary>
/// <c>obj/k6/tsconfig.json</c>, which a project's own <c>tsconfig.json</c> extends: editors and the compiler then know k6's modules and
/// globals, the script library, test data and clients without npm, and that k6 has no window, fetch or URL.
/// </summary>
internal static class EditorConfiguration
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "tsconfig.json";

    // ES2023 as k6 has it, part by part: without Intl, WeakRef, SharedArrayBuffer and Atomics. Intl comes in with lib.es5 all the same.
    private static readonly string[] Library =
    [
        "es2016", "es2017.arraybuffer", "es2017.date", "es2017.object", "es2017.string", "es2017.typedarrays",
        "es2018.asyncgenerator", "es2018.asynciterable", "es2018.promise", "es2018.regexp",
        "es2019.array", "es2019.object", "es2019.string", "es2019.symbol",
        "es2020.bigint", "es2020.number", "es2020.promise", "es2020.string", "es2020.symbol.wellknown",
        "es2021.promise", "es2021.string", "es2022.array", "es2022.error", "es2022.object", "es2022.string", "es2023.array",
    ];

    // What packages of npm may ask for by name and k6 does not have.
    private static readonly string[] ForeignLibraries = ["dom", "dom/iterable", "dom/asynciterable", "webworker", "webworker/iterable"];

    private static readonly string[] Types = ["k6", "k6-globals"];

    /// <summary>Writes the configuration and the script library that it leads to.</summary>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    /// <param name="typesDirectories">Absolute paths of the folders with the types of k6, the first one with an empty <c>node</c>.</param>
    /// <returns>Absolute path of the configuration.</returns>
    public static string Write(string outputDirectory, IReadOnlyList<string> typesDirectories)
    {
        Bundler.WriteLibrary(outputDirectory);
        var options = CompilerOptions(outputDirectory, typesDirectories, new TsconfigNames(new Dictionary<string, IReadOnlyList<string>>(), []));
        options["strict"] = true;
        return WriteFile(outputDirectory, FileName, new TypeScriptConfiguration(options));
    }

    /// <summary>What scripts of k6 need, whatever else a project's configuration says.</summary>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>, where the configuration will be.</param>
    /// <param name="typesDirectories">Absolute paths of the folders with the types of k6.</param>
    /// <param name="own">Names that the project's own configuration adds.</param>
    internal static Dictionary<string, object?> CompilerOptions(string outputDirectory, IReadOnlyList<string> typesDirectories, TsconfigNames own)
    {
        string[] roots = [.. typesDirectories.Select(directory => Slashes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))))];
        var paths = new Dictionary<string, string[]>();
        foreach (var (pattern, targets) in own.Paths)
        {
            paths[pattern] = [.. targets.Select(target => Relative(outputDirectory, target))];
        }

        foreach (var (pattern, target) in OwnModules.Paths)
        {
            paths[pattern] = ["./" + target];
        }

        foreach (var library in ForeignLibraries)
        {
            paths[$"@typescript/lib-{library}"] = [$"{roots[0]}/node/index.d.ts"];
        }

        return new Dictionary<string, object?>
        {
            ["target"] = "es2022",
            ["module"] = "esnext",
            ["moduleResolution"] = "bundler",
            ["lib"] = Library,
            ["libReplacement"] = true,
            ["typeRoots"] = roots,
            ["types"] = Types.Union(own.Types).ToArray(),
            ["paths"] = paths,
            ["allowJs"] = true,
            ["resolveJsonModule"] = true,
            ["allowImportingTsExtensions"] = true,
            ["noEmit"] = true,
            ["skipLibCheck"] = true,
        };
    }

    /// <summary>Writes a configuration when it differs.</summary>
    internal static string WriteFile(string outputDirectory, string name, TypeScriptConfiguration content)
    {
        var file = Path.Combine(outputDirectory, name);
        Bundler.WriteIfDifferent(file, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content, GeneratedJson.Instance.TypeScriptConfiguration) + "\n"));
        return file;
    }

    /// <summary>A path for a configuration in a folder: relative where that is possible.</summary>
    internal static string Relative(string folder, string path) =>
        ModulePaths.Relative(folder, path) is var relative && (relative.StartsWith('.') || Path.IsPathRooted(relative)) ? relative : "./" + relative;

    private static string Slashes(string path) => path.Replace('\\', '/');
}

/// <summary>A <c>tsconfig.json</c>.</summary>
/// <param name="CompilerOptions">Options by name: flags, words and lists of words.</param>
internal sealed record TypeScriptConfiguration(Dictionary<string, object?> CompilerOptions)
{
    /// <summary>The configuration whose options come first.</summary>
    public string? Extends { get; init; }

    /// <summary>Files to check.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>Patterns of further files.</summary>
    public IReadOnlyList<string>? Include { get; init; }

    /// <summary>Patterns of files that are left out.</summary>
    public IReadOnlyList<string>? Exclude { get; init; }
}
