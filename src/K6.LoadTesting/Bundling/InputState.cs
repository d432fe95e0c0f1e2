using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// What something was made from scripts from, and so when it has to be made again. Resolution of modules depends on more than the
/// files that were read: on files that were looked for and missing, on names beside the modules, on configuration.
/// </summary>
internal sealed record InputState
{
    /// <summary>Files that configure modules in their folder and below, whether they exist or not.</summary>
    private static readonly string[] Configuration =
        ["tsconfig.json", "jsconfig.json", "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "node_modules/.package-lock.json"];

    /// <summary>Extensions that an import may leave out.</summary>
    private static readonly string[] SourceExtensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

    /// <summary>Folders without sources of the project, whose names do not matter.</summary>
    public static IReadOnlyList<string> SkippedFolders { get; } = ["bin", "obj", "node_modules", "TestResults"];

    /// <summary>This build of the library: another one may make something else of the same.</summary>
    public static string Library { get; } = typeof(InputState).Assembly.ManifestModule.ModuleVersionId.ToString();

    /// <summary>Files that were read or written, or looked for.</summary>
    public required IReadOnlyList<FileStamp> Files { get; init; }

    /// <summary>Folders whose names matter.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Hash of the names of sources in <see cref="Folders"/>.</summary>
    public required string Names { get; init; }

    /// <summary>Whether nothing changed.</summary>
    public bool IsCurrent() => Files.All(file => file.IsCurrent()) && Names == NamesIn(Folders);

    /// <summary>The inputs as they are.</summary>
    /// <param name="projectDirectory">Absolute path of the project's folder.</param>
    /// <param name="files">Files that were read or written.</param>
    /// <param name="configuration">Files that configure modules, as <see cref="ConfigurationOf"/> found them.</param>
    public static InputState Of(string projectDirectory, IReadOnlyCollection<string> files, IEnumerable<string> configuration)
    {
        var folders = files.Select(file => Path.GetDirectoryName(file)!)
            .Where(folder => !IsBelow(folder, projectDirectory) && !folder.Split('/', '\\').Contains("node_modules"))
            .Append(projectDirectory)
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        return new InputState
        {
            Files = [.. files.Concat(configuration).Distinct().Order(StringComparer.Ordinal).Select(FileStamp.Of)],
            Folders = folders,
            Names = NamesIn(folders),
        };
    }

    /// <summary>Hash of texts.</summary>
    public static string Hash(IEnumerable<string> texts) =>
        Hash(Encoding.UTF8.GetBytes(string.Join('\0', texts)));

    /// <summary>Hash of bytes, as that of a file.</summary>
    public static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

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
        foreach (var candidate in Tsconfig.Bases(file).SelectMany(candidates => candidates).Where(files.Add).Where(File.Exists))
        {
            AddTsconfig(candidate, files);
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

    /// <summary>Whether a file may be a script or a module of one, by its name.</summary>
    public static bool IsSource(ReadOnlySpan<char> name)
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
