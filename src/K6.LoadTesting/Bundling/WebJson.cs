using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using K6.LoadTesting.Install;
using K6.LoadTesting.Sources.ApiChecks;

namespace K6.LoadTesting.Bundling;

/// <summary>How files are read that other programs or versions wrote, and records for people: camelCase, indented.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EsbuildMetafile))]
[JsonSerializable(typeof(RemoteModules.LockFile))]
[JsonSerializable(typeof(InstalledK6))]
[JsonSerializable(typeof(ApiCheckJudge.Answer))]
internal sealed partial class WebJson : JsonSerializerContext
{
    /// <summary>The shared instance.</summary>
    public static WebJson Instance { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
