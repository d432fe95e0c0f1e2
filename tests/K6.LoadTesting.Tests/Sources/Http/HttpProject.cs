using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Sources.Http;

/// <summary>A project with an <c>.http</c> file, <c>shop.http</c>, or another scenario. A ▶ in a file marks the place where a diagnostic is expected.</summary>
internal sealed class HttpProject : IDisposable
{
    private const string Marker = "▶";

    private SourceLocation? expected;

    public ScriptProject Scripts { get; } = new();

    public string Scenario { get; init; } = "shop.http";

    public List<ItemDeclaration> Items { get; } = [];

    public List<PropertyDeclaration> Properties { get; } = [];

    public string? UserSecretsId { get; set; }

    public List<Diagnostic> Diagnostics { get; } = [];

    public HttpProject Write(string name, string text)
    {
        var at = text.IndexOf(Marker, StringComparison.Ordinal);
        if (at >= 0)
        {
            var before = text[..at];
            expected = new SourceLocation(Scripts.PathOf(name), before.Count(one => one == '\n') + 1, at - before.LastIndexOf('\n'));
            text = before + text[(at + Marker.Length)..];
        }

        Scripts.Write(name, text);
        return this;
    }

    public HttpProject With(string kind, string include, params (string Name, string Value)[] metadata)
    {
        Items.Add(new ItemDeclaration(kind, include, new SourceLocation(Scripts.ProjectFile, 7, 5))
        {
            Metadata = metadata.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.OrdinalIgnoreCase),
        });
        return this;
    }

    /// <summary>The plan of the project; null with errors.</summary>
    public LoadPlan? Plan(params (string Name, string Value)[] metadata)
    {
        Diagnostics.Clear();
        Items.RemoveAll(item => item.Kind == "K6Scenario");
        With("K6Scenario", Scenario, metadata);
        return LoadPlanBuilder.Build(
            new ProjectDeclaration { File = Scripts.ProjectFile, Items = [.. Items], Properties = Properties, UserSecretsId = UserSecretsId, GeneratedDirectory = Scripts.Output }, Diagnostics);
    }

    /// <summary>The requests of a file without faults.</summary>
    public RequestScript Script(params (string Name, string Value)[] metadata)
    {
        var plan = Plan(metadata);
        Assert.IsEmpty(Diagnostics, string.Join(Environment.NewLine, Diagnostics));
        return plan!.Tests.Single().Scenarios.Single().Requests!;
    }

    /// <summary>The text of the script.</summary>
    public string Text(params (string Name, string Value)[] metadata) => ScriptWriter.Write("shop", Script(metadata), Path.Combine(Scripts.Output, SourceScripts.Folder)).Text;

    /// <summary>Runs the file on an engine.</summary>
    public async Task<(int Exit, string Log)> RunAsync(string engine, (string Name, string Value)[] metadata, params (string Name, string Value)[] environment)
    {
        var plan = Plan(metadata);
        Assert.IsEmpty(Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error), string.Join(Environment.NewLine, Diagnostics));
        SourceScripts.Write(plan!, Scripts.Output);
        return await Scripts.RunOnAsync(engine, (await Scripts.BundlesAsync(plan!)).Single(), environment);
    }

    /// <summary>One diagnostic at the mark, and no other.</summary>
    public Diagnostic Says(DiagnosticRule rule, params (string Name, string Value)[] metadata)
    {
        Plan(metadata);
        Assert.HasCount(1, Diagnostics, string.Join(Environment.NewLine, Diagnostics));
        Assert.AreEqual(rule.Code, Diagnostics[0].Code, Diagnostics[0].Message);
        Assert.AreEqual(expected, Diagnostics[0].Location, Diagnostics[0].Message);
        return Diagnostics[0];
    }

    public void Dispose() => Scripts.Dispose();
}
