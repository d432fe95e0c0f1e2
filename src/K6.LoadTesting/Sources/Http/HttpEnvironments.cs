using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.Http;

/// <summary>What an environment file says about a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">Its value; null for one that is kept elsewhere.</param>
/// <param name="Secret">Where the value is kept; null for one that stands here.</param>
/// <param name="Location">Its place.</param>
internal sealed record HttpEnvironmentValue(string Name, HttpTemplate? Value, HttpSecret? Secret, SourceLocation Location);

/// <summary>A value that an environment file only points to.</summary>
/// <param name="Provider"><c>AspnetUserSecrets</c>, <c>AzureKeyVault</c>, <c>Encrypted</c>, or what else is written there.</param>
/// <param name="SecretName">Name of the secret there; empty when nothing names it.</param>
internal sealed record HttpSecret(string Provider, string SecretName);

/// <summary>
/// The environment files of an <c>.http</c> file: <c>http-client.env.json</c> in its folder or the nearest one above it, and those beside it with what
/// belongs to one person (<c>http-client.env.json.user</c> of Visual Studio, <c>http-client.private.env.json</c> of JetBrains), which win.
/// </summary>
internal sealed class HttpEnvironments
{
    private const string Shared = "$shared";

    private static readonly string[] FileNames = ["http-client.env.json", "http-client.env.json.user", "http-client.private.env.json"];

    private readonly Dictionary<string, List<HttpEnvironmentValue>> values = new(StringComparer.Ordinal);

    private HttpEnvironments(IReadOnlyList<string> files, IReadOnlyList<string> lookedFor)
    {
        Files = files;
        LookedFor = lookedFor;
    }

    /// <summary>Absolute paths of the files that were read; those that win come last.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Absolute paths that would have been read, if they existed.</summary>
    public IReadOnlyList<string> LookedFor { get; }

    /// <summary>Names of the environments.</summary>
    public IReadOnlyList<string> Names => [.. values.Keys.Where(name => name != Shared).Order(StringComparer.Ordinal)];

    /// <summary>Reads the environment files of an <c>.http</c> file.</summary>
    /// <param name="httpFile">Absolute path of the <c>.http</c> file.</param>
    /// <param name="diagnostics">Receives what is wrong with them.</param>
    public static HttpEnvironments Read(string httpFile, ICollection<Diagnostic> diagnostics)
    {
        var lookedFor = new List<string>();
        for (var folder = Path.GetDirectoryName(httpFile); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string[] here = [.. FileNames.Select(name => Path.Combine(folder, name))];
            lookedFor.AddRange(here.Where(file => !File.Exists(file)));
            if (here.Where(File.Exists).ToArray() is { Length: > 0 } files)
            {
                var environments = new HttpEnvironments(files, lookedFor);
                foreach (var file in files)
                {
                    environments.Add(file, diagnostics);
                }

                return environments;
            }
        }

        return new HttpEnvironments([], lookedFor);
    }

    /// <summary>The value of a name in an environment, else in what all share; null when neither has it.</summary>
    /// <param name="environment">Name of the environment; null for none.</param>
    /// <param name="name">The name.</param>
    public HttpEnvironmentValue? Find(string? environment, string name) =>
        (environment is null ? null : FindIn(environment, name)) ?? FindIn(Shared, name);

    /// <summary>Environments that have a name.</summary>
    public IReadOnlyList<string> Having(string name) => [.. Names.Where(environment => FindIn(environment, name) is not null)];

    /// <summary>Every name that an environment has.</summary>
    public IEnumerable<string> NamesIn(string? environment) =>
        values.Where(pair => pair.Key == Shared || pair.Key == environment).SelectMany(pair => pair.Value).Select(value => value.Name).Distinct();

    private HttpEnvironmentValue? FindIn(string environment, string name) =>
        values.GetValueOrDefault(environment) is { } list
            ? list.FindLast(value => value.Name == name) ?? list.FindLast(value => value.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            : null;

    private void Add(string file, ICollection<Diagnostic> diagnostics)
    {
        var bytes = File.ReadAllBytes(file);
        ReadOnlySpan<byte> json = bytes;
        var offset = json.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var reader = new Utf8JsonReader(json[offset..], new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                diagnostics.Add(Rules.HttpEnvironmentFile.At(new SourceLocation(file, 1, 1),
                    "An environment file is an object of environments: { \"dev\": { \"HostAddress\": \"https://localhost:5001\" } }."));
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var environment = reader.GetString()!;
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    diagnostics.Add(Rules.HttpEnvironmentFile.At(Place(file, bytes, offset + (int)reader.TokenStartIndex), $"The environment '{environment}' is no object of names and values."));
                    reader.Skip();
                    continue;
                }

                var list = values.TryGetValue(environment, out var before) ? before : values[environment] = [];
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    list.Add(Value(name, ref reader, Place(file, bytes, offset + (int)reader.TokenStartIndex)));
                }
            }
        }
        catch (JsonException failure)
        {
            diagnostics.Add(Rules.HttpEnvironmentFile.At(
                new SourceLocation(file, (int)(failure.LineNumber ?? 0) + 1, (int)(failure.BytePositionInLine ?? 0) + 1),
                $"The environment file is not JSON: {failure.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0]}"));
        }
    }

    private static HttpEnvironmentValue Value(string name, ref Utf8JsonReader reader, SourceLocation place)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new(name, HttpTemplate.Parse(reader.GetString()!, place with { Column = place.Column + 1 }), null, place);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                using (var value = JsonDocument.ParseValue(ref reader))
                {
                    return value.RootElement.ValueKind == JsonValueKind.Object && value.RootElement.TryGetProperty("provider", out var provider)
                        ? new(name, null, new HttpSecret(provider.ToString(), value.RootElement.TryGetProperty("secretName", out var secret) ? secret.ToString() : ""), place)
                        : new(name, HttpTemplate.Parse(value.RootElement.GetRawText(), place), null, place);
                }

            case JsonTokenType.Null:
                return new(name, HttpTemplate.Empty, null, place);
            default:
                return new(name, HttpTemplate.Parse(Encoding.UTF8.GetString(reader.ValueSpan), place), null, place);
        }
    }

    private static SourceLocation Place(string file, byte[] bytes, int at)
    {
        var before = bytes.AsSpan(0, at);
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new SourceLocation(file, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
