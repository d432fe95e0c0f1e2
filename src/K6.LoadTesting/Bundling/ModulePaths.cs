using System.Text.RegularExpressions;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// Lets <c>open</c>, <c>fs.open</c>, <c>import.meta.resolve</c> and grpc's <c>load</c> start at the module that calls them,
/// though a bundle is one module in another folder. Nothing is changed inside a module, so that positions stay true:
/// esbuild's <c>define</c>, which knows scopes, renames the global functions, and the functions that they become are
/// appended to each module with its folder in them. Modules of the engine that open files are replaced, for each
/// importer, by ones that know its folder.
/// </summary>
internal sealed partial class ModulePaths
{
    /// <summary>Go regular expression of the imports that <see cref="Resolve"/> answers.</summary>
    public const string Filter = @"^(k6/experimental/fs|k6/net/grpc|k6sdk:enter)$";

    /// <summary>Whether <see cref="Resolve"/> is the one to ask about an import.</summary>
    public static bool Handles(string path) => path is "k6/experimental/fs" or "k6/net/grpc" or "k6sdk:enter";

    private const string RuntimeFile = "runtime/paths.js";

    private readonly string projectDirectory;
    private readonly string outputDirectory;
    private readonly Dictionary<string, Module> modules = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly bool helpersOpen;
    private readonly bool opens;

    /// <param name="projectDirectory">Absolute folder that the metafile's paths are relative to.</param>
    /// <param name="outputDirectory">Absolute folder of the bundles.</param>
    /// <param name="metafile">What goes into the bundles.</param>
    /// <param name="scripts">Absolute paths of the scripts, and their names in the metafile.</param>
    public ModulePaths(string projectDirectory, string outputDirectory, EsbuildMetafile metafile, IReadOnlyDictionary<string, string> scripts)
    {
        this.projectDirectory = projectDirectory;
        this.outputDirectory = outputDirectory;
        foreach (var (script, entry) in scripts)
        {
            foreach (var name in metafile.Closure(entry))
            {
                var file = Path.GetFullPath(name, projectDirectory);
                if (!modules.TryGetValue(file, out var module))
                {
                    modules[file] = module = Read(file, metafile.Inputs[name].Format == "esm");
                }

                module.Scripts.Add(script);
            }
        }

        opens = modules.Values.Any(module => module.OpensFiles);
        IsNeeded = opens || modules.Values.Any(module => module.IsRewritten);
        helpersOpen = modules.Values.Any(module => module.OpensFiles && !scripts.ContainsKey(module.File));
    }

    /// <summary>Whether any module opens files, or imports a client as an object.</summary>
    public bool IsNeeded { get; }

    /// <summary>Flags of the build.</summary>
    public IEnumerable<string> Flags => !opens ? [] :
    [
        "--define:open=__k6sdk_open",
        "--define:import.meta.resolve=__k6sdk_resolve",
        $"--inject:{Path.Combine(outputDirectory, RuntimeFile)}",
    ];

    /// <summary>A path as esbuild and JavaScript write it, relative to a folder where that is possible.</summary>
    public static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    /// <summary>Absolute paths of the modules that a script needs, itself included.</summary>
    public IEnumerable<string> ModulesOf(string script) =>
        modules.Values.Where(module => module.Scripts.Contains(script)).Select(module => module.File);

    /// <summary>Existing files that modules of a script name literally, beside themselves or beside the script.</summary>
    public IEnumerable<string> OpenedFiles(string script) =>
        modules.Values.Where(module => module.OpensFiles && module.Scripts.Contains(script)).SelectMany(module =>
        {
            var names = Literal().Matches(module.Text!).Select(match => match.Groups["text"].Value).Distinct()
                .Where(name => name.IndexOf('\0', StringComparison.Ordinal) < 0).ToArray();
            string[] folders = [Path.GetDirectoryName(module.File)!, Path.GetDirectoryName(script)!];
            // grpc's load takes folders and names of files in them
            string[] deeper = module.Text!.Contains("k6/net/grpc", StringComparison.Ordinal)
                ? [.. names.SelectMany(name => folders.Select(folder => Path.GetFullPath(name, folder))).Where(Directory.Exists)]
                : [];
            return names.SelectMany(name => folders.Concat(deeper).Select(folder => Path.GetFullPath(name, folder)));
        }).Where(File.Exists).Distinct();

