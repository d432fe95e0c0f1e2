using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting;

/// <summary>An item that C# declares, as long as more may be said about it.</summary>
internal sealed class Declared(string kind, string include, SourceLocation? location)
{
    private readonly Dictionary<string, string> _metadata = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SourceLocation> _places = new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, List<SourceLocation>> _entries = new(StringComparer.OrdinalIgnoreCase);

    public string Kind => kind;

    public string Include { get; set; } = include;

    public SourceLocation? Location { get; set; } = location;

    /// <summary>Sets a metadatum; null leaves it absent.</summary>
    public Declared Set(string name, IFormattable? value) => Set(name, value?.ToString(null, System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Set(string, IFormattable?)" />
    public Declared Set(string name, string? value)
    {
        if (value is not null)
        {
            _metadata[name] = value;
        }

        return this;
    }

    /// <summary>Sets a metadatum that has a line of its own.</summary>
    public Declared Set(string name, string value, string file, int line)
    {
        _places.TryAdd(name, new SourceLocation(file, line, 0));
        return Set(name, value);
    }

    /// <summary>Adds an entry to a list.</summary>
    public Declared Append(string name, string entry, string separator, string file, int line) =>
        Set(name, _metadata.TryGetValue(name, out var before) ? before + separator + entry : entry, file, line);

    /// <summary>Adds an entry to a list of lines; it has a line of its own in the source too.</summary>
    public Declared AppendLine(string name, string entry, string file, int line)
    {
        _entries.TryAdd(name, []);
        _entries[name].Add(new SourceLocation(file, line, 0));
        // The line break at the end says that commas separate nothing.
        return Set(name, _metadata.GetValueOrDefault(name) + entry.ReplaceLineEndings(" ") + "\n", file, line);
    }

    /// <summary>The item; at a place of somebody else's when it has none.</summary>
    public ItemDeclaration ToItem(SourceLocation place) =>
        new(kind, Include, Location ?? place)
        {
            Metadata = _metadata,
            MetadataLocations = _places,
            EntryLocations = _entries.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<SourceLocation>)pair.Value, StringComparer.OrdinalIgnoreCase),
        };
}
