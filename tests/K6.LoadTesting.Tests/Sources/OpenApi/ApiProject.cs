using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.OpenApi;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Sources.OpenApi;

/// <summary>A project with OpenAPI documents; a ▶ in a document marks the place where a diagnostic is expected.</summary>
internal sealed class ApiProject : IDisposable
{
    private const char Marker = '▶';
    private readonly Dictionary<string, SourceLocation> _marks = [];

    public ScriptProject Scripts { get; } = new();

    public string Output => Scripts.Output;

    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>Writes a document without its mark.</summary>
    public void Write(string name, string text)
    {
        text = text.ReplaceLineEndings("\n");
        var mark = text.IndexOf(Marker);
        if (mark >= 0)
        {
            _marks[name] = new SourceLocation(Scripts.PathOf(name), text[..mark].Count(letter => letter == '\n') + 1, mark - text.LastIndexOf('\n', mark));
            text = text.Remove(mark, 1);
        }

        Scripts.Write(name, text);
    }

    public OpenApiPlan Client(string document = "shop.yaml", string name = "shop") => new()
    {
        Name = name,
        File = Scripts.PathOf(document),
        Location = new SourceLocation(Scripts.ProjectFile, 7, 5),
    };

    /// <summary>Makes a client, and the requests of a scenario over all its operations when they are wanted.</summary>
    public IReadOnlyList<string> Make(OpenApiPlan client, bool smoke = false)
    {
        Diagnostics.Clear();
        return OpenApiClients.Write([client], Scripts.Folder, Output, smoke ? [client.Name] : [], Diagnostics);
    }

    /// <summary>The text of a module of the client of <c>shop.yaml</c> with this text.</summary>
    public string Module(string document, string module = "operations", OpenApiPlan? client = null, bool smoke = false)
    {
        Write("shop.yaml", document);
        Make(client ?? Client(), smoke);
        Assert.IsEmpty(Diagnostics, string.Join('\n', Diagnostics));
        return Text(module);
    }

    public string Text(string module) => File.ReadAllText(Path.Combine(Output, "clients", $"shop.{module}.ts"));

    /// <summary>Asserts that a document gives one diagnostic, at its mark, that says certain words.</summary>
    public void Reports(DiagnosticRule rule, string document, params string[] words)
    {
        Write("shop.yaml", document);
        Make(Client());
        Reported(rule, words);
    }

    /// <summary>Asserts that one diagnostic was reported, at the mark where there is one.</summary>
    public void Reported(DiagnosticRule rule, params string[] words)
    {
        Assert.HasCount(1, Diagnostics, string.Join('\n', Diagnostics));
        Assert.AreEqual(rule.Code, Diagnostics[0].Code, Diagnostics[0].Message);
        Assert.AreEqual(rule.Severity, Diagnostics[0].Severity);
        if (_marks.Count > 0)
        {
            Assert.AreEqual(_marks.Values.Single(), Diagnostics[0].Location, Diagnostics[0].Message);
        }

        foreach (var word in words)
        {
            Assert.Contains(word, Diagnostics[0].Message);
        }

        Assert.DoesNotContain('\n', Diagnostics[0].Message);
    }

    /// <summary>A plan with one script, or a scenario over all operations, and the client.</summary>
    public LoadPlan Plan(OpenApiPlan client, string? script = null)
    {
        var scenario = script is null
            ? Scripts.Scenario("test.ts", "test") with { File = SourceScripts.PathOf(Output, "test"), Client = client.Name }
            : Scripts.Scenario("test.ts", "test") with { File = Scripts.Write("test.ts", script) };
        return Scripts.Plan(scenario) with { OpenApi = [client] };
    }

    /// <summary>The same once the clients were made; its scripts are written.</summary>
    public LoadPlan Complete(LoadPlan plan)
    {
        var complete = OpenApiClients.WithRequests(plan, Output);
        SourceScripts.Write(complete, Output);
        return complete;
    }

    /// <summary>Makes the client and the bundle of a script, or of a scenario over all operations.</summary>
    public async Task<TestBundle> BundleAsync(OpenApiPlan client, string? script = null)
    {
        Make(client, smoke: script is null);
        Assert.IsEmpty(Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error), string.Join('\n', Diagnostics));
        return (await Scripts.BundlesAsync(Complete(Plan(client, script)))).Single();
    }

    public void Dispose() => Scripts.Dispose();
}
