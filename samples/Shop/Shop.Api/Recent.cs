using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Shop.Api;

/// <summary>
/// Remembers the newest entries and forgets the oldest: a load test of many hours must not fill the memory.
/// Safe for use from several threads.
/// </summary>
/// <param name="capacity">How many entries are remembered.</param>
internal sealed class Recent<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> entries = new();
    private readonly ConcurrentQueue<TKey> oldestFirst = new();

    /// <summary>Adds an entry under a key that was never used before.</summary>
    public void Add(TKey key, TValue value)
    {
        entries[key] = value;
        oldestFirst.Enqueue(key);
        while (oldestFirst.Count > capacity && oldestFirst.TryDequeue(out var oldest))
        {
            entries.TryRemove(oldest, out _);
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => entries.TryGetValue(key, out value);
}
