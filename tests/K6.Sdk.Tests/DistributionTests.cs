using K6.LoadTesting.Tests.Install;

namespace K6.Sdk.Tests;

/// <summary>Pinned imports, archives and the objects of a run on many machines, as a user of the package makes them.</summary>
[TestClass]
public sealed class DistributionTests
{
    private const string Secret = "planted-for-the-cluster-7";

    [TestMethod]
    public void An_import_is_pinned_and_in_the_archive_and_no_secret_is_in_any_file_of_a_distributed_run()
    {
        using var consumer = new Consumer();
        consumer.Write("load/Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <ItemGroup>
                <K6Scenario Include="browse.ts" Vus="2" Iterations="4" />
                <K6EnvironmentVariable Include="SHOP" Value="http://shop.load.svc" />
                <K6EnvironmentVariable Include="CALLBACK" />
                <K6Secret Include="API_TOKEN" />
                <K6Threshold Include="iterations" Statistic="count" AtLeast="4" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("load/users.csv", "name\nann\n");
        var environment = new Dictionary<string, string> { ["API_TOKEN"] = Secret, ["CALLBACK"] = $"http://shop.test/?key={Secret}" };
        DotnetRun Build(params string[] arguments) => Dotnet.Run(
            consumer.Root, PackedSdk.Packages, null,
            ["build", "load", "-tl:off", "-p:K6TypeCheck=true", $"-p:K6CacheDirectory={consumer.PathOf("cache")}", .. arguments], environment);

        using (var server = new Mirror(request => new MirrorAnswer(request.Target == "/index.js"
            ? "export { twice } from './twice.js';\n"u8.ToArray()
            : "export const twice = (x) => 'of the other module' + x;\n"u8.ToArray())))
        {
            consumer.Write("load/browse.ts", $"""
                import {"{"} twice {"}"} from '{server.Url}/index.js';
                const users = open('./users.csv');
                export default function (): void {"{"}
                  if (!users || !__ENV.API_TOKEN) throw new Error(`${"{"}twice(1){"}"} missing`);
                {"}"}

                """);
            Build("-t:K6PinImports").Succeeded().Says($"{server.Url}/index.js").Says($"{server.Url}/twice.js").DoesNotSay("warning");
            Assert.HasCount(2, server.Requests);
        }

        Assert.Contains("/twice.js", File.ReadAllText(consumer.PathOf("load/k6-imports.lock.json")));
        RealK6.Require();

        // Its server is gone, and a clean folder has what the cache has.
        Directory.Delete(consumer.PathOf("load/obj/k6"), recursive: true);
        var archive = consumer.PathOf("load/obj/k6/archives/browse/archive.tar");
        Build("-t:K6Archive").Succeeded().Says($"browse: {archive}").DoesNotSay("warning");
        var content = File.ReadAllText(archive);
        Assert.IsTrue(content.Contains("of the other module", StringComparison.Ordinal), "the import is not in the archive");
        Assert.IsTrue(content.Contains("name\nann\n", StringComparison.Ordinal), "the opened file is not in the archive");

        var run = Build("-t:K6Distributed", "-p:K6DistributedParallelism=2", "-p:K6DistributedNamespace=load", "-v:diag", $"-bl:{consumer.PathOf("load/distributed.binlog")}").Succeeded();

        run.Says("kubectl -n load apply -f testrun.yaml").Says("each of CALLBACK, API_TOKEN");
        string[] files = ["README.md", "archive.tar", "archive.yaml", "collect.yaml", "options.json", "results.yaml", "serviceaccount.yaml", "testrun.yaml", "variables.yaml"];
        CollectionAssert.AreEqual(files, Directory.GetFiles(Path.GetDirectoryName(archive)!).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        Assert.Contains("parallelism: 2", File.ReadAllText(consumer.PathOf("load/obj/k6/archives/browse/testrun.yaml")));
        Assert.Contains("SHOP: \"http://shop.load.svc\"", File.ReadAllText(consumer.PathOf("load/obj/k6/archives/browse/variables.yaml")));
        string[] secrets = [Secret];
        string[] leaks = [
            .. PlantedSecrets.In("console", run.Output, secrets),
            .. Directory.EnumerateFiles(consumer.Root, "*", SearchOption.AllDirectories).SelectMany(file => PlantedSecrets.InFile(file, secrets))];
        Assert.IsEmpty(leaks, string.Join('\n', leaks));
    }
}
