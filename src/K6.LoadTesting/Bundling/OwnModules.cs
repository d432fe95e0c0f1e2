using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Bundling;

/// <summary>The modules that scripts import by names of ours: <c>k6-sdk</c>, the script library, and <c>k6-data/NAME</c>, test data.</summary>
internal static class OwnModules
{
    /// <summary>Folders in the output folder whose modules are ours.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["runtime", "library", DataModules.Folder];

    /// <summary>Names that scripts import, as patterns of <c>paths</c> in a <c>tsconfig.json</c>, and where they lead in the output folder.</summary>
    public static IReadOnlyDictionary<string, string> Paths { get; } = new Dictionary<string, string>
    {
        ["k6-sdk"] = "library/index.ts",
        ["k6-data/*"] = $"{DataModules.Folder}/*.ts",
    };

    /// <summary>Flags that let esbuild find them.</summary>
    public static IEnumerable<string> Aliases(string outputDirectory) =>
    [
        $"--alias:k6-sdk={Path.Combine(outputDirectory, "library", "index.ts")}",
        $"--alias:k6-data={Path.Combine(outputDirectory, DataModules.Folder)}",
    ];

    /// <summary>What is wrong with an import of one; null when nothing is.</summary>
    public static (DiagnosticRule Rule, string Text)? Complaint(string module, LoadPlan plan)
    {
        if (module.StartsWith("k6-sdk/", StringComparison.Ordinal))
        {
            return (Rules.ImportUnresolved, $"There is no module {module}: everything of the script library is exported by k6-sdk itself.");
        }

        if (!module.StartsWith("k6-data", StringComparison.Ordinal))
        {
            return null;
        }

        var name = module["k6-data".Length..].TrimStart('/');
        string[] names = [.. plan.Data.Select(data => data.Name)];
        return names.Contains(name, StringComparer.Ordinal)
            ? null
            : (Rules.ImportUnresolved, names.Length == 0
                ? $"There are no test data {module}: the project declares none. Declare them: <K6Data Include=\"{(name.Length > 0 ? name : "users")}.csv\" />."
                : $"There are no test data {module}.{NearestName.Hint(name, names)} Each K6Data item of the project makes a module.");
    }
}
