using System.Text.RegularExpressions;
using K6.Embedded.Cli;
using K6.Embedded.Runtime;

namespace K6.Embedded.Tests;

/// <summary>Whole runs of real scripts on both engines: the exit code, the log, and whether a summary was written.</summary>
[TestClass]
public partial class BothEnginesTests
{
    [TestMethod]
    [DataRow("", "export default function () {}")]
    [DataRow("{vus:3,iterations:7,thresholds:{iterations:['count==7','count>7']}}", "export default function () {}")]
    [DataRow("{scenarios:{a:{executor:'per-vu-iterations',exec:'missing'}}}", "export default function () {}")]
    [DataRow("{vus:3,iterations:3}", "export default function () { throw new Error('boom') }")]
    [DataRow("", "export default async function () { throw new Error('boom') }")]
    [DataRow("", "export function setup() { throw new Error('boom') } export default function () {}")]
    [DataRow("{setupTimeout:'1s'}", "export function setup() { while (true) {} } export default function () {}")]
    [DataRow("{teardownTimeout:'1s'}", "export function teardown() { while (true) {} } export default function () {}")]
    [DataRow("", "export function teardown() { throw new Error('boom') } export default function () {}")]
    [DataRow("", "import exec from 'k6/execution'; export default function () { exec.test.fail('marked') }")]
    [DataRow("{scenarios:{a:{executor:'constant-vus',duration:'1s',gracefulStop:'100ms'}}}", "export default function () { while (true) {} }")]
    [DataRow("", "export default function () {} export function handleSummary() { throw new Error('boom') }")]
    [DataRow("", "export default function () {} export function handleSummary() { return 'text' }")]
    [DataRow("", "export default function () {} export async function handleSummary() { return { stdout: 'ok' } }")]
    [DataRow("", "export function setup() { return { a: 1 } } export default function (d) { console.log(JSON.stringify(d)); d.a = 5 } export function teardown(d) { console.log(d.a) }")]
    [DataRow("", "const a = 1;")]
    [DataRow("", "throw new Error('boom'); export default function () {}")]
    [DataRow("", "import x from './nope.js'; export default function () {}")]
    [DataRow("{unknownOption:1}", "export default function () {}")]
    [DataRow("", "export default function () { setTimeout(() => console.log(__VU, __ITER), 20) }")]
    public void A_run_ends_as_on_k6(string options, string body)
    {
        var script = (options.Length == 0 ? "" : $"export const options = {options};\n") + body + "\n";
        var folder = Directory.CreateTempSubdirectory("k6-embedded-").FullName;
        try
        {
            var real = RealK6.Run(folder, "run", ["-q"], script);
            using var output = new StringWriter();
            using var error = new StringWriter();
            var code = Application.Run(new EngineHost(
                ["run", "-q", Path.Combine(folder, "script.js")],
                new Dictionary<string, string>(),
                folder,
                TextWriter.Synchronized(output),
                TextWriter.Synchronized(error),
                TextReader.Null,
                ScriptLoader.Load));
            Assert.AreEqual(real.ExitCode, code, error.ToString());
            CollectionAssert.AreEquivalent(Records(real.Error), Records(error.ToString()), error.ToString());
            Assert.AreEqual(real.Output.Trim().Length > 0, output.ToString().Trim().Length > 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Positions of k6 end in the number of an instruction, which no other engine has.</summary>
    private static string[] Records(string log) => Instruction().Replace(RealK6.Messages(log), "").Split('\n');

    [GeneratedRegex(@"(?<=:\d+)\(\d+\)")]
    private static partial Regex Instruction();
}
