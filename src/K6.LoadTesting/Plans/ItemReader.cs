using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Reads the metadata of one item; what cannot be read is reported at the metadatum's place. Empty metadata count as absent.</summary>
internal sealed partial class ItemReader
{
    // Metadata that MSBuild, NuGet and IDEs put on items of any kind.
    private static readonly HashSet<string> Foreign = new(StringComparer.OrdinalIgnoreCase)
    {
        "AutoGen", "BuildAction", "CopyToOutputDirectory", "CopyToPublishDirectory", "CustomToolNamespace", "DependentUpon", "DesignTime", "Generator",
        "IsImplicitlyDefined", "Label", "LastGenOutput", "Link", "LinkBase", "MSBuildSourceProjectFile", "MSBuildSourceTargetName", "NuGetPackageId",
        "NuGetPackageVersion", "OriginalItemSpec", "Pack", "PackageCopyToOutput", "PackagePath", "PublishState", "SubType", "TargetPath", "Visible",
    };

    private readonly ItemDeclaration item;
    private readonly ICollection<Diagnostic> diagnostics;
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SourceLocation> places = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Starts to read an item, and reports the metadata that it does not have.</summary>
    /// <param name="item">The item.</param>
    /// <param name="known">Its metadata.</param>
    /// <param name="later">Metadata that later versions will have, with what to do until then.</param>
    /// <param name="diagnostics">Where to report.</param>
    public ItemReader(
        ItemDeclaration item, IReadOnlyCollection<string> known, IReadOnlyDictionary<string, string> later, ICollection<Diagnostic> diagnostics)
    {
        this.item = item;
        this.diagnostics = diagnostics;
        var canonical = known.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, place) in item.MetadataLocations)
        {
            places[canonical.GetValueOrDefault(name, name)] = place;
        }

        foreach (var (name, value) in item.Metadata)
        {
            if (canonical.TryGetValue(name, out var metadatum))
            {
                if (!string.IsNullOrWhiteSpace(value))
                {
                    values[metadatum] = value.Trim();
                }
            }
            else if (later.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Key: not null } pair)
            {
                Report(Rules.NotYetSupported, name, $"{pair.Key} on {item.Kind} is not supported yet; {pair.Value}.");
            }
            else if (!Foreign.Contains(name) && !name.StartsWith("DefiningProject", StringComparison.OrdinalIgnoreCase))
            {
                Report(Rules.UnknownMetadata, name, $"{item.Kind} '{item.Include}' has no metadatum '{name}'.{NearestName.Hint(name, known)}");
            }
        }
    }

    /// <summary>The element's place.</summary>
    public SourceLocation Location => item.Location;

    /// <summary>What the item includes.</summary>
    public string Include => item.Include.Trim();

    /// <summary>Places of the metadata that are set and have a place of their own, by canonical name.</summary>
    public IReadOnlyDictionary<string, SourceLocation> Places =>
        places.Where(pair => values.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value);

    /// <summary>Whether a metadatum is set.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>Those of some metadata that are set.</summary>
    public IReadOnlyList<string> Set(IEnumerable<string> names) => [.. names.Where(Has)];

    /// <summary>Place of a metadatum.</summary>
    public SourceLocation At(string name) => places.GetValueOrDefault(name, item.Location);

    /// <summary>Reports at the place of a metadatum; null for the element's.</summary>
    public void Report(DiagnosticRule rule, string? name, string message) =>
        ReportAt(rule, name is null ? item.Location : At(name), message);

    /// <summary>Reports at a place within a metadatum.</summary>
    public void ReportAt(DiagnosticRule rule, SourceLocation place, string message) => diagnostics.Add(rule.At(place, message));

    /// <summary>Text, trimmed; null when absent.</summary>
    public string? Text(string name) => values.GetValueOrDefault(name);

    /// <summary>A whole number.</summary>
    public long? Number(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var advice = name is "Rate" or "StartRate" ? " For less than one iteration per second give a longer TimeUnit, such as Rate=\"30\" TimeUnit=\"1m\"." : "";
        Report(Rules.InvalidValue, name, $"{name}=\"{text}\" is not a whole number.{advice}");
        return null;
    }

    /// <summary>A whole number of virtual users; k6 takes at most 100 million.</summary>
    public int? Users(string name) => Number(name) switch
    {
        null => null,
        > 100_000_000 or < -100_000_000 => Refuse(name, $"{name}=\"{Text(name)}\" is more than 100 million, the most that k6 takes."),
        var number => (int)number,
    };

    /// <summary>A share above 0: a number, or a percentage.</summary>
    /// <param name="name">The metadatum.</param>
    /// <param name="most">The largest share that it may be.</param>
    /// <param name="rule">Reported when it is none.</param>
    /// <param name="what">What it should be, for the message.</param>
    public double? Share(string name, double most, DiagnosticRule rule, string what)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var percent = text.EndsWith('%');
        if (double.TryParse(percent ? text[..^1].Trim() : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value / (percent ? 100 : 1) is > 0 and var share && share <= most)
        {
            return share;
        }

        Report(rule, name, $"{name}=\"{text}\" is not {what}; write a percentage above 0, such as {name}=\"10%\".");
        return null;
    }

    /// <summary>A switch.</summary>
    public bool? Switch(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        Report(Rules.InvalidValue, name, $"{name}=\"{text}\" is neither true nor false.");
        return null;
    }

    /// <summary>A duration that is not negative, as written.</summary>
    public string? Duration(string name) =>
        Text(name) is { } text && CheckDuration(name, text) ? text : null;

    /// <summary>Whether a text is a duration that is not negative; reports at a metadatum.</summary>
    public bool CheckDuration(string name, string text)
    {
        if (!K6Duration.TryParse(text, out var duration))
        {
            var advice = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var meant) ? $" Did you mean '{K6Duration.Format(meant)}'?" : "";
            Report(Rules.InvalidValue, name, $"'{text}' in {name} is not {K6Duration.Example}.{advice}");
            return false;
        }

        if (duration < TimeSpan.Zero)
        {
            Report(Rules.InvalidValue, name, $"'{text}' in {name} is negative; a duration is 0s or more.");
            return false;
        }

        if (duration != TimeSpan.Zero && K6Duration.IsUnitless(text))
        {
            Report(Rules.DurationWithoutUnit, name, $"'{text}' in {name} has no unit, and k6 reads it as milliseconds; write {text}ms, or {text}s for seconds.");
        }

        return true;
    }

    /// <summary>A list that is separated by commas.</summary>
    public IReadOnlyList<string> List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>
    /// A list whose entries have places of their own: one a line, where there are several lines; else separated by commas outside of
    /// quotes. An entry in quotes as a whole loses them.
    /// </summary>
    /// <param name="name">The metadatum.</param>
    /// <param name="commasInLines">Whether commas separate in several lines too.</param>
    public IEnumerable<(string Text, SourceLocation Location)> Entries(string name, bool commasInLines = false)
    {
        if (!Has(name))
        {
            yield break;
        }

        var raw = item.Metadata.First(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        var lines = raw.ReplaceLineEndings("\n").Split('\n');
        var places = item.EntryLocations.GetValueOrDefault(name);
        var entry = 0;
        for (var line = 0; line < lines.Length; line++)
        {
            foreach (Match part in (lines.Length > 1 && !commasInLines ? Line() : Entry()).Matches(lines[line]))
            {
                var text = part.Value.Trim();
                if (text.Length > 0)
                {
                    var column = part.Index + part.Length - part.Value.TrimStart().Length + 1;
                    var place = places?.ElementAtOrDefault(entry++) ?? (line == 0 ? At(name) : At(name) with { Line = At(name).Line + line, Column = column });
                    yield return (text is ['"', .. var inner, '"'] && !inner.Contains('"') ? inner : text, place);
                }
            }
        }
    }

    /// <summary>A list of <c>key=value</c>, separated by commas.</summary>
    public IReadOnlyDictionary<string, string> Pairs(string name)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var entry in List(name))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? "" : entry[..equals].Trim();
            var value = entry[(equals + 1)..].Trim();
            if (key.Length == 0 || value.Contains('\n') || value.Contains(';'))
            {
                Report(Rules.InvalidValue, name, $"'{entry}' in {name} is not key=value; separate pairs with commas, {name}=\"a=1, b=2\". A value cannot hold a comma or a semicolon here.");
            }
            else if (!pairs.TryAdd(key, value))
            {
                Report(Rules.InvalidValue, name, $"'{key}' is given twice in {name}; keep one.");
            }
        }

        return pairs;
    }

    /// <summary>Whether a name is one that k6 takes for scenarios, and that is a folder everywhere.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Whether a name is one that k6 takes for scenarios, and that is a folder everywhere; reports at a metadatum or the element.</summary>
    public bool CheckName(string? metadatum, string name, string advice)
    {
        if (Name().IsMatch(name))
        {
            return true;
        }

        Report(Rules.InvalidName, metadatum, $"'{name}' cannot be a name; use letters, digits, '_' and '-' only. {advice}");
        return false;
    }

    private int? Refuse(string name, string message)
    {
        Report(Rules.ImpossibleLoad, name, message);
        return null;
    }

    [GeneratedRegex(".+")]
    private static partial Regex Line();

    [GeneratedRegex("""(?:"[^"]*"|[^,"]|")+""")]
    private static partial Regex Entry();

    [GeneratedRegex("^[0-9A-Za-z_-]+\\z")]
    private static partial Regex Name();
}
