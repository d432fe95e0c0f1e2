using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using Microsoft.Build.Construction;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks.Declarations;

/// <summary>
/// Reads what a project declares: the items as targets see them when the load test starts, with the places of their elements,
/// which MSBuild does not hand to tasks. They come from one more evaluation of the project, with the build's global properties.
/// </summary>
internal sealed class DeclarationReader : IDisposable
{
    private readonly ProjectCollection _collection;
    private readonly Project _project;
    private readonly LogicalElements _elements;
    private readonly SourceLocation _firstLine;
    private readonly string _sdkDirectory;

    /// <summary>Evaluates the project.</summary>
    /// <param name="projectFile">Absolute path of the project file.</param>
    /// <param name="globalProperties">Global properties of the build.</param>
    /// <param name="sdkDirectory">Absolute path of the SDK, whose own properties are no declarations.</param>
    public DeclarationReader(string projectFile, IReadOnlyDictionary<string, string> globalProperties, string sdkDirectory)
    {
        var properties = new Dictionary<string, string>(globalProperties, StringComparer.OrdinalIgnoreCase);
        _firstLine = new SourceLocation(projectFile, 1, 1);
        _sdkDirectory = sdkDirectory;
        _collection = new ProjectCollection(properties);
        _project = new Project(projectFile, properties, null, _collection);
        _elements = new LogicalElements(_project);
    }

    /// <summary>The project file and the files that it imports, but those of the build tools, which change with their version only.</summary>
    public IEnumerable<string> Files => _project.Imports.Select(import => import.ImportedProject.FullPath)
        .Where(file => !file.StartsWith(_project.GetPropertyValue("MSBuildExtensionsPath"), StringComparison.OrdinalIgnoreCase))
        .Prepend(_project.FullPath);

    /// <inheritdoc />
    public void Dispose() => _collection.Dispose();

    /// <summary>The declaration.</summary>
    /// <param name="items">The build's items by type, as targets see them.</param>
    public ProjectDeclaration Read(IReadOnlyDictionary<string, ITaskItem[]> items) => new()
    {
        File = _firstLine.File,
        UserSecretsId = _project.GetPropertyValue("UserSecretsId") is { Length: > 0 } id ? id : null,
        Items = [.. items.SelectMany(pair => Match(pair.Key, pair.Value)), .. UnknownItems(items.Keys)],
        Properties = [.. Properties()],
    };

    /// <summary>The declaration as the project file alone has it, without what targets make.</summary>
    public ProjectDeclaration Read() => Read(LoadPlanBuilder.Items.ToDictionary(
        kind => kind,
        kind => _project.GetItems(kind)
            .Select(ITaskItem (item) => new TaskItem(ProjectCollection.Escape(item.EvaluatedInclude), item.Metadata.ToDictionary(one => one.Name, one => ProjectCollection.Escape(one.EvaluatedValue))))
            .ToArray()));

    /// <summary>
    /// The <c>K6*</c> elements outside of targets whose condition holds and that yield no item: a glob without a match, a
    /// property that is empty, or a name that MSBuild took for a glob.
    /// </summary>
    public IEnumerable<(string Kind, string Include, SourceLocation Location)> ElementsWithoutItems()
    {
        var yielding = _project.AllEvaluatedItems.Select(item => item.Xml).ToHashSet();
        var removed = _elements.Evaluated.Where(element => element.Remove.Length > 0)
            .Select(element => element.ItemType).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _elements.Evaluated
            .Where(element => element.Include.Length > 0 && !yielding.Contains(element))
            .Where(element => !removed.Contains(element.ItemType) || !_elements.HasLiteral(element))
            .Select(element => (element.ItemType, element.Include, Place(element.Location)));
    }

