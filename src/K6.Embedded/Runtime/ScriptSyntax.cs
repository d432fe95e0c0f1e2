using Acornima.Ast;
using K6.Embedded.Execution;
using AstVisitor = Acornima.AstVisitor;

namespace K6.Embedded.Runtime;

/// <summary>What a look over a file's syntax tree finds: its imports, and syntax that k6's JavaScript engine has not got.</summary>
internal sealed class ScriptSyntax : AstVisitor
{
    private readonly string url;
    private readonly Dictionary<string, HashSet<string>> imports = new(StringComparer.Ordinal);
    private readonly List<string> requires = [];
    private readonly List<int> importCalls = [];

    private ScriptSyntax(string url) => this.url = url;

    /// <summary>Whether there is an <c>import</c> or an <c>export</c>.</summary>
    public bool IsModule { get; private set; }

    /// <summary>Imported modules with the names taken from each, in order.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Imports => imports;

    /// <summary>Modules in <c>require('…')</c>.</summary>
    public IReadOnlyList<string> Requires => requires;

    /// <summary>Where <c>import(…)</c> begins, in characters from the start of the parsed text.</summary>
    public IReadOnlyList<int> ImportCalls => importCalls;

    /// <summary>Looks over a file.</summary>
    /// <exception cref="ScriptException">It has syntax that k6 does not accept.</exception>
    public static ScriptSyntax Of(Node program, string url)
    {
        var result = new ScriptSyntax(url);
        result.Visit(program);
        return result;
    }

    /// <inheritdoc/>
    protected override object? VisitImportDeclaration(ImportDeclaration node)
    {
        IsModule = true;
        if (node.Attributes.Count > 0)
        {
            Refuse(node, "Unexpected token {");
        }

        var names = NamesFrom(node.Source);
        foreach (var specifier in node.Specifiers)
        {
            if (specifier is ImportSpecifier { Imported: var imported })
            {
                names.Add(NameOf(imported));
            }
        }

        return node;
    }

    /// <inheritdoc/>
    protected override object? VisitExportNamedDeclaration(ExportNamedDeclaration node)
    {
        IsModule = true;
        if (node.Source is not null)
        {
            var names = NamesFrom(node.Source);
            foreach (var specifier in node.Specifiers)
            {
                names.Add(NameOf(specifier.Local));
            }
        }

        return base.VisitExportNamedDeclaration(node);
    }

    /// <inheritdoc/>
    protected override object? VisitExportAllDeclaration(ExportAllDeclaration node)
    {
        IsModule = true;
        NamesFrom(node.Source);
        return node;
    }

    /// <inheritdoc/>
    protected override object? VisitExportDefaultDeclaration(ExportDefaultDeclaration node)
    {
        IsModule = true;
        return base.VisitExportDefaultDeclaration(node);
    }

    /// <inheritdoc/>
    protected override object? VisitCallExpression(CallExpression node)
    {
        if (node.Callee is Identifier { Name: "require" } && node.Arguments.Count == 1 && node.Arguments[0] is StringLiteral name)
        {
            requires.Add(name.Value);
        }

        return base.VisitCallExpression(node);
    }

    /// <inheritdoc/>
    protected override object? VisitImportExpression(ImportExpression node)
    {
        importCalls.Add(node.Start);
        return base.VisitImportExpression(node);
    }

    /// <inheritdoc/>
    protected override object? VisitFunctionDeclaration(FunctionDeclaration node)
    {
        RefuseAsyncGenerator(node);
        return base.VisitFunctionDeclaration(node);
    }

    /// <inheritdoc/>
    protected override object? VisitFunctionExpression(FunctionExpression node)
    {
        RefuseAsyncGenerator(node);
        return base.VisitFunctionExpression(node);
    }

    /// <inheritdoc/>
    protected override object? VisitForOfStatement(ForOfStatement node)
    {
        if (node.Await)
        {
            Refuse(node, "Unexpected token await");
        }

        return base.VisitForOfStatement(node);
    }

    /// <inheritdoc/>
    protected override object? VisitVariableDeclaration(VariableDeclaration node)
    {
        if (node.Kind is VariableDeclarationKind.Using or VariableDeclarationKind.AwaitUsing)
        {
            Refuse(node, "Unexpected identifier");
        }

        return base.VisitVariableDeclaration(node);
    }

    /// <inheritdoc/>
    protected override object? VisitLiteral(Literal node)
    {
        if (node is RegExpLiteral regExp && regExp.RegExp.Flags.AsSpan().ContainsAny('d', 'v'))
        {
            Refuse(node, $"Invalid flags supplied to RegExp constructor '{regExp.RegExp.Flags}'");
        }

        return base.VisitLiteral(node);
    }

    /// <inheritdoc/>
    protected override object? VisitDecorator(Decorator node)
    {
        Refuse(node, "Unexpected token ILLEGAL");
        return node;
    }

    /// <inheritdoc/>
    protected override object? VisitAccessorProperty(AccessorProperty node)
    {
        Refuse(node, "Unexpected identifier");
        return node;
    }

    private static string NameOf(Expression name) => name is StringLiteral literal ? literal.Value : ((Identifier)name).Name;

    private HashSet<string> NamesFrom(StringLiteral source)
    {
        if (!imports.TryGetValue(source.Value, out var names))
        {
            imports[source.Value] = names = new(StringComparer.Ordinal);
        }

        return names;
    }

    private void RefuseAsyncGenerator(IFunction function)
    {
        if (function.Async && function.Generator)
        {
            Refuse((Node)function, "Async generators are not supported yet");
        }
    }

    private void Refuse(Node node, string description) =>
        throw new ScriptException($"{url}: Line {node.Location.Start.Line}:{node.Location.Start.Column + 1} {description}", isStackTrace: false);
}
