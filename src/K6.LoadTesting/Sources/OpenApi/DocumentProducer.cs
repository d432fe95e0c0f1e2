using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>The assembly of an ASP.NET Core project, and what is needed to ask it for its OpenAPI document.</summary>
/// <param name="Assembly">Absolute path of the assembly.</param>
/// <param name="Framework">Its target framework moniker: <c>.NETCoreApp,Version=v10.0</c>.</param>
/// <param name="AssetsFile">Absolute path of the project's <c>project.assets.json</c>.</param>
/// <param name="Tool">Absolute path of <c>dotnet-getdocument.dll</c> of Microsoft.Extensions.ApiDescription.Server.</param>
/// <param name="DotnetHost">The <c>dotnet</c> program.</param>
internal sealed record DocumentSource(string Assembly, string Framework, string AssetsFile, string Tool, string DotnetHost);

/// <summary>
/// Asks ASP.NET Core projects for their OpenAPI documents, as <c>dotnet build</c> of a project with Microsoft.Extensions.ApiDescription.Server
/// does: the application is built and not started. The projects themselves stay as they are.
/// </summary>
internal static class DocumentProducer
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Writes the document of a client's project to <see cref="OpenApiPlan.File"/>; nothing is done when the assembly is the one of last time.</summary>
    /// <param name="plan">The client.</param>
    /// <param name="source">Its project, built.</param>
    /// <param name="diagnostics">Receives why there is no document.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task WriteAsync(OpenApiPlan plan, DocumentSource source, ICollection<Diagnostic> diagnostics, CancellationToken cancellation = default)
    {
        var folder = Path.GetDirectoryName(plan.File)!;
        var state = Path.GetFileNameWithoutExtension(plan.File);
        var key = InputState.Hash([source.Tool, plan.DocumentName ?? ""]);
        if (ModuleState.Read(folder, state)?.IsCurrent(key) == true)
        {
            return;
        }

        var aside = Path.Combine(folder, $"{plan.Name}.produced.{Environment.ProcessId}");
        Directory.CreateDirectory(aside);
        try
        {
            var stamp = FileStamp.Of(source.Assembly);
            if (await ProduceAsync(plan, source, aside, diagnostics, cancellation).ConfigureAwait(false) is { } file)
            {
                File.Move(file, plan.File, overwrite: true);
                new ModuleState { Key = key, Inputs = [stamp], Outputs = [FileStamp.Of(plan.File)] }.Write(folder, state);
            }
            else
            {
                File.Delete(ModuleState.PathOf(folder, state));
            }
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>Absolute path of a restored package's tool; null when it was not restored.</summary>
    /// <param name="assetsFile">Absolute path of the <c>project.assets.json</c> of the project that downloads it.</param>
    /// <param name="version">Version of the package.</param>
    public static string? FindTool(string assetsFile, string version)
    {
        if (!File.Exists(assetsFile))
        {
            return null;
        }

        using var assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject()
            .Select(folder => Path.Combine(folder.Name, "microsoft.extensions.apidescription.server", version, "tools", "dotnet-getdocument.dll"))
            .FirstOrDefault(File.Exists);
    }

    private static async Task<string?> ProduceAsync(
        OpenApiPlan plan, DocumentSource source, string folder, ICollection<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var list = Path.Combine(folder, "files.txt");
        string[] arguments =
        [
            "exec", source.Tool, "--assembly", source.Assembly, "--file-list", list, "--framework", source.Framework, "--output", folder,
            "--project", Path.GetFileNameWithoutExtension(plan.Project!), "--assets-file", source.AssetsFile,
        ];
        var (exitCode, output) = await ShortCommand.RunAsync(
            new ChildCommand(source.DotnetHost, arguments, EngineEnvironment.Machine(), Path.GetDirectoryName(plan.Project!)!), Timeout, cancellation).ConfigureAwait(false);
        string[] files = exitCode == 0 && File.Exists(list) ? [.. (await File.ReadAllLinesAsync(list, cancellation).ConfigureAwait(false)).Select(line => Path.GetFullPath(line.Trim(), folder)).Where(File.Exists)] : [];
        if (Choose(plan, files) is { } file)
        {
            return file;
        }

        var project = Path.GetFileName(plan.Project);
        diagnostics.Add(Rules.OpenApiNotProduced.At(plan.DocumentName is null || files.Length == 0 ? plan.Location : plan.At("DocumentName"),
            exitCode is null ? $"{project} did not give its OpenAPI document within {Timeout.TotalMinutes} minutes. Its Program is run up to Build(): what it waits for there has no place in a build."
            : output.Contains("IDocumentProvider", StringComparison.Ordinal) ? $"{project} makes no OpenAPI document: call builder.Services.AddOpenApi() in it (package Microsoft.AspNetCore.OpenApi), or include a document file instead."
            : files.Length > 0 ? $"{project} makes no document '{plan.DocumentName}'; there is: {string.Join(", ", files.Select(Path.GetFileName))}."
            : $"{project} gave no OpenAPI document: {ShortCommand.LastLine(output)}"));
        return null;
    }

    // Shop.Api.json is the document v1; any other has its name in that of the file.
    private static string? Choose(OpenApiPlan plan, string[] files)
    {
        var stem = Path.GetFileNameWithoutExtension(plan.Project!);
        return plan.DocumentName is not { } name ? files.FirstOrDefault()
            : files.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == $"{stem}_{name}")
                ?? (name == "v1" ? files.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == stem) : null);
    }
}
