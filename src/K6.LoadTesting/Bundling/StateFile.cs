using System.Text.Json;
using System.Text.Json.Serialization;
using K6.LoadTesting.Authoring;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.Har;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Bundling;

/// <summary>What a stage remembers of its last time, so that it does nothing when nothing changed.</summary>
internal static class StateFile
{
    /// <summary>Reads one; null when there is none that can be read.</summary>
    public static T? Read<T>(string file)
        where T : class
    {
        try
        {
            return (T?)JsonSerializer.Deserialize(File.ReadAllBytes(file), typeof(T), StateJson.Default);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes one.</summary>
    public static void Write<T>(string file, T state)
        where T : class => File.WriteAllText(file, Text(state));

    /// <summary>What is written of a state, or of what a state depends on.</summary>
    public static string Text<T>(T state)
        where T : class => JsonSerializer.Serialize(state, typeof(T), StateJson.Default);
}

/// <summary>How states are written: only this version of the library reads them.</summary>
[JsonSerializable(typeof(BundleState))]
[JsonSerializable(typeof(ModuleState))]
[JsonSerializable(typeof(TypeChecker.State))]
[JsonSerializable(typeof(HarScenario))]
[JsonSerializable(typeof(RequestScript))]
[JsonSerializable(typeof(OperationList))]
[JsonSerializable(typeof(DataPlan))]
[JsonSerializable(typeof(OpenApiPlan))]
internal sealed partial class StateJson : JsonSerializerContext;
