using System.Diagnostics;

namespace K6.Embedded.Tests;

[TestClass]
public sealed class MemoryLimitTests
{
    private const string Hoard = "const kept = []; function hoard() { for (;;) { kept.push('x'.repeat(100000) + kept.length); } }\n";

    [TestMethod]
    [DataRow("export default function () { hoard(); }", "scenario\":\"default")]
    [DataRow("export function setup() { hoard(); } export default function () {}", "scenario\":\"(setup)")]
    [DataRow("hoard(); export default function () {}", "")]
    public void A_script_that_allocates_without_end_is_stopped_with_a_code_and_its_scenario(string script, string words)
    {
        var (exitCode, error) = Run(Hoard + script, "150MB");

        Assert.AreEqual(107, exitCode, error);
        StringAssert.Contains(error, "KSDK0708: the scripts hold");
        StringAssert.Contains(error, words);
    }

    [TestMethod]
    public void What_is_allocated_and_let_go_does_not_count()
    {
        var (exitCode, error) = Run("export const options = { iterations: 20 }; export default function () { const kept = []; for (let i = 0; i < 200; i++) { kept.push('x'.repeat(100000) + i); } }", "150MB");

        Assert.AreEqual(0, exitCode, error);
    }

    [TestMethod]
    public void A_limit_that_is_no_size_is_refused()
    {
        var (exitCode, error) = Run("export default function () {}", "much");

        Assert.AreNotEqual(0, exitCode);
        StringAssert.Contains(error, "'much' is no size");
    }

    private static (int ExitCode, string Error) Run(string script, string limit)
    {
        var folder = Directory.CreateTempSubdirectory("k6-memory-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "script.js"), script);
            var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "K6.Embedded.dll"), "run", "-q", "--address=", "--log-format=json", Path.Combine(folder, "script.js")])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            start.Environment["K6SDK_MEMORY_LIMIT"] = limit;
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            Assert.IsTrue(process.WaitForExit(TimeSpan.FromSeconds(60)), "it does not end");
            output.Wait();
            return (process.ExitCode, error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
