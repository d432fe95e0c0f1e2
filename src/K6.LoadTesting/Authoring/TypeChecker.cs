using System.Globalization;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Authoring;

/// <summary>
/// Checks the scripts of a plan and all that they import with the TypeScript compiler: under the project's own <c>tsconfig.json</c>, if it has one,
/// and with the APIs that k6 has and no others. Nothing is done when nothing changed since a check without errors.
/// </summary>
internal static class TypeChecker
{
    /// <summary>Name of the configuration that scripts are checked with.</summary>
    public const string ConfigurationName = "tsconfig.check.json";

    private const string StateName = "typecheck.state.json";

    // What a project's own configuration may say for other purposes, and what has no meaning here or would be an error.
    private static readonly string[] Cleared = ["baseUrl", "rootDir", "rootDirs", "outDir", "outFile", "declarationDir", "tsBuildInfoFile", "mapRoot", "sourceRoot"];

    private static readonly string[] Off =
        ["composite", "incremental", "declaration", "declarationMap", "emitDeclarationOnly", "isolatedDeclarations", "sourceMap", "inlineSourceMap", "inlineSources"];

    /// <summary>Checks the scripts.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="diagnostics">Receives what the compiler finds, with its own codes, at places in scripts.</param>
    /// <param name="planFile">Absolute path of the <c>plan.json</c> that the plan was read from, for <see cref="IsCurrent"/>; null when there is none.</param>
    /// <param name="cancellation">Ends the compiler.</param>
    /// <exception cref="LoadTestException">The compiler does not work.</exception>
    public static async Task<TypeCheckOutcome> CheckAsync(
        LoadPlan plan, TypeCheckOptions options, ICollection<Diagnostic> diagnostics, string? planFile = null, CancellationToken cancellation = default)
    {
        var output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.OutputDirectory));
        var project = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.ProjectDirectory));
        string[] scripts = [.. plan.Tests.SelectMany(EntryModule.Scripts).Distinct().Where(File.Exists)];
        if (scripts.Length == 0 || FindCompiler(options, output, diagnostics) is not { } compiler)
        {
            return TypeCheckOutcome.Skipped;
        }

        var configuration = WriteConfiguration(scripts, project, output, options);
        var key = Key(compiler, configuration);
        var source = planFile is null ? null : Source(planFile, options, compiler);
        var stateFile = Path.Combine(output, StateName);
        if (StateFile.Read<State>(stateFile) is { } last && last.Key == key && last.Inputs.IsCurrent())
        {
            if (source is not null && source != last.Source)
            {
                (last with { Source = source }).Write(stateFile);
            }

            return TypeCheckOutcome.UpToDate;
        }

        File.Delete(stateFile);
        var found = await TypeScriptCompiler.RunAsync(compiler, configuration, project, cancellation).ConfigureAwait(false);
        // Under a project's own, stricter rules modules of ours may have errors, which are none of the user's.
        Diagnostic[] errors = [.. found.Errors.Where(error => !IsOurs(error.Location?.File, output))];
        if (errors.Length == 0)
        {
            // The compiler's own declarations belong to the compiler.
            string[] files = [.. found.Files.Where(file => Path.GetDirectoryName(file) != Path.GetDirectoryName(compiler))];
            new State { Key = key, Source = source, Inputs = InputState.Of(project, files, InputState.ConfigurationOf([.. files, Path.Combine(project, EditorConfiguration.FileName)], null)) }.Write(stateFile);
        }

        foreach (var error in errors)
        {
            diagnostics.Add(error with { Message = MissingGlobals.Explain(error.Message), Location = Declared(error.Location, output) });
        }

        return TypeCheckOutcome.Checked;
    }

    /// <summary>Whether nothing changed since a check without errors of the same plan, told without reading it.</summary>
    /// <param name="planFile">Absolute path of <c>plan.json</c>.</param>
    /// <param name="options">Where and how.</param>
    public static bool IsCurrent(string planFile, TypeCheckOptions options)
    {
        var output = Path.GetFullPath(options.OutputDirectory);
        return StateFile.Read<State>(Path.Combine(output, StateName)) is { Source: { } source } last
            && FindCompiler(options, output, []) is { } compiler
            && source == Source(planFile, options, compiler)
            && last.Inputs.IsCurrent();
    }

    /// <summary>What a check without errors looked at.</summary>
    internal sealed record State
    {
        /// <summary>Hash of the compiler and the configuration.</summary>
        public required string Key { get; init; }

        /// <summary>Hash of the file of the plan and what else decides; null when there was none.</summary>
        public string? Source { get; init; }

        /// <summary>Files that were read, or looked for.</summary>
        public required InputState Inputs { get; init; }

        /// <summary>Writes the state.</summary>
        public void Write(string file) => StateFile.Write(file, this);
    }

    private static string? FindCompiler(TypeCheckOptions options, string output, ICollection<Diagnostic> diagnostics)
    {
        if (options.CompilerPath.Length > 0)
        {
            return File.Exists(options.CompilerPath)
                ? options.CompilerPath
                : throw new LoadTestException(Rules.CompilerFailed.At(null,
                    $"K6TypeScriptPath names '{options.CompilerPath}', which does not exist. Correct or remove the property."));
        }

        var compiler = TypeScriptCompiler.Find(options.CompilerPackage, options.PackageFolders, Path.Combine(output, "tools", "typescript"));
        if (compiler is null)
        {
            var why = options.CompilerPackage.Length == 0
                ? "There is no package with the TypeScript compiler for this platform. Install TypeScript 7 and name its program with K6TypeScriptPath"
                : $"The package {options.CompilerPackage.Replace('/', ' ')} with the TypeScript compiler was not restored. Restore the project again";
            diagnostics.Add(Rules.CompilerMissing.At(
                null, $"The scripts were not type-checked. {why}, or set K6TypeCheck to false.", options.Required ? DiagnosticSeverity.Error : null));
        }

        return compiler;
    }

    private static string WriteConfiguration(IReadOnlyList<string> scripts, string project, string output, TypeCheckOptions check)
    {
        var own = Path.Combine(project, EditorConfiguration.FileName);
        var extended = File.Exists(own) ? own : Path.Combine(output, EditorConfiguration.FileName);
        var names = Tsconfig.Names(extended);
        // Types that the project names itself are where npm puts them.
        var installed = names.Types.Count == 0 ? [] : Tsconfig.Ancestors(own).Select(folder => Path.Combine(folder, "node_modules", "@types")).Where(Directory.Exists);
        var options = EditorConfiguration.CompilerOptions(output, [.. check.TypesDirectories, .. installed], names);
        foreach (var name in Cleared)
        {
            options[name] = null;
        }

        foreach (var name in Off)
        {
            options[name] = false;
        }

        string InProject(string pattern) => EditorConfiguration.Relative(output, Path.Combine(project, pattern));
        return EditorConfiguration.WriteFile(output, ConfigurationName, new TypeScriptConfiguration(options)
        {
            Extends = EditorConfiguration.Relative(output, extended),
            Files = [.. scripts.Select(script => EditorConfiguration.Relative(output, script))],
            // Declarations of globals that nothing imports.
            Include = [InProject("**/*.d.ts")],
            Exclude =
            [
                .. InputState.SkippedFolders.Select(folder => InProject($"**/{folder}"))
                    .Concat(check.PackageFolders.Select(folder => EditorConfiguration.Relative(output, Path.TrimEndingDirectorySeparator(folder)))).Distinct(),
            ],
        });
    }

    // What is wrong with a generated script is wrong where it was declared: at the item, or the line of the .http file.
    private static SourceLocation? Declared(SourceLocation? place, string output)
    {
        var map = place is null ? "" : place.File + ".map";
        return map.StartsWith(output + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(map)
            ? SourceMap.Parse(File.ReadAllBytes(map), Path.GetDirectoryName(map)!).Find(place!.Line, place.Column - 1) ?? place
            : place;
    }

    private static bool IsOurs(string? file, string output) =>
        file is not null && OwnModules.Folders.Any(folder => file.StartsWith(Path.Combine(output, folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static string Key(string compiler, string configuration) => InputState.Hash([.. Tools(compiler), File.ReadAllText(configuration)]);

    private static string Source(string planFile, TypeCheckOptions options, string compiler) => InputState.Hash(
    [
        .. Tools(compiler),
        InputState.Hash(File.ReadAllBytes(planFile)),
        options.ProjectDirectory,
        options.OutputDirectory,
        .. options.TypesDirectories.Prepend("types"),
        .. options.PackageFolders.Prepend("packages"),
    ]);

    private static string[] Tools(string compiler)
    {
        var program = new FileInfo(compiler);
        return
        [
            InputState.Library,
            string.Create(CultureInfo.InvariantCulture, $"{compiler} {program.Length} {program.LastWriteTimeUtc:O}"),
        ];
    }
}
