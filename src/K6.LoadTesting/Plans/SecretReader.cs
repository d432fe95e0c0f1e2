using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Reads <c>K6Secret</c> items. Nothing here knows a value: they are read when the load test runs.</summary>
internal static class SecretReader
{
    private static readonly string[] Sources = ["Variable", "File", "UserSecret"];

    /// <summary>Reads every secret; the names in what it returns are unique and no variables'.</summary>
    public static IReadOnlyList<SecretPlan> Read(ProjectDeclaration project, IReadOnlyList<EnvironmentVariablePlan> variables, ICollection<Diagnostic> diagnostics)
    {
        var secrets = new List<SecretPlan>();
        foreach (var declaration in project.Items.Where(item => item.Kind.Equals("K6Secret", StringComparison.OrdinalIgnoreCase)))
        {
            var item = new ItemReader(declaration, [.. Sources, "Key"], new Dictionary<string, string>(), diagnostics);
            var name = item.Include;
            EnvironmentReader.CheckName(name, item.Location, diagnostics);
            if ((secrets.Find(other => other.Name == name)?.Location ?? variables.FirstOrDefault(other => other.Name == name)?.Location) is { } same)
            {
                item.Report(Rules.DuplicateVariable, null, $"{name} is declared at {same} already; remove one of them.");
                continue;
            }

            var given = item.Set(Sources);
            if (given.Count > 1)
            {
                item.Report(Rules.InvalidSecret, given[0], $"The secret {name} has {string.Join(" and ", given)}; it comes from one place.");
                continue;
            }

            if (item.Has("Key") && given is not ["File"])
            {
                item.Report(Rules.InvalidSecret, "Key", $"Key names a line of a File, and the secret {name} has none; add File=\".env\", or remove it.");
                continue;
            }

            secrets.Add(given switch
            {
                ["File"] when item.Text("Key") is { } key => new SecretPlan(name, SecretSource.FileKey, key, item.Location) { File = Path.GetFullPath(item.Text("File")!, project.Directory) },
                ["File"] => new SecretPlan(name, SecretSource.File, Path.GetFullPath(item.Text("File")!, project.Directory), item.Location),
                ["UserSecret"] => new SecretPlan(name, SecretSource.UserSecret, item.Text("UserSecret")!, item.Location) { File = UserSecretsFile(project, item) },
                ["Variable"] => new SecretPlan(name, SecretSource.Environment, item.Text("Variable")!, item.Location),
                _ => new SecretPlan(name, SecretSource.Environment, name, item.Location),
            });
        }

        return secrets;
    }

    // Where `dotnet user-secrets` keeps them: https://learn.microsoft.com/aspnet/core/security/app-secrets
    private static string? UserSecretsFile(ProjectDeclaration project, ItemReader item)
    {
        if (string.IsNullOrWhiteSpace(project.UserSecretsId))
        {
            item.Report(Rules.InvalidSecret, "UserSecret",
                $"{project.Name} has no UserSecretsId, so it has no user secrets. Set the property to that of the project whose secrets these are, or run 'dotnet user-secrets init'.");
            return null;
        }

        var folder = OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "Microsoft", "UserSecrets")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".microsoft", "usersecrets");
        return Path.Combine(folder, project.UserSecretsId.Trim(), "secrets.json");
    }
}
