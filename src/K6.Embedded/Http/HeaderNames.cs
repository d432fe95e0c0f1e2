using System.Collections.Concurrent;

namespace K6.Embedded.Http;

/// <summary>Header names in k6's spelling: <c>content-type</c> is <c>Content-Type</c>.</summary>
internal static class HeaderNames
{
    private const int MaximumKept = 2_000;
    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    /// <summary>The spelling of a name. One that is no token stays as it is.</summary>
    public static string Canonical(string name)
    {
        if (Known.TryGetValue(name, out var known))
        {
            return known;
        }

        var canonical = Make(name);
        if (Known.Count < MaximumKept)
        {
            Known.TryAdd(name, canonical);
        }

        return canonical;
    }

    /// <summary>Whether a name may be sent.</summary>
    public static bool IsToken(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    private static string Make(string name)
    {
        if (!IsToken(name))
        {
            return name;
        }

        var letters = name.ToCharArray();
        var upper = true;
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = upper ? char.ToUpperInvariant(letters[i]) : char.ToLowerInvariant(letters[i]);
            upper = letters[i] == '-';
        }

        return new string(letters);
    }
}
