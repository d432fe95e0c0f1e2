using System.Text.Json;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Secrets;

/// <summary>Reads the values of secrets when the load test runs. They go into the engine's environment and into the mask, and nowhere else.</summary>
internal static class SecretValues
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Values by name.</summary>
    /// <param name="secrets">The secrets.</param>
    /// <param name="machine">Variables of the machine.</param>
    /// <exception cref="LoadTestException">One is not there: a load test with a wrong token would measure refusals.</exception>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyList<SecretPlan> secrets, IReadOnlyDictionary<string, string> machine)
    {
        var values = new Dictionary<string, string>();
        foreach (var secret in secrets)
        {
            var value = secret.Source switch
            {
                SecretSource.File => FromFile(secret),
                SecretSource.UserSecret => FromUserSecrets(secret),
                SecretSource.FileKey => Line(secret.Key, Text(secret, secret.File!)),
                _ => machine.GetValueOrDefault(secret.Key),
            };
            values[secret.Name] = !string.IsNullOrEmpty(value) ? value : throw Missing(secret, secret.Source switch
            {
                SecretSource.File => $"the file '{secret.Key}' is empty",
                SecretSource.FileKey => $"'{secret.File}' has no line '{secret.Key}=…'",
                SecretSource.UserSecret => $"'{secret.File}' has no '{secret.Key}'. Set it: dotnet user-secrets set \"{secret.Key}\" …",
                _ => $"the variable {secret.Key} is not set here. Set it in the environment of the build",
            });
        }

        return values;
    }

    /// <summary>Values by name of those that are here: what a run made elsewhere left behind is searched for them.</summary>
    public static IReadOnlyDictionary<string, string> ReadAvailable(IReadOnlyList<SecretPlan> secrets, IReadOnlyDictionary<string, string> machine)
    {
        var values = new Dictionary<string, string>();
        foreach (var secret in secrets)
        {
            try
            {
                values[secret.Name] = Read([secret], machine)[secret.Name];
            }
            catch (LoadTestException)
            {
                // This machine need not know what the runners knew.
            }
        }

        return values;
    }

    /// <summary>What to mask besides: inherited variables that sound like secrets.</summary>
    public static IReadOnlyDictionary<string, string> WithInherited(
        IReadOnlyDictionary<string, string> secrets, IReadOnlyList<EnvironmentVariablePlan> variables, IReadOnlyDictionary<string, string> machine)
    {
        var all = new Dictionary<string, string>(secrets);
        foreach (var variable in variables.Where(variable => variable.Value is null && EnvironmentReader.SoundsSecret(variable.Name)))
        {
            if (machine.GetValueOrDefault(variable.Name) is { Length: > 0 } value)
            {
                all[variable.Name] = value;
            }
        }

        return all;
    }

    /// <summary>An error where k6 would not read the project's <c>K6SecretSource</c>: it is handed on in the environment, of which k6 before 1.7 takes none, without a word.</summary>
    public static IEnumerable<Diagnostic> SourceNotOfEngine(LoadPlan plan, EngineInfo engine)
    {
        if (plan.Settings.SecretSource is not null && engine.IsK6Before(1, 7))
        {
            yield return Rules.SecretSourceNotOfEngine.At(
                new SourceLocation(plan.ProjectFile, 1, 1),
                $"K6SecretSource needs k6 1.7 or newer, and this is k6 {engine.Version}: '{engine.Path}'. Update k6, or declare each secret as K6Secret and read it from __ENV.");
        }
    }

    // Files of secrets, such as those that Kubernetes mounts, often end in a line break that is not meant.
    private static string FromFile(SecretPlan secret) => Text(secret, secret.Key).TrimEnd('\r', '\n');

    private static string Text(SecretPlan secret, string file)
    {
        try
        {
            return new FileInfo(file).Length <= MaxBytes ? File.ReadAllText(file) : throw Missing(secret, $"'{file}' has more than 64 KiB");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Missing(secret, exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>The value of <c>NAME=value</c>, as <c>.env</c> files have it: in quotes or not, with <c>export</c> or not; the last line of a name counts.</summary>
    private static string? Line(string key, string text)
    {
        string? value = null;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()))
        {
            var assignment = line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..].TrimStart() : line;
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && assignment[..equals].TrimEnd() == key)
            {
                value = Unquoted(assignment[(equals + 1)..].Trim());
            }
        }

        return value;
    }

    private static string Unquoted(string value)
    {
        if (value.Length > 1 && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) is > 0 and var end)
        {
            return value[0] == '"' ? value[1..end].Replace("\\n", "\n", StringComparison.Ordinal) : value[1..end];
        }

        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? value : value[..comment].TrimEnd();
    }

    private static string? FromUserSecrets(SecretPlan secret)
    {
        if (!File.Exists(secret.File))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(secret.File), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Find(json.RootElement, secret.Key);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Missing(secret, $"'{secret.File}' cannot be read: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Keys are flat with colons, or nested; their case does not matter.</summary>
    private static string? Find(JsonElement element, string key)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (property.Name.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value.ToString();
            }

            if (key.StartsWith(property.Name + ":", StringComparison.OrdinalIgnoreCase) && Find(property.Value, key[(property.Name.Length + 1)..]) is { } nested)
            {
                return nested;
            }
        }

        return null;
    }

    private static LoadTestException Missing(SecretPlan secret, string why) =>
        new(Rules.SecretMissing.At(secret.Location, $"The secret {secret.Name} has no value: {why}."));
}
