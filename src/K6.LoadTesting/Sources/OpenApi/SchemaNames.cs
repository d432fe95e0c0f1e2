using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Names of the schemas that <c>$ref</c>s lead to: one name per schema, whichever way leads there.</summary>
internal sealed class SchemaNames(DocumentSet documents, DocumentProblems problems)
{
    private readonly Dictionary<DocumentNode, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> taken = new(["ArrayBuffer", "Omit"], StringComparer.Ordinal);
    private readonly List<DocumentNode> schemas = [];

    /// <summary>The named schemas, in the order in which they were met; grows while they are written.</summary>
    public IReadOnlyList<DocumentNode> Schemas => schemas;

    /// <summary>Name of a schema that has one already.</summary>
    public string this[DocumentNode schema] => names[schema];

    /// <summary>Name of the schema that a <c>$ref</c> leads to; null when it leads nowhere.</summary>
    public string? Of(DocumentNode reference)
    {
        if (documents.Resolve(reference) is not { } target)
        {
            return null;
        }

        if (names.TryGetValue(target, out var known))
        {
            return known;
        }

        var last = reference;
        for (var next = documents.Follow(last); next is not null && DocumentSet.IsRef(next); next = documents.Follow(last))
        {
            last = next;
        }

        var text = last.Word("$ref")!;
        var wanted = ApiNames.Type(NameIn(text));
        var name = names[target] = ApiNames.Unique(wanted, taken);
        if (name != wanted)
        {
            problems.Add(Rules.OpenApiNameCollides, target.Location, $"The schema of '{text}' would be called {wanted}, and so is another one; it is {name} now.");
        }

        schemas.Add(target);
        return name;
    }

    // #/components/schemas/Product, common.yaml#/Product, schemas/product.yaml
    private static string NameIn(string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var pointer = hash < 0 ? "" : reference[(hash + 1)..].Trim('/');
        return pointer.Length > 0
            ? Uri.UnescapeDataString(pointer.Split('/')[^1]).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
            : Path.GetFileNameWithoutExtension(Uri.UnescapeDataString(hash < 0 ? reference : reference[..hash]));
    }
}
