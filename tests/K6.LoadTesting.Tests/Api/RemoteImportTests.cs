using K6.LoadTesting.Tests.Install;

namespace K6.LoadTesting.Tests.Api;

/// <summary>Imports from addresses in load tests of C#: pinned, and from then on without a network.</summary>
[TestClass]
public sealed class RemoteImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk api ü ").FullName;

    private K6Options Options => EmbeddedOptions.In(_folder) with { CacheDirectory = "cache" };

    private string Lock => Path.Combine(_folder, "k6-imports.lock.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Pinned_modules_are_taken_from_the_cache_when_their_server_is_gone()
    {
        LoadTestScenario scenario;
        using (var server = new Mirror(_ => new MirrorAnswer("export const limit = 3;\n"u8.ToArray())))
        {
            var script = Path.Combine(_folder, "browse.ts");
            await File.WriteAllTextAsync(script, $"import {{ limit }} from '{server.Url}/limits.js';\nexport const options = {{ iterations: limit }};\nexport default function () {{}}\n");
            scenario = LoadTestScenario.FromScript("browse.ts", test => test.Threshold("iterations", "count==3"));

            var pinned = await new K6Runner(Options).PinImportsAsync([scenario]);

            Assert.AreEqual($"{server.Url}/limits.js", pinned.Keys.Single());
            Assert.Contains(pinned.Values.Single(), await File.ReadAllTextAsync(Lock));
            Assert.HasCount(1, server.Requests);
            CollectionAssert.AreEquivalent(new[] { "browse.ts", "cache", "k6-imports.lock.json", "tools" }, Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).ToArray(), "nothing else is left");
        }

        (await new K6Runner(Options).RunAsync(scenario)).ShouldHold();
    }

    [TestMethod]
    public async Task What_cannot_be_downloaded_is_an_error_at_the_import_and_nothing_is_pinned()
    {
        using var server = new Mirror(_ => MirrorAnswer.NotFound);
        await File.WriteAllTextAsync(Path.Combine(_folder, "browse.ts"), $"import '{server.Url}/gone.js';\nexport default function () {{}}\n");

        var error = await Assert.ThrowsExactlyAsync<InvalidLoadTestException>(() => new K6Runner(Options).PinImportsAsync([LoadTestScenario.FromScript("browse.ts", _ => { })]));

        Assert.Contains("browse.ts(1,8): error KSDK0214", error.Message);
        Assert.IsFalse(File.Exists(Lock));
    }
}
