using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using K6.LoadTesting.Authoring;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Bundling;

/// <summary>How values are written into modules and files that other programs read: camelCase, nothing that is null but in dictionaries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EntryPlan))]
[JsonSerializable(typeof(SourceMapFile))]
[JsonSerializable(typeof(IReadOnlyList<CoveredDocument>))]
[JsonSerializable(typeof(TypeScriptConfiguration))]
// What options of TypeScript are.
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class GeneratedJson : JsonSerializerContext
{
    /// <summary>Indented, for people.</summary>
    public static GeneratedJson Instance { get; } = Create(indented: true);

    /// <summary>On one line, for what is long.</summary>
    public static GeneratedJson Compact { get; } = Create(indented: false);

    private static GeneratedJson Create(bool indented) => new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
    });
}
