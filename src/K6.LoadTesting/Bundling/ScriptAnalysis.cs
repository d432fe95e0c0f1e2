using Acornima;
using Acornima.Ast;
using SourceLocation = K6.LoadTesting.Diagnostics.SourceLocation;

namespace K6.LoadTesting.Bundling;

/// <summary>What a script says literally. Found in the script bundled alone, which is plain JavaScript, and mapped back to the sources.</summary>
internal sealed class ScriptAnalysis
{
    /// <summary>Literals kept of a script; the rest would only make the file large.</summary>
    private const int MaxLiterals = 2000;

    private readonly string script;
    private readonly SourceMap map;
    private readonly Dictionary<string, Expression> variables = [];
    private readonly List<ScriptThreshold> thresholds = [];
    private bool computed;

    private ScriptAnalysis(string script, SourceMap map)
    {
        this.script = script;
        this.map = map;
    }

    /// <summary>Thresholds in <c>options</c>.</summary>
    public IReadOnlyList<ScriptThreshold> Thresholds => thresholds;

    /// <summary>Place of <c>options</c>; null without them.</summary>
    public SourceLocation? OptionsPlace { get; private set; }

    /// <summary>Texts and names of properties that may be keys or values of tags.</summary>
    public IReadOnlyList<string> Literals { get; private set; } = [];

    /// <summary>Regular expressions with <c>\p{…}</c>.</summary>
    public IReadOnlyList<SourceLocation> UnicodeProperties { get; private set; } = [];

    /// <summary>What a CommonJS script exports; empty for other scripts.</summary>
    public IReadOnlyList<string> CommonJsExports { get; private set; } = [];

    /// <summary>Reads a script.</summary>
    /// <param name="script">Absolute path of the script.</param>
    /// <param name="module">The script's name in the bundle when it is CommonJS; else null.</param>
    /// <param name="code">The script bundled alone.</param>
    /// <param name="map">The bundle's source map.</param>
    public static ScriptAnalysis Of(string script, string? module, string code, SourceMap map)
    {
        var analysis = new ScriptAnalysis(script, map);
        Program program;
        try
        {
            program = new Parser(new ParserOptions { EcmaVersion = EcmaVersion.Latest }).ParseModule(code);
        }
        catch (ParseErrorException)
        {
            return analysis; // esbuild understood it, and the engine has the last word
        }

        var nodes = program.DescendantNodes().ToArray();
        analysis.ReadVariables(program);
        var options = module is null
            ? ExportedOptions(program)
            : analysis.ReadCommonJs(nodes, module);
        if (options is not null)
        {
            analysis.ReadOptions(options, nodes);
        }

        analysis.ReadLiterals(nodes);
        return analysis;
    }

    private void ReadVariables(Program program)
    {
        foreach (var declarator in program.Body.OfType<VariableDeclaration>().SelectMany(declaration => declaration.Declarations))
        {
            if (declarator is { Id: Identifier id, Init: { } init })
            {
                variables.TryAdd(id.Name, init);
            }
        }
    }

    private static Identifier? ExportedOptions(Program program)
    {
        foreach (var export in program.Body.OfType<ExportNamedDeclaration>())
        {
            foreach (var specifier in export.Specifiers)
            {
                if (specifier is { Exported: Identifier { Name: "options" }, Local: Identifier local })
                {
                    return local;
                }
            }
        }

        return null;
    }

    /// <summary>Names of exports and, as the result, the value of <c>options</c>, in <c>"file.js"(exports, module) { … }</c>.</summary>
    private Expression? ReadCommonJs(Node[] nodes, string module)
    {
        var wrapper = nodes.OfType<Property>().FirstOrDefault(property => NameOf(property) == module);
        var names = new List<string> { "default" };
        Expression? options = null;
        foreach (var assignment in wrapper?.Value.DescendantNodes().OfType<AssignmentExpression>() ?? [])
        {
            var target = assignment.Left is MemberExpression member ? Dotted(member) : null;
            if (target is "module.exports" && assignment.Right is ObjectExpression all)
            {
                foreach (var property in all.Properties.OfType<Property>())
                {
                    names.Add(NameOf(property) ?? "");
                    options = NameOf(property) == "options" ? property.Value as Expression : options;
                }
            }
            else if (target is not null && (target.StartsWith("exports.", StringComparison.Ordinal) || target.StartsWith("module.exports.", StringComparison.Ordinal)))
            {
                var name = target[(target.LastIndexOf('.') + 1)..];
                names.Add(name);
                options = name == "options" ? assignment.Right : options;
            }
        }

        // variables of the module are inside of its function
        foreach (var declarator in wrapper?.Value.DescendantNodes().OfType<VariableDeclarator>() ?? [])
        {
            if (declarator is { Id: Identifier id, Init: { } init })
            {
                variables.TryAdd(id.Name, init);
            }
        }

        CommonJsExports = [.. names.Where(name => name.Length > 0).Distinct()];
        return options;
    }

