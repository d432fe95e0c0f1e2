using System.Globalization;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>What a value of a document is.</summary>
internal enum NodeKind
{
    /// <summary>Names and values.</summary>
    Object,

    /// <summary>A list.</summary>
    Array,

    /// <summary>A text.</summary>
    String,

    /// <summary>A number, as written.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary><c>null</c>.</summary>
    Null,
}

/// <summary>A name in an object.</summary>
/// <param name="Key">The name.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column in characters, from 1.</param>
/// <param name="Value">Its value.</param>
internal sealed record DocumentMember(string Key, int Line, int Column, DocumentNode Value);

/// <summary>A value of a JSON or YAML document, with its place. YAML's aliases are the node that they stand for.</summary>
internal sealed class DocumentNode(NodeKind kind, string text, string file, int line, int column)
{
    // Most nodes are texts: theirs stay empty.
    private static readonly List<DocumentMember> NoMembers = [];
    private static readonly List<DocumentNode> NoItems = [];

    private Dictionary<string, DocumentMember>? index;

    /// <summary>What it is.</summary>
    public NodeKind Kind => kind;

    /// <summary>A text, or a number or a word as written; empty for objects and lists.</summary>
    public string Text => text;

    /// <summary>Absolute path of its file.</summary>
    public string File => file;

    /// <summary>Where it starts.</summary>
    public SourceLocation Location => new(file, line, column);

    /// <summary>The names of an object, in their order.</summary>
    public List<DocumentMember> Members { get; } = kind == NodeKind.Object ? [] : NoMembers;

    /// <summary>The values of a list.</summary>
    public List<DocumentNode> Items { get; } = kind == NodeKind.Array ? [] : NoItems;

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => kind == NodeKind.Object;

    /// <summary>A member's value; null without one.</summary>
    public DocumentNode? this[string key] => Find(key)?.Value;

    /// <summary>Makes an object that no file has.</summary>
    public static DocumentNode Object(DocumentNode place, IEnumerable<(string Key, DocumentNode Value)> members)
    {
        var at = place.Location;
        var node = new DocumentNode(NodeKind.Object, "", at.File, at.Line, at.Column);
        node.Members.AddRange(members.Select(member => new DocumentMember(member.Key, at.Line, at.Column, member.Value)));
        return node;
    }

    /// <summary>Makes a text that no file has.</summary>
    public static DocumentNode String(DocumentNode place, string value) =>
        new(NodeKind.String, value, place.File, place.Location.Line, place.Location.Column);

    /// <summary>A member; null without one. The last one of a name counts.</summary>
    public DocumentMember? Find(string key)
    {
        if (Members.Count < 9)
        {
            for (var i = Members.Count - 1; i >= 0; i--)
            {
                if (Members[i].Key == key)
                {
                    return Members[i];
                }
            }

            return null;
        }

        if (index is null)
        {
            index = new Dictionary<string, DocumentMember>(StringComparer.Ordinal);
            foreach (var member in Members)
            {
                index[member.Key] = member;
            }
        }

        return index.GetValueOrDefault(key);
    }

    /// <summary>Place of a member's name; its own without one.</summary>
    public SourceLocation At(string key) => Find(key) is { } member ? new SourceLocation(file, member.Line, member.Column) : Location;

    /// <summary>A member that is a text; null when it is none.</summary>
    public string? Word(string key) => this[key] is { Kind: NodeKind.String } node ? node.Text : null;

    /// <summary>Whether a member is <c>true</c>.</summary>
    public bool Is(string key) => this[key] is { Kind: NodeKind.Boolean, Text: "true" };

    /// <summary>A member that is a number; null when it is none.</summary>
    public double? Number(string key) =>
        this[key] is { Kind: NodeKind.Number } node && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The members of an object member; nothing when it is none.</summary>
    public IReadOnlyList<DocumentMember> MembersOf(string key) => this[key] is { Kind: NodeKind.Object } node ? node.Members : [];

    /// <summary>The values of a list member; nothing when it is none.</summary>
    public IReadOnlyList<DocumentNode> ItemsOf(string key) => this[key] is { Kind: NodeKind.Array } node ? node.Items : [];
}
