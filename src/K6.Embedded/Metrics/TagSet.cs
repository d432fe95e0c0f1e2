using System.Collections.Concurrent;

namespace K6.Embedded.Metrics;

/// <summary>
/// An immutable set of tags. Sets are shared: the same steps from the same set give the same object, so a
/// set is made once per distinct combination and a step costs one look-up. Thread-safe.
/// </summary>
internal sealed class TagSet
{
    /// <summary>
    /// The number of distinct sets that are shared. Beyond it every step makes a set that nothing keeps, so that unique
    /// values in tags (ids in URLs) cost time but no memory; the run warns once.
    /// </summary>
    public const int MaximumShared = 100_000;

    private static int shared;
    private static int nextId;

    private readonly KeyValuePair<string, string>[] tags;
    private ConcurrentDictionary<(string Key, string Value), TagSet>? steps;

    private TagSet(KeyValuePair<string, string>[] tags, bool isShared)
    {
        this.tags = tags;
        IsShared = isShared;
        Id = Interlocked.Increment(ref nextId);
    }

    /// <summary>The set without tags: where every path begins.</summary>
    public static TagSet Empty { get; } = new([], isShared: true);

    /// <summary>The number of distinct sets made so far in this process; above <see cref="MaximumShared"/> the run warns.</summary>
    public static int Count => Volatile.Read(ref nextId);

    /// <summary>A number unique in the process.</summary>
    public int Id { get; }

    /// <summary>Whether this set is kept for reuse.</summary>
    public bool IsShared { get; }

    /// <summary>The tags in ordinal order of their keys.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Tags => tags;

    /// <summary>What the collector remembers about this set; touched by the collector's thread only.</summary>
    internal object? Routes { get; set; }

    /// <summary>The value of a tag, or null.</summary>
    public string? Get(string key)
    {
        foreach (var tag in tags)
        {
            if (string.Equals(tag.Key, key, StringComparison.Ordinal))
            {
                return tag.Value;
            }
        }

        return null;
    }

    /// <summary>This set with one tag more, or with another value for it. An empty value is a value.</summary>
    public TagSet With(string key, string value)
    {
        if (steps is not null && steps.TryGetValue((key, value), out var known))
        {
            return known;
        }

        var index = Array.FindIndex(tags, t => string.Equals(t.Key, key, StringComparison.Ordinal));
        if (index >= 0 && string.Equals(tags[index].Value, value, StringComparison.Ordinal))
        {
            return this;
        }

        KeyValuePair<string, string>[] next;
        if (index >= 0)
        {
            next = [.. tags];
            next[index] = new(key, value);
        }
        else
        {
            next = [.. tags, new(key, value)];
            Array.Sort(next, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        }

        return Keep((key, value), next);
    }

    /// <summary>This set with all of the given tags.</summary>
    public TagSet With(IEnumerable<KeyValuePair<string, string>> more)
    {
        var result = this;
        foreach (var (key, value) in more)
        {
            result = result.With(key, value);
        }

        return result;
    }

    /// <summary>This set without a tag.</summary>
    public TagSet Without(string key) =>
        Get(key) is null ? this : Empty.With(tags.Where(t => !string.Equals(t.Key, key, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', tags.Select(t => $"{t.Key}:{t.Value}"));

    private TagSet Keep((string Key, string Value) step, KeyValuePair<string, string>[] next)
    {
        if (!IsShared || Volatile.Read(ref shared) >= MaximumShared)
        {
            return new TagSet(next, isShared: false);
        }

        // Two ways to one set of tags end in one object: the path from the empty set in order of keys decides.
        var dictionary = steps ?? Interlocked.CompareExchange(ref steps, new(), null) ?? steps;
        var canonical = Canonical(next);
        return dictionary.GetOrAdd(step, canonical);
    }

    private static readonly ConcurrentDictionary<Key, TagSet> All = new();

    private static TagSet Canonical(KeyValuePair<string, string>[] tags) =>
        All.GetOrAdd(new Key(tags), static key =>
        {
            Interlocked.Increment(ref shared);
            return new TagSet(key.Tags, isShared: true);
        });

    private readonly record struct Key(KeyValuePair<string, string>[] Tags)
    {
        public bool Equals(Key other) => Tags.AsSpan().SequenceEqual(other.Tags);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var (key, value) in Tags)
            {
                hash.Add(key);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}

/// <summary>Which system tags a run records: <c>options.systemTags</c>, or k6's default set.</summary>
internal sealed class SystemTags
{
    /// <summary>What k6 2.2 records by default, in the order in which it lists them.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "check", "error", "error_code", "expected_response", "group", "method", "name", "proto",
        "scenario", "service", "status", "subproto", "tls_version", "url",
    ];

    /// <summary>Every system tag that k6 2.2 knows.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. Default, "ip", "iter", "ocsp_status", "vu"];

    private readonly HashSet<string> names;

    /// <summary>Makes the set from the names in use.</summary>
    public SystemTags(IEnumerable<string> names)
    {
        this.names = new(names, StringComparer.Ordinal);
        Check = Has("check");
        Error = Has("error");
        ErrorCode = Has("error_code");
        ExpectedResponse = Has("expected_response");
        Group = Has("group");
        Ip = Has("ip");
        Method = Has("method");
        Name = Has("name");
        Proto = Has("proto");
        Scenario = Has("scenario");
        Status = Has("status");
        TlsVersion = Has("tls_version");
        Url = Has("url");
        Vu = Has("vu");
        Iter = Has("iter");
    }

    public bool Check { get; }
    public bool Error { get; }
    public bool ErrorCode { get; }
    public bool ExpectedResponse { get; }
    public bool Group { get; }
    public bool Ip { get; }
    public bool Method { get; }
    public bool Name { get; }
    public bool Proto { get; }
    public bool Scenario { get; }
    public bool Status { get; }
    public bool TlsVersion { get; }
    public bool Url { get; }
    public bool Vu { get; }
    public bool Iter { get; }

    /// <summary>Whether the run records that system tag.</summary>
    public bool Has(string name) => names.Contains(name);
}
