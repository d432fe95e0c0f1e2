using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Bundling;

/// <summary>What to build. Nothing is written: the outputs come back in memory.</summary>
internal sealed record EsbuildBuild
{
    /// <summary>Absolute folder that paths in outputs and messages are relative to.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Entry modules: path of the output without extension, and absolute path of the module.</summary>
    public required IReadOnlyList<(string Output, string Input)> Entries { get; init; }

    /// <summary>Command-line flags.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>Answers imports that match <see cref="ResolveFilter"/>; null leaves one to esbuild.</summary>
    public Func<EsbuildImport, EsbuildResolution?>? Resolve { get; init; }

    /// <summary>Go regular expression of the imports that <see cref="Resolve"/> sees.</summary>
    public string ResolveFilter { get; init; } = ".*";

    /// <summary>Text of a module by namespace and path; null leaves it to esbuild. Sees scripts and modules of our namespace.</summary>
    public Func<string, string, EsbuildModule?>? Load { get; init; }
}

/// <summary>An import that asks for its module.</summary>
/// <param name="Path">The specifier.</param>
/// <param name="Importer">Absolute path of the importing file, or a path in a namespace.</param>
/// <param name="Namespace">Namespace of the importer: <c>file</c> or ours.</param>
internal sealed record EsbuildImport(string Path, string Importer, string Namespace);

/// <summary>Where an import leads; or what is wrong with it, said at its place.</summary>
internal sealed record EsbuildResolution
{
    /// <summary>Path in <see cref="Namespace"/>; null when there is only something to say.</summary>
    public string? Path { get; init; }

    /// <summary>Namespace of the module.</summary>
    public string Namespace { get; init; } = "file";

    /// <summary>Whether the import stays one.</summary>
    public bool External { get; init; }

    /// <summary>What is wrong.</summary>
    public (DiagnosticRule Rule, string Text)? Complaint { get; init; }
}

/// <summary>A module that we load.</summary>
/// <param name="Text">Its text.</param>
/// <param name="ResolveDirectory">Folder that its relative imports start from; null for its own.</param>
internal sealed record EsbuildModule(string Text, string? ResolveDirectory = null);

/// <summary>What esbuild made.</summary>
/// <param name="Errors">Errors; without any there are outputs.</param>
/// <param name="Warnings">Warnings.</param>
/// <param name="Files">Outputs by absolute path.</param>
/// <param name="Metafile">What went into what; null after errors.</param>
internal sealed record EsbuildResult(
    IReadOnlyList<EsbuildMessage> Errors,
    IReadOnlyList<EsbuildMessage> Warnings,
    IReadOnlyDictionary<string, byte[]> Files,
    EsbuildMetafile? Metafile);

/// <summary>A message of esbuild.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Code">Code of ours when the message is; else empty.</param>
/// <param name="Location">Place with a column in characters; null without one.</param>
/// <param name="Notes">Hints.</param>
internal sealed record EsbuildMessage(string Text, string Code, SourceLocation? Location, IReadOnlyList<string> Notes)
{
    /// <summary>A message from the protocol. esbuild counts columns in bytes of UTF-8 from 0; editors count characters from 1.</summary>
    public static EsbuildMessage From(Dictionary<string, object?> message, string workingDirectory)
    {
        SourceLocation? location = null;
        if (message["location"] is Dictionary<string, object?> place)
        {
            var line = Encoding.UTF8.GetBytes((string)place["lineText"]!);
            var column = Math.Min((int)place["column"]!, line.Length);
            location = new SourceLocation(
                Path.GetFullPath((string)place["file"]!, workingDirectory),
                (int)place["line"]!,
                Encoding.UTF8.GetCharCount(line, 0, column) + 1);
        }

        var notes = ((object?[])message["notes"]!).Select(note => (string)((Dictionary<string, object?>)note!)["text"]!);
        return new EsbuildMessage((string)message["text"]!, message["detail"] is int code and > 0 ? $"KSDK{code:D4}" : "", location, [.. notes]);
    }
}

/// <summary>esbuild's metafile, as far as it is needed. Paths are relative to the working folder, with slashes.</summary>
/// <param name="Inputs">Modules by path.</param>
/// <param name="Outputs">Outputs by path.</param>
internal sealed record EsbuildMetafile(
    IReadOnlyDictionary<string, EsbuildMetafile.Input> Inputs,
    IReadOnlyDictionary<string, EsbuildMetafile.Output> Outputs)
{
    /// <summary>Reads a metafile.</summary>
    public static EsbuildMetafile Parse(byte[] json) => JsonSerializer.Deserialize(json, WebJson.Instance.EsbuildMetafile)!;

    /// <summary>A module.</summary>
    internal sealed record Input(IReadOnlyList<Import> Imports, string? Format);

    /// <summary>An output.</summary>
    internal sealed record Output(IReadOnlyList<Import> Imports, IReadOnlyList<string> Exports, string? EntryPoint);

    /// <summary>An import.</summary>
    internal sealed record Import(string Path, string Kind, bool External);

    /// <summary>The modules that a module needs, itself included.</summary>
    public IReadOnlyCollection<string> Closure(string root)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([root]);
        while (open.TryPop(out var path))
        {
            if (Inputs.TryGetValue(path, out var input) && seen.Add(path))
            {
                foreach (var import in input.Imports.Where(import => !import.External))
                {
                    open.Push(import.Path);
                }
            }
        }

        return seen;
    }
}
