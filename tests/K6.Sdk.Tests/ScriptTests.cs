using System.Runtime.InteropServices;
using System.Text.Json;

namespace K6.Sdk.Tests;

/// <summary>Scripts as they run under plain k6, unchanged, on both engines.</summary>
[TestClass]
public sealed class ScriptTests
{
    [TestMethod]
    [DataRow("embedded")]
    [DataRow("k6")]
    public void Files_are_found_beside_the_module_that_asks_and_CommonJS_runs_too(string engine)
    {
        if (engine == "k6")
        {
            RealK6.Require();
        }

        using var consumer = new Consumer();
        consumer.Write("Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <ItemGroup>
                <K6Scenario Include="scripts/files.ts" Vus="2" Iterations="4" />
                <K6Scenario Include="scripts/common.js" />
                <K6Threshold Include="checks" Statistic="rate" AtLeast="100%" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("scripts/files.ts", """
            import { check } from 'k6';
            import { words, place } from './lib/words.ts';
            const own = open('./own.txt');
            export default function () {
              check(null, {
                'a helper reads beside itself': () => words.length === 2 && words[0] === 'ä',
                'a script reads beside itself': () => own === 'own',
                'import.meta.resolve is relative to the helper': () => place.endsWith('/scripts/lib/data/words.json'),
              });
            }
            """);
        consumer.Write("scripts/own.txt", "own");
        consumer.Write("scripts/lib/words.ts", """
            import { SharedArray } from 'k6/data';
            export const words = new SharedArray<string>('words', () => JSON.parse(open('./data/words.json')));
            export const place: string = import.meta.resolve('./data/words.json');
            """);
        consumer.Write("scripts/lib/data/words.json", """["ä", "b"]""");
        consumer.Write("scripts/common.js", """
            const { check } = require('k6');
            module.exports.options = { vus: 1, iterations: 3 };
            module.exports.default = function () { check(1, { 'is one': (value) => value === 1 }); };
            """);

        consumer.Dotnet("build", "-t:LoadTest", "-tl:off", $"-p:K6Engine={engine}").Succeeded()
            .Says("PASSED files").Says("3 checks held")
            .Says("PASSED common").Says("checks rate = 1 (3 of 3)");
        if (engine == "embedded" && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64 && OperatingSystem.IsLinux())
        {
            using var result = JsonDocument.Parse(File.ReadAllText(consumer.PathOf("TestResults/loadtest.json")));
            Assert.Contains($"/tools/embedded/linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}/", result.RootElement.GetProperty("engine").GetProperty("path").GetString()!);
        }
    }
}
