using K6.Embedded.Execution;

namespace K6.Embedded.Tests.Runtime;

[TestClass]
public sealed class IterationTests
{
    [TestMethod]
    public void An_exception_is_logged_once_with_k6s_stack()
    {
        using var harness = ScriptHarness.Load("function inner() {\n  throw new Error('boom');\n}\nexport default function () {\n  inner();\n}");
        Assert.AreEqual(IterationResult.Failed, harness.Run().Result);
        var file = harness.Folder.Path + "/main.js";
        StringAssert.Contains(
            harness.Log,
            $"level=error msg=\"Error: boom\\n\\tat inner (file://{file}:2:9(1))\\n\\tat default (file://{file}:5:3(1))\\n\" executor=per-vu-iterations hint=\"script exception\" scenario=default source=stacktrace");
    }

    [TestMethod]
    public void Addresses_in_stacks_are_escaped_as_by_k6()
    {
        using var harness = ScriptHarness.Load(
            "import { fail } from './ein büro/fail.js';\nexport default function () { fail(); }",
            ("ein büro/fail.js", "export function fail() { throw new Error('boom'); }"));
        harness.Run();
        StringAssert.Contains(harness.Log, "/ein%20b%C3%BCro/fail.js:1:");
    }

    [TestMethod]
    [DataRow("null.x", "TypeError: Cannot read property 'x' of undefined\\n")]
    [DataRow("({}).f()", "TypeError: Object has no member 'f'\\n")]
    [DataRow("nope", "ReferenceError: nope is not defined\\n")]
    [DataRow("throw 'text'", "msg=\"text\\n")]
    public void Errors_have_k6s_words(string statement, string expected)
    {
        using var harness = ScriptHarness.Load($"export default function () {{ {statement}; }}");
        harness.Run();
        StringAssert.Contains(harness.Log, expected);
    }

    [TestMethod]
    public void A_rejected_promise_is_uncaught_and_ends_the_iteration()
    {
        using var harness = ScriptHarness.Load("export default async function () { await null; setTimeout(() => console.log('never'), 5); throw new Error('later'); }");
        Assert.AreEqual(IterationResult.Failed, harness.Run().Result);
        StringAssert.Contains(harness.Log, "level=error msg=\"Uncaught (in promise) Error: later\\n");
        StringAssert.Contains(harness.Log, "setTimeout 1 was stopped because the VU iteration was interrupted");
        Assert.IsFalse(harness.Log.Contains("hint=", StringComparison.Ordinal));
        Assert.IsEmpty(harness.Printed);
    }

    [TestMethod]
    public void A_handled_rejection_is_none() => CollectionAssert.AreEqual(
        new[] { "handled no" },
        ScriptHarness.Print("export default async function () { await Promise.reject('no').catch((e) => console.log('handled', e)); }"));

    [TestMethod]
    public void An_iteration_ends_when_its_timers_are_done() => CollectionAssert.AreEqual(
        new[] { "end", "tick", "tick", "after" },
        ScriptHarness.Print(
            """
            export default function () {
              let n = 0;
              const id = setInterval(() => { console.log('tick'); if (++n === 2) { clearInterval(id); Promise.resolve().then(() => console.log('after')); } }, 1);
              clearTimeout(setTimeout(() => console.log('never'), 1));
              console.log('end');
            }
            """));

    [TestMethod]
    public void An_exception_in_a_timer_fails_the_iteration()
    {
        using var harness = ScriptHarness.Load("export default function () { setTimeout(() => { throw new Error('in timer'); }, 1); }");
        Assert.AreEqual(IterationResult.Failed, harness.Run().Result);
        StringAssert.Contains(harness.Log, "msg=\"Error: in timer\\n");
    }

