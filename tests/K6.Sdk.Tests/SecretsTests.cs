using System.Runtime.Versioning;

namespace K6.Sdk.Tests;

/// <summary>Secrets are planted in every source, a script does with them all that it should not, and every output is searched.</summary>
[TestClass]
[UnsupportedOSPlatform("windows")]
public sealed class SecretsTests
{
    private const string OfVariable = "planted-of-variable-\"<&>-1";
    private const string OfFile = "planted-of-file-2";
    private const string OfUser = "planted-of-user-secrets-3";
    private const string Inherited = "planted-inherited-4";
    private const string OfSetup = "planted-by-setup-5";

    private static readonly string[] Planted = [OfVariable, OfFile, OfUser, Inherited, OfSetup, "planted-of-variable"];

    private static readonly string UserSecrets = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".microsoft", "usersecrets", $"k6sdk-test-{Guid.NewGuid():N}");

    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void WriteProject(TestContext _)
    {
        _consumer = new Consumer();
        Directory.CreateDirectory(UserSecrets);
        File.WriteAllText(Path.Combine(UserSecrets, "secrets.json"), $$"""{ "Shop:ApiToken": "{{OfUser}}" }""");
        _consumer.WriteService("Api");
        _consumer.Write("outside/token", OfFile);
        _consumer.Write("load/Load.csproj", $"""
            <Project Sdk="K6.Sdk/$VERSION$">
              <PropertyGroup>
                <UserSecretsId>{Path.GetFileName(UserSecrets)}</UserSecretsId>
                <K6Samples>true</K6Samples>
                <K6MaxExceptions>100</K6MaxExceptions>
              </PropertyGroup>
              <ItemGroup>
                <K6Service Include="../Api/Api.csproj" HealthPath="/health" />
                <K6Scenario Include="careless.ts" />
                <K6Secret Include="ONE" Variable="PLANTED" />
                <K6Secret Include="TWO" File="../outside/token" />
                <K6Secret Include="THREE" UserSecret="Shop:ApiToken" />
                <K6EnvironmentVariable Include="FOUR_TOKEN" />
              </ItemGroup>
            </Project>
            """);
        _consumer.Write("load/careless.ts", """
            import http from 'k6/http';
            import { check, group } from 'k6';

            const all = ['ONE', 'TWO', 'THREE', 'FOUR_TOKEN'].map((name) => __ENV[name]);
            if (all.some((one) => !one)) throw new Error('a secret is missing');

            export const options = {
              scenarios: { careless: { executor: 'shared-iterations', vus: 1, iterations: 3, env: { COPY: all.join(' ') } } },
              tags: { of_all: all[1] },
            };

            export function setup(): { token: string } {
              return { token: ['planted', 'by', 'setup', '5'].join('-') };
            }

            export default function (data: { token: string }): void {
              if (!data.token) throw new Error('no setup data');
              for (const one of all) {
                http.get(`${__ENV.BASE_URL}/hello?token=${encodeURIComponent(one)}`, { headers: { Authorization: `Bearer ${one}` } });
                console.log(`log ${one}`, JSON.stringify({ one }));
                console.error(`error ${one}`);
                group(`group ${one}`, () => check(one, { [`check ${one}`]: (value) => value === one }));
              }
              throw new Error(`thrown ${all.join(' ')}`);
            }

            export function handleSummary(): Record<string, string> {
              return { 'mine.txt': all.join('\n'), stdout: all.join('\n') };
            }
            """);
    }

    [ClassCleanup]
    public static void Remove()
    {
        Directory.Delete(UserSecrets, recursive: true);
        _consumer.Dispose();
    }

    [TestMethod]
    [DataRow("k6")]
    [DataRow("embedded")]
    public void Secrets_are_in_no_output_of_a_careless_script(string engine)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("the program that records its command line is a shell script");
        }

        var recorder = _consumer.Write("outside/k6", """
            #!/bin/sh
            tr '\0' ' ' < /proc/$$/cmdline >> "${0%/*}/commands"
            printf '%s\n' "$@" >> "${0%/*}/commands"
            exec k6 "$@"
            """);
        File.SetUnixFileMode(recorder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (engine == "k6")
        {
            RealK6.Require();
        }

        var binlog = _consumer.PathOf($"load/{engine}.binlog");
        var run = Dotnet.Run(
            _consumer.Root, PackedSdk.Packages, null,
            ["build", "load", "-t:LoadTest", "-v:diag", "-tl:off", "-p:K6Engine=" + engine, "-p:K6Path=" + (engine == "k6" ? recorder : ""), "-bl:" + binlog],
            new Dictionary<string, string> { ["PLANTED"] = OfVariable, ["FOUR_TOKEN"] = Inherited }).Succeeded();

        run.Says("KSDK0319", "samples.csv.gz", "FOUR_TOKEN, ONE, THREE, TWO");
        Assert.IsTrue(_consumer.Has("load/TestResults/careless/mine.txt"), "The script's own file is there, and clean.");
        Assert.Contains("***", File.ReadAllText(_consumer.PathOf("load/TestResults/careless/engine.log")));
        if (engine == "k6")
        {
            Assert.Contains("inspect", File.ReadAllText(_consumer.PathOf("outside/commands")));
        }

        var searched = 0;
        var leaks = new List<string>();
        foreach (var file in Directory.EnumerateFiles(_consumer.Root, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("outside/token", StringComparison.Ordinal)))
        {
            searched++;
            leaks.AddRange(PlantedSecrets.InFile(file, Planted));
        }

        // The console and the binary log have the environment of the build only where targets read it.
        leaks.AddRange(PlantedSecrets.In("console", run.Output, Planted));
        Assert.IsEmpty(leaks, string.Join('\n', leaks));
        Assert.IsGreaterThan(15, searched);
    }
}