    /// <summary>Answers imports of the engine's modules that open files, and our own.</summary>
    public EsbuildResolution? Resolve(EsbuildImport import)
    {
        if (import.Namespace == EsbuildService.Namespace)
        {
            return new EsbuildResolution { Path = import.Path, External = true };
        }

        var kind = import.Path[(import.Path.LastIndexOfAny(['/', ':']) + 1)..];
        return new EsbuildResolution { Path = $"{kind}/{Relative(projectDirectory, import.Importer)}", Namespace = EsbuildService.Namespace };
    }

    /// <summary>A module that knows its folder: one of ours, or a script with the functions that it calls appended.</summary>
    public EsbuildModule? Load(string @namespace, string path)
    {
        if (@namespace == EsbuildService.Namespace)
        {
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            return new EsbuildModule(OwnModule(path[..slash], Path.GetFullPath(path[(slash + 1)..], projectDirectory)), outputDirectory);
        }

        if (!modules.TryGetValue(path, out var module) || module.Text is null)
        {
            return null;
        }

        var appended = "";
        if (module.IsEsm && helpersOpen)
        {
            // A module's imports run before its own code, and the last one right before it.
            appended += "\nimport \"k6sdk:enter\";";
        }

        if (module.OpensFiles)
        {
            var folder = EntryModule.Quote(FolderOf(module.File));
            appended += $"\nfunction __k6sdk_open(...args) {{ const file = __k6sdk_openFrom({folder}, args); return file; }}"
                + $"\nfunction __k6sdk_resolve(specifier) {{ return __k6sdk_resolveFrom({folder}, specifier); }}";
        }

        return appended.Length > 0 ? new EsbuildModule(module.Text + appended + "\n") : module.IsRewritten ? new EsbuildModule(module.Text) : null;
    }

    private string OwnModule(string kind, string importer)
    {
        var folder = EntryModule.Quote(FolderOf(importer));
        var runtime = EntryModule.Quote("./" + RuntimeFile);
        return kind switch
        {
            "enter" => $$"""
                import { __k6sdk_enter } from {{runtime}};
                __k6sdk_enter({{folder}});
                """,
            "fs" => $$"""
                import * as fs from "k6/experimental/fs";
                import { __k6sdk_fsFrom } from {{runtime}};
                export * from "k6/experimental/fs";
                export const { open } = __k6sdk_fsFrom({{folder}}, fs);
                export default { ...fs, open };
                """,
            _ => $$"""
                import * as grpc from "k6/net/grpc";
                import { __k6sdk_grpcFrom } from {{runtime}};
                export * from "k6/net/grpc";
                export const { Client, Stream } = __k6sdk_grpcFrom({{folder}}, [{{string.Join(", ", RootsOf(importer))}}], grpc);
                export default { ...grpc, Client, Stream };
                """,
        };
    }

    private IEnumerable<string> RootsOf(string importer) =>
        modules[importer].Scripts.Select(FolderOf).Distinct().Where(folder => folder != FolderOf(importer)).Select(EntryModule.Quote);

    private string FolderOf(string file) => Relative(outputDirectory, Path.GetDirectoryName(file)!);

    /// <summary>The text of a script that imports a client as an object; null leaves any other file to esbuild.</summary>
    public static EsbuildModule? LoadClientImports(string @namespace, string path) =>
        @namespace != EsbuildService.Namespace && Read(path, isEsm: true) is { IsRewritten: true } module ? new EsbuildModule(module.Text!) : null;

    private static Module Read(string file, bool isEsm)
    {
        var text = ReadScript(file);
        var rewritten = text is null ? null : ClientImports.Rewrite(text);
        return new Module(file, isEsm, rewritten, !ReferenceEquals(text, rewritten) && text != rewritten, []);
    }

    private static string? ReadScript(string file) =>
        ScriptName().IsMatch(file) && File.Exists(file) ? File.ReadAllText(file) : null;

    [GeneratedRegex(@"\.[cm]?[jt]sx?$")]
    private static partial Regex ScriptName();

    [GeneratedRegex("""(?<quote>["'`])(?<text>(?:(?!\k<quote>)[^\\\r\n]){1,260})\k<quote>""")]
    private static partial Regex Literal();

    private sealed partial record Module(string File, bool IsEsm, string? Text, bool IsRewritten, List<string> Scripts)
    {
        /// <summary>Whether it may open files; when in doubt, it does.</summary>
        public bool OpensFiles { get; } = Text is not null && Call().IsMatch(Text);

        [GeneratedRegex(@"\bopen\b|\bimport\s*\.\s*meta\b|k6/net/grpc")]
        private static partial Regex Call();
    }
}
