using System.Threading.Channels;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Running;
using K6.LoadTesting.Tests.Bundling;
using K6.LoadTesting.Tests.Sources;

namespace K6.LoadTesting.Tests.Running;

/// <summary>A saved file runs the scenarios that it belongs to, once each, and nothing else.</summary>
[TestClass]
public sealed class LoadTestWatchTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task A_save_runs_a_smoke_of_what_changed_and_a_mistake_is_told_and_mended()
    {
        using var scripts = new ScriptProject();
        using var server = new RecordingServer();
        var told = Channel.CreateUnbounded<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.CancellationToken);
        scripts.Write("shared.ts", "import http from 'k6/http'; export const get = (path: string) => http.get(`${__ENV.BASE_URL}${path}`);");
        Browse("/first");
        scripts.Write("other.ts", "import http from 'k6/http'; export default () => { http.get(`${__ENV.BASE_URL}/other`); };");
        var (project, plans) = ("<Project />", 0);
        var plan = Plan([])!;
        var watch = new LoadTestWatch(
            new PreparedRun { Plan = plan, Bundles = [], EmbeddedEngine = TestTools.Embedded, DotnetHost = "dotnet" }, scripts.Options, Plan, text => told.Writer.TryWrite(text));
        var running = watch.RunAsync(stop.Token);

        var first = await RoundAsync();
        StringAssert.Contains(first, "PASSED browse");
        CollectionAssert.AreEquivalent(new[] { "/first", "/other" }, Paths(), "each once, whatever its load");

        Browse("/second");
        StringAssert.Contains(await RoundAsync(), "browse.ts saved");
        CollectionAssert.AreEqual(new[] { "/second" }, Paths());

        Browse("/third');  (");
        StringAssert.Contains(await RoundAsync(), "browse.ts(2,");
        Assert.IsEmpty(Paths());

        scripts.Write("shared.ts", "import http from 'k6/http'; export const get = (path: string) => http.get(`${__ENV.BASE_URL}/shared${path}`);");
        Browse("/fourth");
        var mended = await RoundAsync();
        if (!mended.Contains("PASSED", StringComparison.Ordinal))
        {
            // The two files were seen one after the other.
            mended = await RoundAsync();
        }

        StringAssert.Contains(mended, "PASSED browse");
        CollectionAssert.AreEqual(new[] { "/shared/fourth" }, Paths(), "a file that is imported counts");

        Assert.AreEqual(2, plans, "a script says nothing to the plan: it was read for this test and at the start");

        project = "<Project><!-- saved --></Project>";
        scripts.Write("Load.csproj", project);
        StringAssert.Contains(await RoundAsync(), "No scenario changed.");
        Assert.AreEqual(3, plans);

        await stop.CancelAsync();
        await running;

        void Browse(string path) => scripts.Write("browse.ts", $"import {{ get }} from './shared';\nexport default () => {{ get('{path}'); }};");

        LoadPlan? Plan(ICollection<Diagnostic> diagnostics)
        {
            plans++;
            return LoadPlanBuilder.Build(
                new()
                {
                    File = scripts.Write("Load.csproj", project),
                    Items =
                    [
                        Item("K6Scenario", "browse.ts", ("Vus", "5"), ("Duration", "1h")),
                        Item("K6Scenario", "other.ts", ("Vus", "5"), ("Duration", "1h")),
                        Item("K6EnvironmentVariable", "BASE_URL", ("Value", server.Address)),
                    ],
                    Properties = [new("K6Engine", "embedded", new(scripts.ProjectFile, 1, 1))],
                },
                diagnostics);
        }

        ItemDeclaration Item(string kind, string include, params (string Name, string Value)[] metadata) =>
            new(kind, include, new(scripts.ProjectFile, 2, 3)) { Metadata = metadata.ToDictionary(one => one.Name, one => one.Value) };

        string[] Paths()
        {
            string[] paths = [.. server.Requests.Select(request => request.Target)];
            server.Requests.Clear();
            return paths;
        }

        async Task<string> RoundAsync()
        {
            var text = "";
            do
            {
                text += await told.Reader.ReadAsync(stop.Token) + "\n";
            }
            while (!text.Contains("Waiting for one of", StringComparison.Ordinal));
            return text;
        }
    }
}
