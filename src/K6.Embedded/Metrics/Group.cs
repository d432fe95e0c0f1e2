using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace K6.Embedded.Metrics;

/// <summary>A group of the script (<c>group('name', …)</c>), or the root of them. Thread-safe; children keep the order in which they were first met.</summary>
internal sealed class Group
{
    private readonly Lock gate = new();
    private readonly List<Group> groups = [];
    private readonly List<Check> checks = [];
    private readonly ConcurrentDictionary<string, Group> groupsByName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Check> checksByName = new(StringComparer.Ordinal);

    private Group(string name, string path)
    {
        Name = name;
        Path = path;
        Id = HashOf(path);
    }

    /// <summary>The name as the script gave it; empty for the root.</summary>
    public string Name { get; }

    /// <summary><c>::outer::inner</c>; empty for the root. This is the value of the <c>group</c> tag.</summary>
    public string Path { get; }

    /// <summary>k6's identity of a group: the MD5 of its path in hexadecimal.</summary>
    public string Id { get; }

    /// <summary>The groups in it.</summary>
    public IReadOnlyList<Group> Groups
    {
        get
        {
            lock (gate)
            {
                return [.. groups];
            }
        }
    }

    /// <summary>The checks in it.</summary>
    public IReadOnlyList<Check> Checks
    {
        get
        {
            lock (gate)
            {
                return [.. checks];
            }
        }
    }

    /// <summary>A new tree.</summary>
    public static Group NewRoot() => new("", "");

    /// <summary>The group of that name in this one.</summary>
    /// <exception cref="ArgumentException">The name contains <c>::</c>; the message is k6's.</exception>
    public Group GetGroup(string name)
    {
        if (name.Length == 0)
        {
            return this;
        }

        if (groupsByName.TryGetValue(name, out var known))
        {
            return known;
        }

        RefuseSeparator(name);
        lock (gate)
        {
            if (groupsByName.TryGetValue(name, out known))
            {
                return known;
            }

            var group = new Group(name, $"{Path}::{name}");
            groups.Add(group);
            groupsByName[name] = group;
            return group;
        }
    }

    /// <summary>The check of that name in this group.</summary>
    /// <exception cref="ArgumentException">The name contains <c>::</c>; the message is k6's.</exception>
    public Check GetCheck(string name)
    {
        if (checksByName.TryGetValue(name, out var known))
        {
            return known;
        }

        RefuseSeparator(name);
        lock (gate)
        {
            if (checksByName.TryGetValue(name, out known))
            {
                return known;
            }

            var path = $"{Path}::{name}";
            var check = new Check(name, path, HashOf(path));
            checks.Add(check);
            checksByName[name] = check;
            return check;
        }
    }

    /// <summary>Refuses a name that would be a path.</summary>
    /// <exception cref="ArgumentException">The name contains <c>::</c>; the message is k6's.</exception>
    public static void RefuseSeparator(string name)
    {
        if (name.Contains("::", StringComparison.Ordinal))
        {
            throw new ArgumentException("group and check names may not contain '::'");
        }
    }

#pragma warning disable CA5351 // Not for security: k6 names groups by MD5.
    private static string HashOf(string path) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(path)));
#pragma warning restore CA5351
}

/// <summary>A check of the script and its counts.</summary>
internal sealed class Check(string name, string path, string id)
{
    private long passes;
    private long fails;

    /// <summary>The name as the script gave it.</summary>
    public string Name { get; } = name;

    /// <summary><c>::group::name</c>.</summary>
    public string Path { get; } = path;

    /// <summary>The MD5 of the path in hexadecimal.</summary>
    public string Id { get; } = id;

    /// <summary>How often it held.</summary>
    public long Passes => Interlocked.Read(ref passes);

    /// <summary>How often it did not.</summary>
    public long Fails => Interlocked.Read(ref fails);

    /// <summary>Counts one outcome. The sample of metric <c>checks</c> is the caller's business.</summary>
    public void Record(bool passed) => Interlocked.Increment(ref passed ? ref passes : ref fails);
}