    /// <summary>What an item says besides its name.</summary>
    public static Dictionary<string, string> CustomMetadata(ITaskItem item)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in item.CloneCustomMetadata().Keys)
        {
            metadata[name] = item.GetMetadata(name);
        }

        return metadata;
    }

    /// <summary>Whether a property may be one of ours. Names with an underscore are variables of k6 (<c>K6_VUS</c>) that the environment brought in.</summary>
    public static bool IsDeclared(string name) => IsOurs(name) && !name.Contains('_', StringComparison.Ordinal);

    // Items arrive in the order of their elements. One that is found neither by identity and metadata nor by identity alone was
    // made in a target.
    private IEnumerable<ItemDeclaration> Match(string kind, ITaskItem[] items)
    {
        var evaluated = new LinkedList<ProjectItem>(_project.GetItems(kind));
        foreach (var item in items)
        {
            var metadata = CustomMetadata(item);
            var source =
                evaluated.FirstOrDefault(candidate => candidate.EvaluatedInclude == item.ItemSpec && SameMetadata(candidate, metadata))
                ?? evaluated.FirstOrDefault(candidate => candidate.EvaluatedInclude == item.ItemSpec);
            if (source is null)
            {
                yield return new ItemDeclaration(kind, item.ItemSpec, PlaceInTarget(kind, item)) { Metadata = metadata };
            }
            else
            {
                evaluated.Remove(source);
                yield return new ItemDeclaration(kind, item.ItemSpec, Place(source.Xml.Location))
                {
                    Metadata = metadata,
                    MetadataLocations = MetadataPlaces(source),
                };
            }
        }
    }

    private IEnumerable<ItemDeclaration> UnknownItems(IEnumerable<string> known)
    {
        var names = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _project.AllEvaluatedItems
            .Where(item => IsOurs(item.ItemType) && !names.Contains(item.ItemType))
            .Select(item => new ItemDeclaration(item.ItemType, item.EvaluatedInclude, Place(item.Xml.Location))
            {
                Metadata = item.DirectMetadata.ToDictionary(m => m.Name, m => m.EvaluatedValue, StringComparer.OrdinalIgnoreCase),
                MetadataLocations = MetadataPlaces(item),
            });
    }

    private IEnumerable<PropertyDeclaration> Properties() =>
        from property in _project.Properties
        where IsDeclared(property.Name) && property.EvaluatedValue.Length > 0
        where property.Xml?.ContainingProject.FullPath.StartsWith(_sdkDirectory, StringComparison.OrdinalIgnoreCase) != true
        select new PropertyDeclaration(property.Name, property.EvaluatedValue, property.Xml is { } xml ? Place(xml.Location) : _firstLine);

    // MSBuild keeps the file of an item that a target made, and not the line.
    private SourceLocation PlaceInTarget(string kind, ITaskItem item)
    {
        var file = item.GetMetadata("DefiningProjectFullPath");
        if (file.Length == 0)
        {
            return _firstLine;
        }

        var elements = _elements.InTargets
            .Where(element => Same(element.ItemType, kind) && Same(element.ContainingProject.FullPath, file))
            .ToArray();
        var place = elements.FirstOrDefault(element => element.Include.Split(';').Any(part => part.Trim() == item.ItemSpec));
        place ??= elements.Length == 1 ? elements[0] : null;
        return place is null ? new SourceLocation(file, 1, 1) : Place(place.Location);
    }

    private Dictionary<string, SourceLocation> MetadataPlaces(ProjectItem item)
    {
        var places = new Dictionary<string, SourceLocation>(StringComparer.OrdinalIgnoreCase);
        foreach (var metadata in item.Metadata.Where(metadata => metadata.Xml is not null))
        {
            // MSBuild's column of an attribute is that of the space before it.
            var place = Place(metadata.Xml.Location);
            places[metadata.Name] = metadata.Xml.ExpressedAsAttribute ? place with { Column = place.Column + 1 } : place;
        }

        return places;
    }

    private SourceLocation Place(ElementLocation location) =>
        location.File.Length == 0 ? _firstLine : new SourceLocation(location.File, location.Line, location.Column);

    private static bool SameMetadata(ProjectItem candidate, Dictionary<string, string> metadata) =>
        candidate.MetadataCount - metadata.Count is >= 0 && metadata.All(pair => candidate.GetMetadataValue(pair.Key) == pair.Value)
        && candidate.Metadata.All(own => metadata.ContainsKey(own.Name));

    private static bool IsOurs(string name) => name.StartsWith("K6", StringComparison.OrdinalIgnoreCase);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
