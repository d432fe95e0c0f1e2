using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Bundling;

/// <summary>The modules that scripts import by names of ours: <c>k6-sdk</c>, the script library, <c>k6-data/NAME</c>, test data, and <c>k6-clients/NAME</c>, clients of OpenAPI documents.</summary>
internal static class OwnModules
{
    /// <summary>Folders in the output folder whose modules are ours.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["runtime", "library", DataModules.Folder, OpenApiClients.Folder];

    /// <summary>Names that scripts import, as patterns of <c>paths</c> in a <c>tsconfig.json</c>, and where they lead in the output folder.</summary>
    public static IReadOnlyDictionary<string, string> Paths { get; } = new Dictionary<string, string>
    {
        ["k6-sdk"] = "library/index.ts",
        ["k6-data/*"] = $"{DataModules.Folder}/*.ts",
        ["k6-clients/*"] = $"{OpenApiClients.Folder}/*.ts",
    };

    /// <summary>Flags that let esbuild find them.</summary>
    public static IEnumerable<string> Aliases(string outputDirectory) =>
    [
        $"--alias:k6-sdk={Path.Combine(outputDirectory, "library", "index.ts")}",
        $"--alias:k6-data={Path.Combine(outputDirectory, DataModules.Folder)}",
        $"--alias:k6-clients={Path.Combine(outputDirectory, OpenApiClients.Folder)}",
    ];

    /// <summary>What is wrong with an import of one; null when nothing is.</summary>
    public static (DiagnosticRule Rule, string Text)? Complaint(string module, LoadPlan plan)
    {
        if (module.StartsWith("k6-sdk/", StringComparison.Ordinal))
        {
            return (Rules.ImportUnresolved, $"There is no module {module}: everything of the script library is exported by k6-sdk itself.");
        }

        return module.StartsWith("k6-data", StringComparison.Ordinal)
                ? Unknown(module, "k6-data", plan.Data.Select(data => data.Name), "There are no test data", "<K6Data Include=\"{0}.csv\" />", "users", "K6Data")
            : module.StartsWith("k6-clients", StringComparison.Ordinal)
                ? Unknown(module, "k6-clients", plan.OpenApi.Select(client => client.Name), "There is no client", "<K6OpenApi Include=\"{0}.yaml\" />", "shop", "K6OpenApi")
            : null;
    }

    private static (DiagnosticRule Rule, string Text)? Unknown(
        string module, string prefix, IEnumerable<string> known, string none, string example, string exampleName, string item)
    {
        var name = module[prefix.Length..].TrimStart('/');
        string[] names = [.. known];
        return names.Contains(name.Split('.')[0], StringComparer.Ordinal)
            ? null
            : (Rules.ImportUnresolved, names.Length == 0
                ? $"{none} {module}: the project declares none. Declare them: {string.Format(System.Globalization.CultureInfo.InvariantCulture, example, name.Length > 0 ? name : exampleName)}."
                : $"{none} {module}.{NearestName.Hint(name, names)} Each {item} item of the project makes a module.");
    }
}
