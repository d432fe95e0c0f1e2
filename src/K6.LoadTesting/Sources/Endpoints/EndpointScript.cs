using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Endpoints;

/// <summary>What values in templates stand for, in one script.</summary>
internal sealed class EndpointScript
{
    private readonly IReadOnlyList<DataPlan> data;
    private readonly IReadOnlyCollection<string> variables;
    private readonly HashSet<string> identifiers = [];
    private readonly SortedDictionary<string, string> environment = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> modules = new(StringComparer.Ordinal);
    private readonly HashSet<string> functions = [];
    private readonly List<ScriptColumn> columns = [];

    /// <summary>Starts a script.</summary>
    /// <param name="data">The test data of the project.</param>
    /// <param name="variables">Names of variables that the engine will have.</param>
    /// <param name="texts">All texts of the script: what they need of the module comes first, so that no value hides it.</param>
    public EndpointScript(IReadOnlyList<DataPlan> data, IReadOnlyCollection<string> variables, IEnumerable<string> texts)
    {
        this.data = data;
        this.variables = variables;
        foreach (var name in texts)
        {
            if (VariableOf(name) is { } variable)
            {
                environment.TryAdd(variable, "");
            }
            else if (DataOf(name) is { } module)
            {
                modules[module.Name] = DataModule.VariableName(module.Name);
            }
        }

        identifiers.UnionWith(modules.Values);
        foreach (var variable in environment.Keys.ToList())
        {
            environment[variable] = TypeScript.Identifier(variable.Contains('_') ? variable.ToLowerInvariant() : variable, identifiers);
        }
    }

    /// <summary>Names that a template may ask for without a parameter.</summary>
    public IEnumerable<string> Names => variables.Select(name => "env." + name).Concat(data.Select(one => one.Name + ".…"));

    /// <summary>What the script imports.</summary>
    public IReadOnlyList<ScriptImport> Imports =>
    [
        .. modules.Select(module => new ScriptImport("k6-data/" + module.Key, [module.Value])),
        new("k6-sdk", [.. functions.Order(StringComparer.Ordinal)]),
    ];

    /// <summary>Statements before everything else.</summary>
    public IReadOnlyList<string> Declarations => [.. environment.Select(pair => $"const {pair.Value} = environment({TypeScript.Text(pair.Key)});")];

    /// <summary>Columns of test data that were asked for.</summary>
    public IReadOnlyList<ScriptColumn> Columns => columns;

    /// <summary>Notes that the script calls a function of <c>k6-sdk</c>.</summary>
    public void Uses(string function) => functions.Add(function);

    /// <summary>The expression of a variable of the environment; null when a name is none.</summary>
    public string? Environment(string name)
    {
        if (VariableOf(name) is not { } variable)
        {
            return null;
        }

        Uses("environment");
        return environment[variable];
    }

    /// <summary>The test data that a name means: <c>users.email</c>, <c>users.unique.email</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="place">Where it was asked for.</param>
    public (string Row, string RowExpression, string Member)? Row(string name, SourceLocation place)
    {
        if (DataOf(name) is not { } module)
        {
            return null;
        }

        var segments = name[(module.Name.Length + 1)..].Split('.');
        var method = segments is [var first, _, ..] && first is "perIteration" or "unique" or "perVu" or "random" ? segments[0] : null;
        columns.Add(new ScriptColumn(module.Name, segments[method is null ? 0 : 1], name, place));
        return ($"{method ?? ""} {module.Name} row", $"{modules[module.Name]}.{method ?? "perIteration"}()", string.Concat(segments.Skip(method is null ? 0 : 1).Select(Member)));
    }

    /// <summary>Identifiers for the values of a sequence of requests.</summary>
    public HashSet<string> NewIdentifiers() => [.. identifiers];

    private static string Member(string name) => TypeScript.Property(name) is var property && property == name ? "." + name : $"[{property}]";

    private string? VariableOf(string name) =>
        name.StartsWith("env.", StringComparison.Ordinal) && variables.Contains(name[4..]) ? name[4..] : null;

    private DataPlan? DataOf(string name) =>
        data.FirstOrDefault(one => name.StartsWith(one.Name + ".", StringComparison.Ordinal));
}
