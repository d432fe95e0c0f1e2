using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>A document with the files that its <c>$ref</c>s lead to, each read once.</summary>
internal sealed class DocumentSet(DocumentProblems problems)
{
    private readonly Dictionary<string, DocumentNode?> files = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly Dictionary<DocumentNode, DocumentNode?> targets = new(ReferenceEqualityComparer.Instance);

    /// <summary>Absolute paths of the files that were read or looked for, sorted.</summary>
    public IReadOnlyList<string> Files => [.. files.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads a file; null when that fails, which is reported at the place that named it, or in the file.</summary>
    public DocumentNode? Open(string file, SourceLocation named)
    {
        if (files.TryGetValue(file, out var known))
        {
            return known;
        }

        if (!File.Exists(file))
        {
            problems.Add(Rules.OpenApiRefUnresolved, named, $"The file {file} does not exist.");
            return files[file] = null;
        }

        try
        {
            return files[file] = DocumentReader.Read(file);
        }
        catch (DocumentException problem)
        {
            problems.Add(Rules.OpenApiMalformed, problem.Location, $"{Path.GetFileName(file)} cannot be read as JSON or YAML: {problem.Message}.");
            return files[file] = null;
        }
    }

    /// <summary>Whether a node is a <c>$ref</c>.</summary>
    public static bool IsRef(DocumentNode node) => node.IsObject && node.Word("$ref") is not null;

    /// <summary>What a node is when its <c>$ref</c>s are followed; null when they lead nowhere or in a circle, which is reported.</summary>
    public DocumentNode? Resolve(DocumentNode? node)
    {
        if (node is null || !IsRef(node))
        {
            return node;
        }

        if (targets.TryGetValue(node, out var known))
        {
            return known;
        }

        var way = new List<DocumentNode>();
        var at = node;
        while (at is not null && IsRef(at))
        {
            if (way.Contains(at, ReferenceEqualityComparer.Instance))
            {
                problems.Add(Rules.OpenApiRefCircle, node.At("$ref"), $"'{node.Word("$ref")}' leads in a circle: {string.Join(" → ", way.Select(one => one.Word("$ref")))} and back. One of them has to lead to a value.");
                at = null;
                break;
            }

            way.Add(at);
            at = Follow(at);
        }

        return targets[node] = at;
    }

    /// <summary>The target of one <c>$ref</c>, which may be one itself.</summary>
    public DocumentNode? Follow(DocumentNode reference)
    {
        var text = reference.Word("$ref")!;
        var place = reference.At("$ref");
        if (text.Contains("://", StringComparison.Ordinal) || text.StartsWith("urn:", StringComparison.Ordinal))
        {
            problems.Add(Rules.OpenApiRefUnresolved, place, $"'{text}' is an address, and a build does not load documents from the network. Keep a copy beside the document and name that.");
            return null;
        }

        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(hash < 0 ? text : text[..hash]);
        var file = path.Length == 0 ? reference.File : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(reference.File)!, path));
        var root = Open(file, place);
        return root is null ? null : Find(root, hash < 0 ? "" : text[(hash + 1)..], text, place);
    }

    private DocumentNode? Find(DocumentNode root, string pointer, string text, SourceLocation place)
    {
        if (pointer.Length > 0 && pointer[0] != '/')
        {
            problems.Add(Rules.OpenApiRefUnresolved, place, $"'{text}' names an anchor, and only paths such as #/components/schemas/Product are followed.");
            return null;
        }

        var node = root;
        string[] tokens = [.. pointer.Split('/').Skip(1).Select(Unescape)];
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            var next = node.Kind == NodeKind.Array
                ? int.TryParse(token, out var index) && index >= 0 && index < node.Items.Count ? node.Items[index] : null
                : node[token];
            if (next is null)
            {
                var names = node.Members.Select(member => member.Key).ToList();
                var hint = NearestName.Of(token, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";
                problems.Add(Rules.OpenApiRefUnresolved, place, $"'{text}' leads nowhere: there is no '{token}' in {(root.File == place.File ? "the document" : Path.GetFileName(root.File))} at this path.{hint}");
                return null;
            }

            // A path may lead through other references.
            node = i < tokens.Length - 1 ? Resolve(next) ?? next : next;
        }

        return node;
    }

    private static string Unescape(string token) =>
        Uri.UnescapeDataString(token).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
