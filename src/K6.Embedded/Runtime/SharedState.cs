using System.Collections.Concurrent;

namespace K6.Embedded.Runtime;

/// <summary>What all VUs of a test share: opened files and shared arrays. Thread-safe.</summary>
internal sealed class SharedState
{
    private readonly ConcurrentDictionary<string, Lazy<string[]>> arrays = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    /// <summary>The elements of a shared array as JSON; the first VU that asks makes them.</summary>
    public string[] Array(string name, Func<string[]> make)
    {
        try
        {
            return arrays.GetOrAdd(name, _ => new Lazy<string[]>(make)).Value;
        }
        catch
        {
            arrays.TryRemove(name, out _);
            throw;
        }
    }

    /// <summary>A file's bytes; read once.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[] File(string path) => files.GetOrAdd(path, System.IO.File.ReadAllBytes);
}
