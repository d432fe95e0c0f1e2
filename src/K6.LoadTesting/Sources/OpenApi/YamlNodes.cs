using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Reads YAML as nodes with their places, its plain words by the core schema of YAML 1.2, as OpenAPI demands.</summary>
internal static partial class YamlNodes
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="DocumentException">It is no YAML that JSON could say as well.</exception>
    public static DocumentNode Read(string file, string yaml)
    {
        using var text = new StringReader(yaml);
        var parser = new Parser(text);
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                throw new DocumentException(new SourceLocation(file, 1, 1), "the file is empty");
            }

            var root = Read(parser, file, new Dictionary<AnchorName, DocumentNode>(), 0);
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<DocumentStart>(out var second)
                ? throw new DocumentException(Place(file, second.Start), "a second document starts here; only one is allowed")
                : root;
        }
        catch (YamlException problem)
        {
            throw new DocumentException(Place(file, problem.Start), Reason(problem));
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's scanner says no more of some mistakes.
            throw new DocumentException(parser.Current is { } last ? Place(file, last.End) : new SourceLocation(file, 1, 1), "it is no YAML from here on: look for a bracket, a brace or a quote that is missing or one too many");
        }
    }

    private static DocumentNode Read(Parser parser, string file, Dictionary<AnchorName, DocumentNode> anchors, int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            // Within the value that it names an alias would make a document without an end.
            return anchors.TryGetValue(alias.Value, out var target) ? target
                : throw new DocumentException(Place(file, alias.Start), $"*{alias.Value} names no value that ends before it");
        }

        var start = parser.Current!.Start;
        if (depth > DocumentReader.Deepest)
        {
            throw new DocumentException(Place(file, start), $"values are nested more than {DocumentReader.Deepest} deep");
        }

        DocumentNode node;
        AnchorName anchor;
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            anchor = scalar.Anchor;
            node = new DocumentNode(KindOf(scalar), TextOf(scalar), file, (int)start.Line, (int)start.Column);
        }
        else if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            anchor = sequence.Anchor;
            node = new DocumentNode(NodeKind.Array, "", file, (int)start.Line, (int)start.Column);
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                node.Items.Add(Read(parser, file, anchors, depth + 1));
            }
        }
        else
        {
            anchor = parser.Consume<MappingStart>().Anchor;
            node = new DocumentNode(NodeKind.Object, "", file, (int)start.Line, (int)start.Column);
            ReadMembers(parser, file, anchors, depth, node);
        }

        if (!anchor.IsEmpty)
        {
            anchors[anchor] = node;
        }

        return node;
    }

    private static void ReadMembers(Parser parser, string file, Dictionary<AnchorName, DocumentNode> anchors, int depth, DocumentNode node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw new DocumentException(Place(file, parser.Current!.Start), "a name has to be a plain text");
            }

            if (!names.Add(key.Value))
            {
                throw new DocumentException(Place(file, key.Start), $"'{key.Value}' is given twice");
            }

            var value = Read(parser, file, anchors, depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain } && value.IsObject)
            {
                // Merged names give way to those of the object itself, wherever they stand.
                node.Members.InsertRange(0, value.Members);
                continue;
            }

            node.Members.Add(new DocumentMember(key.Value, (int)key.Start.Line, (int)key.Start.Column, value));
        }
    }

    private static NodeKind KindOf(Scalar scalar) =>
        scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value.EndsWith("str", StringComparison.Ordinal)) ? NodeKind.String
        : scalar.Value is "" or "~" or "null" or "Null" or "NULL" ? NodeKind.Null
        : scalar.Value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE" ? NodeKind.Boolean
        : Number().IsMatch(scalar.Value) ? NodeKind.Number
        : NodeKind.String;

    private static string TextOf(Scalar scalar) => KindOf(scalar) switch
    {
        NodeKind.Boolean => scalar.Value is ['t' or 'T', ..] ? "true" : "false",
        NodeKind.Null => "",
        _ => scalar.Value,
    };

    private static SourceLocation Place(string file, Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    private static string Reason(YamlException problem)
    {
        var end = problem.Message.IndexOf("): ", StringComparison.Ordinal);
        var text = (end < 0 ? problem.Message : problem.Message[(end + 3)..]).TrimEnd('.');
        return text.Length == 0 ? "this is no YAML" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*|\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();
}
