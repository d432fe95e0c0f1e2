using K6.Embedded.Cli;

namespace K6.Embedded.Secrets;

/// <summary>Secrets that are known from the beginning: <c>mock=name=value,…</c>, or the lines of a file.</summary>
internal sealed class KnownSecrets : ISecretSource
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private KnownSecrets(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var pair = line.Split('=', 2);
            values[pair[0]] = pair.Length == 2 ? pair[1] : throw new UsageException($"parsing \"{line}\", needs =");
        }
    }

    /// <summary>From the command line.</summary>
    public static KnownSecrets Parse(IReadOnlyList<string> pairs) => new(pairs.Count == 0 ? [""] : pairs);

    /// <summary>From a file: <c>path</c> or <c>filename=path</c>.</summary>
    public static KnownSecrets Read(EngineHost host, IReadOnlyList<string> settings)
    {
        var path = "";
        foreach (var setting in settings)
        {
            var pair = setting.Split('=', 2);
            path = pair switch
            {
                [var only] => only,
                ["filename", var named] => named,
                _ => throw new UsageException($"unknown configuration key for file secret source \"{pair[0]}\""),
            };
        }

        try
        {
            return new KnownSecrets(File.ReadAllLines(path.Length == 0 ? path : host.PathOf(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"open {path}: {(e is UnauthorizedAccessException ? "permission denied" : "no such file or directory")}");
        }
    }

    /// <inheritdoc/>
    public Task<string> GetAsync(string key, CancellationToken interrupt) =>
        values.TryGetValue(key, out var value) ? Task.FromResult(value) : Task.FromException<string>(new SecretException("no value"));
}
