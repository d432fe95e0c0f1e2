using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Data;

/// <summary>The TypeScript module of some test data: the type of a row, and the rows, which the script library hands out.</summary>
internal static partial class DataModule
{
    // Words that cannot be the name of a variable in a module.
    private static readonly HashSet<string> Reserved =
    [
        "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "export", "extends", "false",
        "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected",
        "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield",
        "eval", "arguments", "dataset", "open",
    ];

    // All that is printable in ASCII without the quote and the backslash.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(['\'', '\\'])]);

    /// <summary>The module's text.</summary>
    public static string Write(DataPlan plan, DataShape shape, string source, long seed)
    {
        var name = VariableName(plan.Name);
        var row = char.ToUpperInvariant(name[0]) + name[1..] + "Row";
        var text = new StringBuilder();
        text.Append($"// Test data {plan.Name}: {shape.Rows:N0} rows, from {source}. Generated: each build makes it anew.\n");
        text.Append("import { dataset, type Dataset } from 'k6-sdk';\n\n");
        if (shape.Columns is { } columns)
        {
            text.Append($"/** A row of {source}. */\nexport interface {row} {{\n");
            foreach (var (column, type) in columns)
            {
                text.Append($"  readonly {PropertyName(column)}: {type};\n");
            }

            text.Append("}\n\n");
        }
        else
        {
            text.Append($"/** A row of {source}. */\nexport type {row} = {shape.Type};\n\n");
        }

        var list = shape.Columns is null ? "null" : $"[{string.Join(", ", shape.Columns.Select(column => Quote(column.Name)))}]";
        text.Append($"/** The rows of {source}. */\n");
        text.Append($"export const {name}: Dataset<{row}> = dataset<{row}>({Quote(plan.Name)}, () => open({Quote($"./{plan.Name}.rows")}), {list}, {seed});\n\n");
        text.Append($"export default {name};\n");
        return text.ToString();
    }

    /// <summary>A declared type in TypeScript.</summary>
    public static string TypeText(DataColumn column) => TypeText(column.Type, column.Choices, column.Optional);

    /// <summary>A type in TypeScript.</summary>
    public static string TypeText(DataType type, IEnumerable<string> choices, bool optional) => type switch
    {
        DataType.Whole or DataType.Number => "number",
        DataType.Boolean => "boolean",
        DataType.Choice => string.Join(" | ", choices.Select(Quote)),
        _ => "string",
    } + (optional ? " | null" : "");

    /// <summary>What scripts call it: <c>user-accounts</c> is <c>userAccounts</c>.</summary>
    public static string VariableName(string name)
    {
        var text = Dash().Replace(name, match => match.Groups["next"].Value.ToUpperInvariant());
        text = text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
        return Reserved.Contains(text) ? text + "_" : text;
    }

    /// <summary>A text of TypeScript.</summary>
    public static string Quote(string text) => !text.AsSpan().ContainsAnyExcept(Plain) ? $"'{text}'"
        : "'" + EntryModule.Quote(text)[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    /// <summary>The name of a property.</summary>
    public static string PropertyName(string name) => Identifier().IsMatch(name) ? name : Quote(name);

    [GeneratedRegex(@"^[A-Za-z_$][A-Za-z0-9_$]*\z")]
    private static partial Regex Identifier();

    [GeneratedRegex("-+(?<next>.?)")]
    private static partial Regex Dash();
}
