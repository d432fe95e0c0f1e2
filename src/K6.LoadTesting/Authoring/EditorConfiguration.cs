using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Data;

namespace K6.LoadTesting.Authoring;

/// <summary>
/// <c>obj/k6/tsconfig.json</c>, which a project's own <c>tsconfig.json</c> extends: editors and the compiler then know k6's modules and
/// globals, the script library and test data without npm, and that k6 has no window, fetch or URL.
/// </summary>
public static class EditorConfiguration
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "tsconfig.json";

    private static readonly string[] Library = ["es2023"];

    private static readonly string[] Types = ["k6", "k6-globals"];

    /// <summary>Writes the configuration and the script library that it leads to.</summary>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    /// <param name="typesDirectory">Absolute path of the folder with the types of k6.</param>
    /// <returns>Absolute path of the configuration.</returns>
    public static string Write(string outputDirectory, string typesDirectory)
    {
        Bundler.WriteLibrary(outputDirectory);
        var file = Path.Combine(outputDirectory, FileName);
        var text = JsonSerializer.Serialize(
            new
            {
                compilerOptions = new
                {
                    target = "es2022",
                    module = "es2022",
                    moduleResolution = "bundler",
                    lib = Library,
                    typeRoots = new[] { Path.TrimEndingDirectorySeparator(Path.GetFullPath(typesDirectory)).Replace('\\', '/') },
                    types = Types,
                    paths = new Dictionary<string, string[]>
                    {
                        ["k6-sdk"] = ["./library/index.ts"],
                        ["k6-data/*"] = [$"./{DataModules.Folder}/*.ts"],
                    },
                    allowJs = true,
                    resolveJsonModule = true,
                    allowImportingTsExtensions = true,
                    noEmit = true,
                    strict = true,
                    skipLibCheck = true,
                },
            },
            EntryModule.Json) + "\n";
        if (!File.Exists(file) || File.ReadAllText(file) != text)
        {
            File.WriteAllText(file, text);
        }

        return file;
    }
}