    [TestMethod]
    [DataRow("sleep(30)")]
    [DataRow("while (true) {}")]
    [DataRow("await new Promise(() => { setTimeout(() => {}, 1e6); })")]
    [DataRow("for (;;) { await null; }")]
    [DataRow("(function f() { try { for (;;) {} } finally { f(); } })()")]
    public void An_interrupt_ends_an_iteration_and_no_catch_or_finally_sees_it(string statement)
    {
        using var harness = ScriptHarness.Load($$"""import { sleep } from 'k6'; export default async function () { try { {{statement}}; } catch (e) { console.log('caught'); } finally { console.log('finally'); } }""");
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(60));
        Assert.AreEqual(IterationResult.Interrupted, harness.Run(interrupt: source.Token).Result);
        Assert.IsEmpty(harness.Printed);
    }

    [TestMethod]
    public void A_VU_works_on_after_an_interrupt()
    {
        using var harness = ScriptHarness.Load("let n = 0; export default function () { n++; while (n === 1) {} console.log(n); }");
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(30));
        harness.Run(interrupt: source.Token);
        Assert.AreEqual(IterationResult.Completed, harness.Run().Result, harness.Log);
        CollectionAssert.AreEqual(new[] { "2" }, harness.Printed);
    }

    [TestMethod]
    public void Endless_recursion_is_a_RangeError() => CollectionAssert.AreEqual(
        new[] { "RangeError" },
        ScriptHarness.Print("export default function () { const f = () => f() + 1; try { f(); } catch (e) { console.log(e.name); } }"));

    [TestMethod]
    public void An_exception_from_thousands_of_calls_deep_reaches_its_catch_soon()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        CollectionAssert.AreEqual(
            new[] { "deep" },
            ScriptHarness.Print("function f(n) { if (n === 0) throw new Error('deep'); return f(n - 1) + 1; } export default function () { try { f(3000); } catch (e) { console.log(e.message); } }"));

        // 0.05 s in a release build; 6 s when the text of the stack was made at each call that it leaves.
        Assert.IsLessThan(TimeSpan.FromSeconds(4), clock.Elapsed);
    }

    [TestMethod]
    public void A_stack_begins_with_the_message_that_the_error_has_now() => CollectionAssert.AreEqual(
        new[] { "Error: first", "Error: second" },
        ScriptHarness.Print("export default function () { const e = new Error('first'); console.log(e.stack.split('\\n')[0]); e.message = 'second'; console.log(e.stack.split('\\n')[0]); }"));

    [TestMethod]
    public void Abort_ends_the_test_and_no_catch_sees_it()
    {
        using var harness = ScriptHarness.Load("import exec from 'k6/execution'; export default function () { try { exec.test.abort('enough'); } finally { console.log('finally'); } }");
        var outcome = harness.Run();
        Assert.AreEqual(IterationResult.Aborted, outcome.Result);
        StringAssert.Matches(outcome.Message, new System.Text.RegularExpressions.Regex("^test aborted: enough at default \\(file:///.*main.js:1:[0-9]+\\(1\\)\\)$"));
        Assert.IsEmpty(harness.Printed);
    }

    [TestMethod]
    public void Set_up_data_reaches_the_iteration_and_stays_with_the_VU()
    {
        using var harness = ScriptHarness.Load("export default function (data) { console.log(data.n++); }");
        const string data = """{"n":1}""";
        harness.Run(setupData: data);
        harness.Run(setupData: data);
        CollectionAssert.AreEqual(new[] { "1", "2" }, harness.Printed);
    }

    [TestMethod]
    public void Set_up_tear_down_and_summary_may_be_async()
    {
        using var harness = ScriptHarness.Load(
            """
            export async function setup() { await null; return { token: 'x', u: undefined }; }
            export async function teardown(data) { await null; console.log('down', data.token); }
            export async function handleSummary(data) { return { stdout: 'sum ' + data.n, 'a.bin': new Uint8Array([1, 2]).buffer }; }
            export default function () {}
            """);
        var context = new VuContext(harness.State, 0, new Metrics.SampleBuffer(_ => { }));
        var data = harness.Script.RunSetup(context, default);
        Assert.AreEqual("""{"token":"x","u":null}""", data);
        harness.Script.RunTeardown(context, data, default);
        CollectionAssert.AreEqual(new[] { "down x" }, harness.Printed);
        var files = harness.Script.HandleSummary(context, """{"n":5}""", default)!;
        Assert.AreEqual("sum 5", System.Text.Encoding.UTF8.GetString(files["stdout"]));
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, files["a.bin"]);
    }

    [TestMethod]
    public void An_exception_in_set_up_is_the_loaders_to_report()
    {
        using var harness = ScriptHarness.Load("export function setup() { throw new Error('down'); } export default function () {}");
        var error = Assert.ThrowsExactly<ScriptException>(() => harness.Script.RunSetup(new VuContext(harness.State, 0, new Metrics.SampleBuffer(_ => { })), default));
        StringAssert.StartsWith(error.Message, "Error: down\n\tat setup (file:///");
    }

    [TestMethod]
    public void The_environment_of_the_scenario_wins()
    {
        using var harness = ScriptHarness.Load("export default function () { console.log(__ENV.FROM_ENV, __ENV.OWN); }");
        harness.Run();
        harness.Context.Scenario = new ScenarioState("other", "constant-vus", "default", new Dictionary<string, string> { ["OWN"] = "o", ["FROM_ENV"] = "no" }, Metrics.TagSet.Empty);
        harness.Run();
        CollectionAssert.AreEqual(new[] { "yes undefined", "no o" }, harness.Printed);
    }
}
