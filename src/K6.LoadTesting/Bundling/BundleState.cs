using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// What bundles were made from, and so when they have to be made again. Resolution of modules depends on more than the
/// files that were read: on files that were looked for and missing, on names beside the modules, on configuration.
/// </summary>
internal sealed record BundleState
{
    private const string FileName = "bundles.state.json";

    /// <summary>Files that configure modules in their folder and below, whether they exist or not.</summary>
    private static readonly string[] Configuration =
        ["tsconfig.json", "jsconfig.json", "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "node_modules/.package-lock.json"];

    /// <summary>Extensions that an import may leave out.</summary>
    private static readonly string[] SourceExtensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

    private static readonly string[] SkippedFolders = ["bin", "obj", "node_modules", "TestResults"];

    /// <summary>Hash of what the plan and the options say.</summary>
    public required string Key { get; init; }

    /// <summary>Files that were read or written, or looked for.</summary>
    public required IReadOnlyList<FileStamp> Files { get; init; }

    /// <summary>Folders whose names matter.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Hash of the names of sources in <see cref="Folders"/>.</summary>
    public required string Names { get; init; }

    /// <summary>The bundles.</summary>
    public required IReadOnlyList<TestBundle> Bundles { get; init; }

    /// <summary>Warnings, to be said again.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }

    /// <summary>The state of a folder of bundles; null when there is none that can be read.</summary>
    public static BundleState? Read(string outputDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<BundleState>(File.ReadAllBytes(Path.Combine(outputDirectory, FileName)));
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether nothing changed.</summary>
    public bool IsCurrent(string key) =>
        Key == key && Files.All(file => file.IsCurrent()) && Names == NamesIn(Folders);

    /// <summary>Remembers what was made.</summary>
    /// <param name="key">Hash of what the plan and the options say.</param>
    /// <param name="options">The options.</param>
    /// <param name="files">Files that were read or written.</param>
    /// <param name="configuration">Files that configure modules, as <see cref="ConfigurationOf"/> found them.</param>
    /// <param name="bundles">The bundles.</param>
    /// <param name="warnings">Warnings.</param>
    public static BundleState Of(
        string key, BundleOptions options, IReadOnlyCollection<string> files, IEnumerable<string> configuration,
        IReadOnlyList<TestBundle> bundles, IReadOnlyList<Diagnostic> warnings)
    {
        var folders = files.Select(file => Path.GetDirectoryName(file)!)
            .Where(folder => !IsBelow(folder, options.ProjectDirectory) && !folder.Split('/', '\\').Contains("node_modules"))
            .Append(options.ProjectDirectory)
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        return new BundleState
        {
            Key = key,
            Files = [.. files.Concat(configuration).Distinct().Order(StringComparer.Ordinal).Select(FileStamp.Of)],
            Folders = folders,
            Names = NamesIn(folders),
            Bundles = bundles,
            Warnings = warnings,
        };
    }

    /// <summary>Writes the state.</summary>
    public void Write(string outputDirectory) =>
        File.WriteAllBytes(Path.Combine(outputDirectory, FileName), JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Hash of texts.</summary>
    public static string Hash(IEnumerable<string> texts) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', texts))));

    /// <summary>Files that configure modules: existing ones, and names that would if they existed.</summary>
    public static IReadOnlyCollection<string> ConfigurationOf(IEnumerable<string> modules, string? tsconfigFile)
    {
        var files = new HashSet<string>();
        var folders = new HashSet<string>();
        foreach (var module in modules)
        {
            for (var folder = Path.GetDirectoryName(module); folder is not null && folders.Add(folder); folder = Path.GetDirectoryName(folder))
            {
                files.UnionWith(Configuration.Select(name => Path.GetFullPath(name, folder)));
            }
        }

        foreach (var tsconfig in files.Where(file => Path.GetFileName(file) is "tsconfig.json" or "jsconfig.json").Append(tsconfigFile).ToArray())
        {
            AddTsconfig(tsconfig, files);
        }

        return files;
    }

    private static void AddTsconfig(string? file, HashSet<string> files)
    {
        if (file is null)
        {
            return;
        }

        files.Add(file);
        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(
                File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("extends", out var extends))
            {
                return;
            }

            foreach (var name in extends.ValueKind == JsonValueKind.Array ? extends.EnumerateArray().ToArray() : [extends])
            {
                var text = name.ToString();
                string[] candidates = [text, text + ".json", text + "/tsconfig.json"];
                var starts = text.StartsWith('.') || Path.IsPathRooted(text)
                    ? [Path.GetDirectoryName(file)!]
                    : Ancestors(file).Select(folder => Path.Combine(folder, "node_modules"));
                foreach (var candidate in starts.SelectMany(start => candidates.Select(end => Path.GetFullPath(end, start))))
                {
                    if (files.Add(candidate) && File.Exists(candidate))
                    {
                        AddTsconfig(candidate, files);
                    }
                }
            }
        }
        catch (JsonException)
        {
            // esbuild says what is wrong with it
        }
    }

    private static IEnumerable<string> Ancestors(string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static bool IsBelow(string folder, string root) =>
        !Path.GetRelativePath(root, folder).StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(Path.GetRelativePath(root, folder));

    private static string NamesIn(IEnumerable<string> folders)
    {
        var names = folders.Where(Directory.Exists).SelectMany(folder => new FileSystemEnumerable<string>(
            folder,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.System })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsSource(entry.FileName),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsSkipped(entry.FileName),
        });
        return Hash(names.Distinct().Order(StringComparer.Ordinal));
    }

    private static bool IsSource(ReadOnlySpan<char> name)
    {
        foreach (var extension in SourceExtensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSkipped(ReadOnlySpan<char> name)
    {
        foreach (var skipped in SkippedFolders)
        {
            if (name.Equals(skipped, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return name.StartsWith(".");
    }
}
