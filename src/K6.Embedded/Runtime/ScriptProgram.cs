using System.Collections.Concurrent;
using K6.Embedded.Cli;
using K6.Embedded.Execution;
using K6.Embedded.Modules;

namespace K6.Embedded.Runtime;

/// <summary>All files of a script, parsed once. Thread-safe.</summary>
internal sealed class ScriptProgram
{
    private const string NotFoundAdvice = "couldn't be found on local disk. Make sure that you've specified the right path to the file. If you're running k6 using the Docker image make sure you have mounted the local directory (-v /local/path/:/inside/docker/path) containing your script and modules so that they're accessible by k6 from inside of the container, see https://grafana.com/docs/k6/latest/using-k6/modules/#use-modules-with-docker.";

    private readonly ConcurrentDictionary<string, ScriptFile> files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HashSet<string>> builtinNames = new(StringComparer.Ordinal);
    private readonly EngineLog log;

    /// <summary>Parses the entry file and everything that it imports by literal names.</summary>
    /// <exception cref="ScriptException">A file is missing or has a syntax error, or a module is unknown.</exception>
    /// <exception cref="UnsupportedException">A module that k6 has and this engine has not.</exception>
    public ScriptProgram(string path, string? source, EngineLog log)
    {
        this.log = log;
        EntryUrl = UrlOf(path);
        Directory = Path.GetDirectoryName(path) ?? "/";
        var entry = ScriptFile.Parse(EntryUrl, source ?? File.ReadAllText(path), log);
        files[EntryUrl] = entry;
        var unknown = new List<string>();
        Follow(entry, unknown);
        if (unknown.Count > 0)
        {
            var names = string.Join(", ", unknown.Select(n => $"\"{n}\""));
            throw new ScriptException($"unknown modules [{names}] were tried to be loaded, but couldn't - this likely means automatic extension resolution is required or a custom k6 binary with the required extensions", isStackTrace: false);
        }
    }

    /// <summary>The entry file's address.</summary>
    public string EntryUrl { get; }

    /// <summary>The entry file's folder.</summary>
    public string Directory { get; }

    /// <summary>The folder's address, with a slash at its end.</summary>
    public string DirectoryUrl => UrlOf(Directory.EndsWith('/') ? Directory : Directory + "/");

    /// <summary>The address of a path, unescaped as k6 shows it.</summary>
    public static string UrlOf(string path) => "file://" + (path.StartsWith('/') ? path : "/" + path.Replace('\\', '/'));

    /// <summary>The path of an address.</summary>
    public static string PathOf(string url)
    {
        var path = url["file://".Length..];
        return OperatingSystem.IsWindows() ? path.TrimStart('/') : path;
    }

    /// <summary>Whether the specifier names a module of k6 itself.</summary>
    public static bool IsBuiltin(string specifier) => specifier == "k6" || specifier.StartsWith("k6/", StringComparison.Ordinal);

    /// <summary>Names that some file imports from a built-in module; those it lacks are undefined, as in k6.</summary>
    public IEnumerable<string> NamesImportedFrom(string builtin) => builtinNames.TryGetValue(builtin, out var names) ? names : [];

    /// <summary>Whether a file that was read imports or requires the module.</summary>
    public bool Uses(string builtin) => files.Values.Any(f => f.Syntax.Imports.ContainsKey(builtin) || f.Syntax.Requires.Contains(builtin));

    /// <summary>Whether a file that was loaded has a word in its text.</summary>
    public bool Mentions(string word) => files.Values.Any(f => f.Mentions(word));

    /// <summary>The file at an address; read and parsed at the first call.</summary>
    /// <exception cref="ScriptException">It is missing or has a syntax error.</exception>
    public ScriptFile Get(string url, string specifier)
    {
        if (files.TryGetValue(url, out var known))
        {
            return known;
        }

        string source;
        try
        {
            source = File.ReadAllText(PathOf(url));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException($"The moduleSpecifier \"{specifier}\" {NotFoundAdvice}", isStackTrace: false);
        }

        return files.GetOrAdd(url, ScriptFile.Parse(url, source, log));
    }

    /// <summary>The address that a specifier means in a file.</summary>
    /// <exception cref="ScriptException">It is none that k6 knows.</exception>
    /// <exception cref="UnsupportedException">It is remote.</exception>
    public string Resolve(string? referrer, string specifier)
    {
        if (specifier.StartsWith("https://", StringComparison.Ordinal) || specifier.StartsWith("http://", StringComparison.Ordinal))
        {
            throw Unsupported.Api(specifier, "modules from the network are resolved when the script is bundled, not at run time");
        }

        if (specifier.StartsWith("file://", StringComparison.Ordinal))
        {
            return specifier;
        }

        if (specifier.StartsWith('/') || (OperatingSystem.IsWindows() && Path.IsPathFullyQualified(specifier)))
        {
            return UrlOf(specifier);
        }

        if (!specifier.StartsWith("./", StringComparison.Ordinal) && !specifier.StartsWith("../", StringComparison.Ordinal))
        {
            throw new ScriptException($"The moduleSpecifier \"{specifier}\" couldn't be recognised as something k6 supports.", isStackTrace: false);
        }

        var folder = Path.GetDirectoryName(PathOf(referrer ?? EntryUrl)) ?? "/";
        return UrlOf(Path.GetFullPath(Path.Combine(folder, specifier)));
    }

    /// <summary>Where code of a file is in its sources.</summary>
    public SourcePosition PositionOf(string? url, int line, int column) =>
        url is not null && files.TryGetValue(url, out var file) ? file.PositionOf(line, column) : new SourcePosition(url ?? "<eval>", line, column);

    private void Follow(ScriptFile file, List<string> unknown)
    {
        foreach (var (specifier, names) in file.Syntax.Imports)
        {
            if (IsBuiltin(specifier))
            {
                CheckBuiltin(specifier, unknown);
                builtinNames.GetOrAdd(specifier, static _ => new(StringComparer.Ordinal)).UnionWith(names);
                continue;
            }

            var url = Resolve(file.Url, specifier);
            if (!files.ContainsKey(url))
            {
                Follow(Get(url, specifier), unknown);
            }
        }

        foreach (var specifier in file.Syntax.Requires.Where(IsBuiltin))
        {
            CheckBuiltin(specifier, unknown);
        }
    }

    private static void CheckBuiltin(string specifier, List<string> unknown)
    {
        if (BuiltinModules.IsKnown(specifier))
        {
            return;
        }

        if (BuiltinModules.RemovalOf(specifier) is { } removal)
        {
            throw new ScriptException($"GoError: {removal}\n");
        }

        if (BuiltinModules.IsUnsupported(specifier))
        {
            throw Unsupported.Module(specifier);
        }

        if (!unknown.Contains(specifier))
        {
            unknown.Add(specifier);
        }
    }
}
