using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Running;

namespace K6.LoadTesting.Results;

/// <summary>Reads and writes the files between the stages: camelCase, enums as words, two spaces, atomic.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadPlan))]
[JsonSerializable(typeof(TestBundle[]))]
[JsonSerializable(typeof(EngineRun))]
[JsonSerializable(typeof(LoadTestResult))]
[JsonSerializable(typeof(PreparedRun))]
[JsonSerializable(typeof(Comparing.BasePlan))]
internal sealed partial class LoadTestJson : JsonSerializerContext
{
    /// <summary>The shared instance: enums in camelCase, text readable where JSON allows it.</summary>
    public static LoadTestJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new NumberRowConverter<double>(), new NumberRowConverter<double?>(), new NumberArrayConverter() },
    });

    /// <summary>Writes a file aside and moves it into place, so that a reader sees the old one or the whole new one.</summary>
    /// <returns>What it wrote.</returns>
    public static byte[] Write<T>(string file, T value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var aside = $"{file}.{Environment.ProcessId}.tmp";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), Instance);
        File.WriteAllBytes(aside, bytes);
        File.Move(aside, file, overwrite: true);
        return bytes;
    }

    /// <summary>
    /// Has what reads and writes results compiled beside the caller, while an engine is asked for its options and nobody else needs the processor: 60 ms that the
    /// end of a run need not wait for.
    /// </summary>
    public static void MakeReady() => Task.Run(() =>
    {
        foreach (var type in (Type[])[typeof(EngineRun), typeof(LoadTestResult)])
        {
            _ = Instance.Options.GetTypeInfo(type);
        }
    });

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The file is not of this shape.</exception>
    public static T Read<T>(string file) =>
        (T)(JsonSerializer.Deserialize(File.ReadAllBytes(file), typeof(T), Instance)
            ?? throw new JsonException($"{file} is empty"));
}
