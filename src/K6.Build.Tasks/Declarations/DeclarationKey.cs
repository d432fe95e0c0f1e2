using K6.LoadTesting.Bundling;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks.Declarations;

/// <summary>
/// All that a plan is made of and that no project file says by itself: items and properties as targets see them, and which of the files exist that they may
/// name. With unchanged project files it tells that the plan is still right, without the evaluation that a plan costs.
/// </summary>
internal sealed class DeclarationKey(string projectFile)
{
    private readonly List<string> _texts = [typeof(DeclarationKey).Module.ModuleVersionId.ToString(), InputState.Library, projectFile];

    /// <summary>Adds a text that may be the path of a file.</summary>
    public DeclarationKey Add(string name, string value)
    {
        _texts.Add(name);
        _texts.Add(value);
        if (value.Length is > 0 and < 1024 && !value.Contains('\0', StringComparison.Ordinal))
        {
            var path = Path.Combine(Path.GetDirectoryName(projectFile)!, value);
            _texts.Add(File.Exists(path) ? "file" : Directory.Exists(path) ? "folder" : "");
        }

        return this;
    }

    /// <summary>Adds properties.</summary>
    public DeclarationKey Add(IEnumerable<KeyValuePair<string, string>> properties)
    {
        foreach (var (name, value) in properties.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            Add(name, value);
        }

        return this;
    }

    /// <summary>Adds items, in their order.</summary>
    public DeclarationKey Add(string kind, ITaskItem[] items)
    {
        _texts.Add(kind);
        foreach (var item in items)
        {
            _texts.Add(item.GetMetadata("DefiningProjectFullPath"));
            Add("", item.ItemSpec).Add(DeclarationReader.CustomMetadata(item));
        }

        return this;
    }

    /// <inheritdoc />
    public override string ToString() => InputState.Hash(_texts);
}
