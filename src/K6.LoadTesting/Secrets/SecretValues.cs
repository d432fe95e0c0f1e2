using System.Text.Json;
using K6.LoadTesting.Diagnostics;
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
                _ => machine.GetValueOrDefault(secret.Key),
            };
            values[secret.Name] = !string.IsNullOrEmpty(value) ? value : throw Missing(secret, secret.Source switch
            {
                SecretSource.File => $"the file '{secret.Key}' is empty",
                SecretSource.UserSecret => $"'{secret.File}' has no '{secret.Key}'. Set it: dotnet user-secrets set \"{secret.Key}\" …",
                _ => $"the variable {secret.Key} is not set here. Set it in the environment of the build",
            });
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

    private static string? FromFile(SecretPlan secret)
    {
        try
        {
            // Files of secrets, such as those that Kubernetes mounts, often end in a line break that is not meant.
            return new FileInfo(secret.Key).Length <= MaxBytes
                ? File.ReadAllText(secret.Key).TrimEnd('\r', '\n')
                : throw Missing(secret, $"'{secret.Key}' has more than 64 KiB");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Missing(secret, exception.Message.TrimEnd('.'));
        }
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
