using System.Text;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Names of a document as identifiers of TypeScript.</summary>
internal static class ApiNames
{
    // Words that cannot name a function, and what a client exports itself.
    private static readonly HashSet<string> Reserved =
    [
        "arguments", "await", "break", "case", "catch", "class", "client", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "eval", "export",
        "extends", "false", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package",
        "private", "protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void", "while", "with", "yield",
    ];

    /// <summary>A function's name: <c>repos/list-for_org</c> is <c>reposListForOrg</c>; empty when nothing is left.</summary>
    public static string Function(string text)
    {
        var name = Pascal(text);
        if (name.Length == 0)
        {
            return "";
        }

        // HTTPGet stays; GetProduct becomes getProduct.
        name = name.Length > 1 && char.IsUpper(name[0]) && char.IsUpper(name[1]) ? name : char.ToLowerInvariant(name[0]) + name[1..];
        return Reserved.Contains(name) ? name + "_" : name;
    }

    /// <summary>A function's name for an operation without an id: <c>GET /products/{id}</c> is <c>getProductsById</c>.</summary>
    public static string Function(string method, string path) =>
        Function($"{method.ToLowerInvariant()} {path.Replace("{", "by ", StringComparison.Ordinal)}");

    /// <summary>A type's name; <c>Schema</c> when nothing is left.</summary>
    public static string Type(string text) => Pascal(text) is { Length: > 0 } name ? name : "Schema";

    /// <summary>A name of an environment variable: <c>shop api-key</c> is <c>SHOP_API_KEY</c>.</summary>
    public static string Variable(string text) =>
        string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_'));

    /// <summary>A name that is not taken yet, with a number behind it when it is.</summary>
    public static string Unique(string name, ISet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
        {
            unique = name + number;
        }

        return unique;
    }

    // Letters and digits of any script are identifiers of JavaScript; anything else ends a word.
    private static string Pascal(string text)
    {
        var name = new StringBuilder();
        var start = true;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune))
            {
                start = true;
                continue;
            }

            var upper = start ? Rune.ToUpperInvariant(rune) : rune;
            start = false;
            if (name.Length == 0 && Rune.IsDigit(upper))
            {
                name.Append('_');
            }

            name.Append(upper.ToString());
        }

        return name.ToString();
    }
}
