using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Tests.Sources.OpenApi;

/// <summary>Documents that projects make: which one is taken, when it is asked again, and why there is none. A shell script stands where Microsoft's tool stands.</summary>
[TestClass]
public sealed class DocumentProducerTests : IDisposable
{
    private const string TwoDocuments = """
        echo '{ "openapi": "3.1.0", "paths": {} }' > "$output/Api.json"; echo '{ "openapi": "3.0.0", "paths": {} }' > "$output/Api_internal.json"
        printf '%s\n' Api.json Api_internal.json > "$list"
        """;

    private readonly ApiProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow(null, "3.1.0")]
    [DataRow("v1", "3.1.0")]
    [DataRow("internal", "3.0.0")]
    public async Task The_document_that_is_named_is_taken_else_the_first(string? name, string version)
    {
        var plan = await ProduceAsync(TwoDocuments, name);

        Assert.IsEmpty(project.Diagnostics, string.Join('\n', project.Diagnostics));
        Assert.Contains(version, File.ReadAllText(plan.File));
        Assert.AreEqual(
            $"exec getdocument.dll --assembly {project.Scripts.PathOf("Api.dll")} --framework .NETCoreApp,Version=v10.0 --project Api --assets-file assets.json",
            File.ReadAllText(project.Scripts.PathOf("arguments")).Trim());
        CollectionAssert.AreEqual(new[] { "shop.document.json", "shop.document.state.json" }, Directory.GetFileSystemEntries(Path.GetDirectoryName(plan.File)!).Select(Path.GetFileName).Order().ToArray());
    }

    [TestMethod]
    public async Task It_is_asked_again_when_the_assembly_changed()
    {
        await ProduceAsync(TwoDocuments);
        File.Delete(project.Scripts.PathOf("arguments"));
        await ProduceAsync(TwoDocuments);
        Assert.IsFalse(File.Exists(project.Scripts.PathOf("arguments")), "nothing changed");

        project.Scripts.Write("Api.dll", "another");
        await ProduceAsync(TwoDocuments);
        Assert.IsTrue(File.Exists(project.Scripts.PathOf("arguments")));
    }

    [TestMethod]
    [DataRow("echo \"Unable to find service type 'Microsoft.Extensions.ApiDescriptions.IDocumentProvider'\"; exit 1", null, "call builder.Services.AddOpenApi()")]
    [DataRow("echo 'Unhandled exception'; echo 'no database' >&2; exit 3", null, "gave no OpenAPI document: no database")]
    [DataRow("exit 3", null, "it said nothing")]
    [DataRow(": > \"$list\"; echo 'No documents'", null, "No documents")]
    [DataRow(TwoDocuments, "public", "makes no document 'public'; there is: Api.json, Api_internal.json")]
    public async Task A_project_without_a_document_is_an_error_with_its_reason(string tool, string? name, string words)
    {
        var plan = await ProduceAsync(tool, name);

        project.Reported(Rules.OpenApiNotProduced, words);
        Assert.AreEqual(name is null ? plan.Location : plan.At("DocumentName"), project.Diagnostics[0].Location);
        Assert.IsFalse(File.Exists(plan.File));
    }

    [TestMethod]
    public async Task A_host_that_does_not_start_is_an_error()
    {
        var plan = Client(null);
        await DocumentProducer.WriteAsync(plan, Source() with { DotnetHost = project.Scripts.PathOf("missing") }, project.Diagnostics);
        project.Reported(Rules.OpenApiNotProduced, "Api.csproj gave no OpenAPI document");
    }

    [TestMethod]
    public void The_tool_is_found_in_the_folders_that_its_package_was_restored_to()
    {
        var tool = project.Scripts.Write("packages/microsoft.extensions.apidescription.server/10.0.15/tools/dotnet-getdocument.dll", "");
        var assets = project.Scripts.Write("project.assets.json", $$"""{ "packageFolders": { "/missing": {}, {{System.Text.Json.JsonSerializer.Serialize(project.Scripts.PathOf("packages"))}}: {} } }""");

        Assert.AreEqual(tool, DocumentProducer.FindTool(assets, "10.0.15"));
        Assert.IsNull(DocumentProducer.FindTool(assets, "10.0.14"));
        Assert.IsNull(DocumentProducer.FindTool(project.Scripts.PathOf("none.json"), "10.0.15"));
    }

    private async Task<OpenApiPlan> ProduceAsync(string tool, string? name = null)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("A shell script stands where the tool stands.");
            return null!;
        }

        if (!File.Exists(project.Scripts.PathOf("Api.dll")))
        {
            project.Scripts.Write("Api.dll", "assembly");
        }

        project.Scripts.Write("dotnet", $$"""
            #!/bin/sh
            all="$1 $(basename "$2")"; shift 2
            while [ $# -gt 0 ]; do
              case $1 in --output) output=$2;; --file-list) list=$2;; --assets-file) all="$all $1 $(basename "$2")";; *) all="$all $1 $2";; esac; shift 2
            done
            echo "$all" > "{{project.Scripts.PathOf("arguments")}}"
            {{tool}}

            """.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(project.Scripts.PathOf("dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        project.Diagnostics.Clear();
        var plan = Client(name);
        await DocumentProducer.WriteAsync(plan, Source(), project.Diagnostics);
        File.Delete(project.Scripts.PathOf("dotnet"));
        return plan;
    }

    private DocumentSource Source() => new(project.Scripts.PathOf("Api.dll"), ".NETCoreApp,Version=v10.0", project.Scripts.PathOf("assets.json"), project.Scripts.PathOf("getdocument.dll"), project.Scripts.PathOf("dotnet"));

    private OpenApiPlan Client(string? name) => project.Client() with
    {
        File = Path.Combine(project.Output, "clients", "shop.document.json"),
        Project = project.Scripts.PathOf("Api.csproj"),
        DocumentName = name,
        MetadataLocations = new Dictionary<string, SourceLocation> { ["DocumentName"] = new(project.Scripts.ProjectFile, 8, 9) },
    };
}
