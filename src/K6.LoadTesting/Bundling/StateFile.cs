using System.Text.Json;

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
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes one.</summary>
    public static void Write<T>(string file, T state) => File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(state));
}
