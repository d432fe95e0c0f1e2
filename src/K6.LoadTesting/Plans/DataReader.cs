using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Reads <c>K6Data</c> items. Looks at files only to see whether they exist; their rows are read by <see cref="DataModules"/>.</summary>
internal static class DataReader
{
    /// <summary>The item's name.</summary>
    public const string Item = "K6Data";

    private static readonly string[] Metadata = ["Name", "Delimiter", "Columns", "Generate", "Count", "Seed"];

    private static readonly Dictionary<string, DataFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = DataFormat.Csv,
        [".tsv"] = DataFormat.Csv,
        [".json"] = DataFormat.Json,
        [".jsonl"] = DataFormat.JsonLines,
        [".ndjson"] = DataFormat.JsonLines,
    };

    private static readonly Dictionary<string, DataType> Types = new(StringComparer.Ordinal)
    {
        ["string"] = DataType.Text,
        ["integer"] = DataType.Whole,
        ["number"] = DataType.Number,
        ["boolean"] = DataType.Boolean,
    };

    /// <summary>How a type is written.</summary>
    internal static string Word(DataColumn column) =>
        column.Type == DataType.Choice ? string.Join('|', column.Choices) : Types.First(pair => pair.Value == column.Type).Key;

    /// <summary>Reads every item; names in what it returns are unique.</summary>
    /// <param name="project">What the project declares.</param>
    /// <param name="diagnostics">Receives what is wrong, each at its place.</param>
    public static IReadOnlyList<DataPlan> Read(ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var plans = new List<DataPlan>();
        foreach (var declaration in project.Items.Where(item => item.Kind.Equals(Item, StringComparison.OrdinalIgnoreCase)))
        {
            var reader = new ItemReader(declaration, Metadata, new Dictionary<string, string>(), diagnostics);
            var before = diagnostics.Count;
            var plan = Read(project, reader);
            if (plan is null || diagnostics.Count > before)
            {
                continue;
            }

            if (plans.Find(other => other.Name.Equals(plan.Name, StringComparison.OrdinalIgnoreCase)) is { } same)
            {
                reader.Report(Rules.DuplicateData, reader.Has("Name") ? "Name" : null,
                    $"Test data '{plan.Name}' is declared at {same.Location} already, and scripts could not tell them apart; give one of them another Name.");
                continue;
            }

            plans.Add(plan);
        }

        return plans;
    }

    private static DataPlan? Read(ProjectDeclaration project, ItemReader reader)
    {
        var generated = reader.Has("Generate");
        var name = reader.Text("Name") ?? (generated ? reader.Include : Path.GetFileNameWithoutExtension(reader.Include));
        if (!reader.CheckName(reader.Has("Name") ? "Name" : null, name, "Scripts import it as k6-data/NAME." + (reader.Has("Name") ? "" : " Give the item a Name.")))
        {
            return null;
        }

        var seed = reader.Number("Seed");
        return generated ? ReadGenerated(reader, name, seed) : ReadFile(project, reader, name, seed);
    }

    private static DataPlan? ReadFile(ProjectDeclaration project, ItemReader reader, string name, long? seed)
    {
        var file = Path.GetFullPath(Path.Combine(project.Directory, reader.Include));
        foreach (var metadatum in reader.Set(["Count"]))
        {
            reader.Report(Rules.ContradictoryData, metadatum, $"{metadatum} belongs to generated data: add Generate, or remove it; a file has as many rows as it has.");
        }

        if (!Formats.TryGetValue(Path.GetExtension(file), out var format))
        {
            reader.Report(Rules.NotData, null,
                $"'{reader.Include}' is no test data that can be read; include a file that ends in {string.Join(", ", Formats.Keys)}, or a name with Generate.");
            return null;
        }

        if (!File.Exists(file))
        {
            reader.Report(Rules.MissingData, null, $"The data file '{reader.Include}' does not exist: {file}. Paths start at the project's folder, {project.Directory}.{NearestFile(file)}");
        }

        var delimiter = Path.GetExtension(file).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? "\t" : ",";
        if (reader.Text("Delimiter") is { } text)
        {
            delimiter = text is @"\t" or "tab" ? "\t" : text;
            if (format != DataFormat.Csv)
            {
                reader.Report(Rules.ContradictoryData, "Delimiter", $"Delimiter belongs to CSV files; remove it from '{reader.Include}'.");
            }
            else if (delimiter.Length != 1 || delimiter is "\"" or "\n" or "\r")
            {
                reader.Report(Rules.InvalidValue, "Delimiter", $"Delimiter=\"{text}\" is not one character; write Delimiter=\";\", or \"tab\".");
            }
        }

        return new DataPlan
        {
            Name = name,
            Format = format,
            File = file,
            Delimiter = delimiter,
            Columns = [.. Entries(reader, "Columns").Select(entry => Column(reader, entry)).OfType<DataColumn>()],
            Seed = seed,
            Location = reader.Location,
        };
    }

    private static DataPlan ReadGenerated(ItemReader reader, string name, long? seed)
    {
        foreach (var metadatum in reader.Set(["Delimiter", "Columns"]))
        {
            reader.Report(Rules.ContradictoryData, metadatum, $"{metadatum} belongs to files; what Generate makes has the types of its generators.");
        }

        var count = reader.Number("Count");
        if (count is null && !reader.Has("Count"))
        {
            reader.Report(Rules.ContradictoryData, null, $"The generated data '{name}' have no Count; say how many rows to make: Count=\"1000\".");
        }
        else if (count is < 1)
        {
            reader.Report(Rules.InvalidValue, "Count", $"Count=\"{count}\" is not 1 or more.");
        }

        var columns = new List<GeneratedColumn>();
        foreach (var entry in Entries(reader, "Generate"))
        {
            var (generator, argument) = Generators.Split(entry.Value);
            if (Generators.Complaint(generator, argument) is { } complaint)
            {
                reader.ReportAt(Rules.InvalidGenerator, entry.Location, $"'{entry.Name}: {entry.Value}' in Generate: {complaint}");
            }

            columns.Add(new GeneratedColumn(entry.Name, generator, argument));
        }

        return new DataPlan { Name = name, Format = DataFormat.Generated, Generate = columns, Count = count ?? 0, Seed = seed, Location = reader.Location };
    }

    private sealed record Entry(string Name, string Value, SourceLocation Location);

    // name: value, one a line or separated by commas; each line of a child element has a place of its own.
    private static List<Entry> Entries(ItemReader reader, string metadatum)
    {
        var entries = new List<Entry>();
        foreach (var (text, place) in reader.Entries(metadatum, commasInLines: true))
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : text[..colon].Trim();
            var value = text[(colon + 1)..].Trim();
            if (name.Length == 0 || value.Length == 0)
            {
                reader.ReportAt(Rules.InvalidValue, place, $"'{text}' in {metadatum} is not name: {(metadatum == "Columns" ? "type, such as id: integer" : "generator, such as id: sequence")}.");
            }
            else if (entries.Exists(entry => entry.Name == name))
            {
                reader.ReportAt(Rules.InvalidValue, place, $"The column '{name}' is given twice in {metadatum}; keep one.");
            }
            else
            {
                entries.Add(new Entry(name, value, place));
            }
        }

        return entries;
    }

    private static DataColumn? Column(ItemReader reader, Entry entry)
    {
        var optional = entry.Value.EndsWith('?');
        var text = optional ? entry.Value[..^1].TrimEnd() : entry.Value;
        if (Types.TryGetValue(text, out var type))
        {
            return new DataColumn(entry.Name, type, optional, [], entry.Location);
        }

        var choices = text.Split('|', StringSplitOptions.TrimEntries);
        if (choices.Length > 1 && choices.All(choice => choice.Length > 0))
        {
            return new DataColumn(entry.Name, DataType.Choice, optional, choices, entry.Location);
        }

        reader.ReportAt(Rules.InvalidValue, entry.Location,
            $"'{entry.Value}' is no type of the column '{entry.Name}'; write {string.Join(", ", Types.Keys)} or texts such as admin|member, with '?' at the end where a row may leave it empty.{(NearestName.Of(text, Types.Keys) is { } nearest ? $" Did you mean '{nearest}'?" : "")}");
        return null;
    }

    /// <summary>What was meant by a file that does not exist, a sentence; empty when nothing is near.</summary>
    internal static string NearestFile(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        return !Directory.Exists(folder) ? $" The folder {folder} does not exist either."
            : NearestName.Of(Path.GetFileName(file), Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)) is { } nearest ? $" Did you mean '{nearest}'?"
            : "";
    }
}