    private void ReadOptions(Expression options, Node[] nodes)
    {
        var value = ValueOf(options);
        var place = PlaceOf(value) ?? PlaceOf(options) ?? new SourceLocation(script, 0, 0);
        OptionsPlace = place;
        ReadOptionsObject(value);

        // options.thresholds["x"] = […] further down
        var name = (options as Identifier)?.Name;
        computed |= name is not null && nodes.OfType<AssignmentExpression>()
            .Any(assignment => assignment.Left is MemberExpression member && Dotted(member).StartsWith($"{name}.", StringComparison.Ordinal));
        if (computed)
        {
            thresholds.Add(new ScriptThreshold(script, null, null, place));
        }
    }

    private void ReadOptionsObject(Expression? value)
    {
        if (value is not ObjectExpression options)
        {
            computed = true;
            return;
        }

        foreach (var member in options.Properties)
        {
            if (member is SpreadElement spread)
            {
                ReadOptionsObject(ValueOf(spread.Argument));
            }
            else if (member is Property { Computed: false } property && NameOf(property) == "thresholds")
            {
                ReadThresholds(ValueOf(property.Value as Expression));
            }
        }
    }

    private void ReadThresholds(Expression? value)
    {
        if (value is not ObjectExpression all)
        {
            computed = true;
            return;
        }

        foreach (var member in all.Properties)
        {
            if (member is SpreadElement spread)
            {
                ReadThresholds(ValueOf(spread.Argument));
            }
            else if (member is Property property && NameOf(property) is { } metric && ValueOf(property.Value as Expression) is ArrayExpression list)
            {
                foreach (var element in list.Elements)
                {
                    ReadThreshold(metric, element);
                }
            }
            else
            {
                computed = true;
            }
        }
    }

    private void ReadThreshold(string metric, Expression? element)
    {
        var expression = ValueOf(element);
        if (expression is ObjectExpression { Properties: var properties })
        {
            expression = ValueOf(properties.OfType<Property>().FirstOrDefault(property => NameOf(property) == "threshold")?.Value as Expression);
        }

        if (TextOf(expression) is { } text && PlaceOf(expression) is { } place)
        {
            thresholds.Add(new ScriptThreshold(script, metric, text, place));
        }
        else
        {
            computed = true;
        }
    }

    private void ReadLiterals(Node[] nodes)
    {
        var literals = new HashSet<string>();
        var properties = new HashSet<SourceLocation>();
        foreach (var node in nodes)
        {
            var text = node switch
            {
                Property property => NameOf(property),
                StringLiteral literal => literal.Value,
                TemplateElement { Value.Cooked: { } cooked } => cooked,
                _ => null,
            };
            if (text is { Length: > 0 and <= 100 } && !text.Contains('\n', StringComparison.Ordinal) && literals.Count < MaxLiterals && !literals.Contains(text) && IsOwn(PlaceOf(node)))
            {
                literals.Add(text);
            }

            var pattern = node switch
            {
                RegExpLiteral regex => regex.RegExp.Pattern,
                NewExpression { Callee: Identifier { Name: "RegExp" }, Arguments: [StringLiteral source, ..] } => source.Value,
                CallExpression { Callee: Identifier { Name: "RegExp" }, Arguments: [StringLiteral source, ..] } => source.Value,
                _ => "",
            };
            if (HasUnicodeProperty(pattern) && PlaceOf(node) is { } place)
            {
                properties.Add(IsOwn(place) ? place : place with { Line = 0, Column = 0 }); // one for all in a package's file
            }
        }

        Literals = [.. literals.Order(StringComparer.Ordinal)];
        UnicodeProperties = [.. properties];
    }

    private static bool HasUnicodeProperty(string pattern) =>
        pattern.Contains(@"\p{", StringComparison.Ordinal) || pattern.Contains(@"\P{", StringComparison.Ordinal);

    private static bool IsOwn(SourceLocation? place) =>
        place is not null && !place.File.Replace('\\', '/').Contains("/node_modules/", StringComparison.Ordinal);

    private SourceLocation? PlaceOf(Node? node) => node is null ? null : map.Find(node.Location.Start.Line, node.Location.Start.Column);

    /// <summary>The value of an expression as far as it is a literal behind variables of the module and <c>Object.freeze</c>.</summary>
    private Expression? ValueOf(Expression? expression)
    {
        for (var depth = 0; depth < 20; depth++)
        {
            switch (expression)
            {
                case Identifier id when variables.TryGetValue(id.Name, out var value):
                    expression = value;
                    break;
                case CallExpression { Callee: MemberExpression callee, Arguments: [var argument] } when Dotted(callee) == "Object.freeze":
                    expression = argument;
                    break;
                default:
                    return expression;
            }
        }

        return expression;
    }

    private static string? TextOf(Expression? expression) => expression switch
    {
        StringLiteral literal => literal.Value,
        TemplateLiteral { Expressions.Count: 0, Quasis: [var quasi] } => quasi.Value.Cooked,
        _ => null,
    };

    private static string? NameOf(Property property) => property.Key switch
    {
        Identifier id when !property.Computed => id.Name,
        Expression key => TextOf(key),
        _ => null,
    };

    /// <summary><c>a.b.c</c>; parts that are computed are left empty.</summary>
    private static string Dotted(MemberExpression member)
    {
        var start = member.Object switch
        {
            Identifier id => id.Name,
            MemberExpression inner => Dotted(inner),
            _ => "",
        };
        return $"{start}.{(member is { Computed: false, Property: Identifier name } ? name.Name : "")}";
    }
}
