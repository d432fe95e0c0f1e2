using System.Net;
using System.Security.Cryptography;
using System.Text;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Bundling;

/// <summary>Imports from addresses: pinned by their sums, part of the bundle, and downloaded once.</summary>
[TestClass]
public sealed class RemoteModulesTests
{
    private const string Module = "https://lib.example/utils/1.4.0/index.js";

    [TestMethod]
    public async Task A_pinned_module_and_what_it_imports_are_part_of_the_bundle()
    {
        using var server = new FakeServer();
        server.Add(Module, "import { twice } from './math.js';\nimport { base } from '/base.js?v=2';\nexport const four = () => twice(base);\n");
        server.Add("https://lib.example/utils/1.4.0/math.js", "export const twice = (x) => 2 * x;\n");
        server.Add("https://lib.example/base.js?v=2", "export const base = 2;\n");
        using var project = Project();

        var pinned = await Bundler.PinImportsAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server), project.Diagnostics);
        Assert.IsEmpty(project.Diagnostics, string.Join(Environment.NewLine, project.Diagnostics));
        CollectionAssert.AreEqual(new[] { "https://lib.example/base.js?v=2", Module, "https://lib.example/utils/1.4.0/math.js" }, pinned.Keys.ToArray());
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("export const base = 2;\n"))), pinned["https://lib.example/base.js?v=2"]);

        server.IsGone = true;
        var outcome = await project.BundleAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server));
        Assert.IsEmpty(project.Diagnostics, string.Join(Environment.NewLine, project.Diagnostics));
        var bundle = await File.ReadAllTextAsync(outcome.Bundles.Single().File);
        StringAssert.Contains(bundle, "twice");
        Assert.IsFalse(bundle.Contains("lib.example/utils/1.4.0/index.js\"", StringComparison.Ordinal), "the import is still one");
    }

    [TestMethod]
    public async Task After_a_clean_checkout_the_cache_of_the_user_has_them()
    {
        using var server = new FakeServer();
        server.Add(Module, "export const four = () => 4;\n");
        using var project = Project();
        await Bundler.PinImportsAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server), project.Diagnostics);

        Directory.Delete(project.Output, recursive: true);
        server.IsGone = true;
        var outcome = await project.BundleAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server));

        Assert.HasCount(1, outcome.Bundles, string.Join(Environment.NewLine, project.Diagnostics));
    }

    [TestMethod]
    public async Task On_another_machine_they_are_downloaded_and_must_be_what_was_pinned()
    {
        using var server = new FakeServer();
        server.Add(Module, "export const four = () => 4;\n");
        using var project = Project();
        await Bundler.PinImportsAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server), project.Diagnostics);
        Forget(project);
        var good = await project.BundleAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server));
        Assert.HasCount(1, good.Bundles, string.Join(Environment.NewLine, project.Diagnostics));

        Forget(project);
        server.Add(Module, "export const four = () => steal();\n");
        var outcome = await project.BundleAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server));

        Assert.IsEmpty(outcome.Bundles);
        var diagnostic = project.Diagnostics.Single();
        Assert.AreEqual(("KSDK0213", DiagnosticSeverity.Error), (diagnostic.Code, diagnostic.Severity));
        Assert.AreEqual(new SourceLocation(project.PathOf("browse.ts"), 1, 22), diagnostic.Location);
        StringAssert.Contains(diagnostic.Message, "K6PinImports");
    }

    [TestMethod]
    public async Task What_cannot_be_downloaded_is_an_error_at_the_import_and_the_lock_file_stays()
    {
        using var server = new FakeServer();
        using var project = Project();
        project.Write(RemoteModules.LockFileName, "{\"version\":1,\"modules\":{}}");

        var pinned = await Bundler.PinImportsAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server), project.Diagnostics);

        Assert.IsEmpty(pinned);
        Assert.AreEqual(("KSDK0214", 1), (project.Diagnostics.Single().Code, project.Diagnostics.Single().Location!.Line));
        StringAssert.Contains(project.Diagnostics.Single().Message, "404");
        Assert.AreEqual("{\"version\":1,\"modules\":{}}", await File.ReadAllTextAsync(project.PathOf(RemoteModules.LockFileName)));
    }

    [TestMethod]
    public async Task On_a_CI_system_a_module_that_is_not_pinned_is_refused_at_its_import()
    {
        using var project = Project();

        var outcome = await project.BundleAsync(project.Plan(project.Scenario("browse.ts")), project.Options with { Variable = name => name == "GITHUB_ACTIONS" ? "true" : null });

        Assert.IsEmpty(outcome.Bundles);
        var diagnostic = project.Diagnostics.Single();
        Assert.AreEqual(("KSDK0212", DiagnosticSeverity.Error), (diagnostic.Code, diagnostic.Severity));
        Assert.AreEqual(new SourceLocation(project.PathOf("browse.ts"), 1, 22), diagnostic.Location);
        StringAssert.Contains(diagnostic.Message, "refused on GitHub Actions");
    }

    [TestMethod]
    [DataRow("{", "KSDK0215")]
    [DataRow("{\"version\":1}", "KSDK0215")]
    [DataRow("{\"version\":1,\"modules\":{\"https://lib.example/x.js\":\"abc\"}}", "KSDK0215")]
    public async Task A_lock_file_that_cannot_be_read_is_an_error_in_it(string text, string code)
    {
        using var project = Project();
        project.Write(RemoteModules.LockFileName, text);

        var exception = await Assert.ThrowsExactlyAsync<LoadTestException>(() => project.BundleAsync(project.Plan(project.Scenario("browse.ts"))));

        Assert.AreEqual((code, project.PathOf(RemoteModules.LockFileName)), (exception.Diagnostic.Code, exception.Diagnostic.Location!.File));
    }

    [TestMethod]
    public async Task Nothing_is_left_of_a_lock_file_when_nothing_is_imported_any_more()
    {
        using var server = new FakeServer();
        server.Add(Module, "export const four = () => 4;\n");
        using var project = Project();
        await Bundler.PinImportsAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server), project.Diagnostics);
        Assert.IsTrue(File.Exists(project.PathOf(RemoteModules.LockFileName)));

        project.Write("browse.ts", "export default () => {};\n");
        await Bundler.PinImportsAsync(project.Plan(project.Scenario("browse.ts")), OptionsOf(project, server), project.Diagnostics);

        Assert.IsFalse(File.Exists(project.PathOf(RemoteModules.LockFileName)));
    }

    private static ScriptProject Project()
    {
        var project = new ScriptProject();
        project.Write("browse.ts", $"import {{ four }} from '{Module}';\nexport default () => four();\n");
        return project;
    }

    private static BundleOptions OptionsOf(ScriptProject project, FakeServer server) =>
        project.Options with { ImportsCache = project.PathOf("cache"), ImportsHandler = server };

    private static void Forget(ScriptProject project)
    {
        Directory.Delete(project.Output, recursive: true);
        Directory.Delete(project.PathOf("cache"), recursive: true);
    }

    private sealed class FakeServer : HttpMessageHandler
    {
        private readonly Dictionary<string, string> _contents = [];

        public bool IsGone { get; set; }

        public void Add(string address, string content) => _contents[address] = content;

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsGone ? throw new HttpRequestException("there is no network")
            : _contents.TryGetValue(request.RequestUri!.AbsoluteUri, out var content) ? new HttpResponseMessage { Content = new StringContent(content) }
            : new HttpResponseMessage(HttpStatusCode.NotFound);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
