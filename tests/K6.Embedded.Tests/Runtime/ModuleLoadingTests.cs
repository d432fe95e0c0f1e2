using K6.Embedded.Cli;
using K6.Embedded.Execution;

namespace K6.Embedded.Tests.Runtime;

[TestClass]
public sealed class ModuleLoadingTests
{
    [TestMethod]
    public void An_ES_module_imports_files_and_modules_of_k6()
    {
        var printed = ScriptHarness.Print(
            """
            import http, { get } from 'k6/http';
            import { check } from 'k6';
            import twice, { half } from './lib/math.js';
            export default function () { console.log(http.get === get, typeof check, twice(4), half(4)); }
            """,
            ("lib/math.js", "import { two } from './two.js'; export default (x) => x * two; export const half = (x) => x / two;"),
            ("lib/two.js", "export const two = 2;"));
        CollectionAssert.AreEqual(new[] { "true function 8 2" }, printed);
    }

    [TestMethod]
    public void A_CommonJS_script_requires_files_and_modules_of_k6()
    {
        var printed = ScriptHarness.Print(
            """
            const { sleep } = require('k6');
            const lib = require('./lib.js');
            exports.default = function () { console.log(typeof sleep, lib.name, require('./lib.js') === lib); };
            """,
            ("lib.js", "module.exports = { name: 'lib' };"));
        CollectionAssert.AreEqual(new[] { "function lib true" }, printed);
    }

    [TestMethod]
    public void An_ES_module_imports_CommonJS_by_default_and_by_name()
    {
        var printed = ScriptHarness.Print(
            "import lib, { name } from './lib.js'; export default function () { console.log(lib.name, name); }",
            ("lib.js", "exports.name = 'cjs';"));
        CollectionAssert.AreEqual(new[] { "cjs cjs" }, printed);
    }

    [TestMethod]
    public void A_name_that_a_module_of_k6_lacks_is_null() =>
        CollectionAssert.AreEqual(new[] { "null" }, ScriptHarness.Print("import { nope } from 'k6/http'; export default function () { console.log(nope); }"));

    [TestMethod]
    public void Top_level_await_is_awaited() =>
        CollectionAssert.AreEqual(new[] { "7" }, ScriptHarness.Print("const x = await new Promise((r) => setTimeout(() => r(7), 1)); export default function () { console.log(x); }"));

    [TestMethod]
    public void The_init_code_runs_once_for_each_VU()
    {
        using var harness = ScriptHarness.Load("let n = 0; n++; console.log('init', __VU); export default function () { n++; console.log(n, __ITER); }");
        harness.Run();
        harness.Run();
        CollectionAssert.AreEqual(new[] { "init 0", "init 1", "2 0", "3 1" }, harness.Printed);
    }

    [TestMethod]
    public void A_missing_import_says_so_with_k6s_words()
    {
        var error = Assert.ThrowsExactly<ScriptException>(() => ScriptHarness.Load("import x from './nope.js'; export default function () {}"));
        StringAssert.StartsWith(error.Message, "The moduleSpecifier \"./nope.js\" couldn't be found on local disk.");
        Assert.AreEqual(ExitCodes.ScriptException, error.ExitCode);
    }

    [TestMethod]
    public void A_bare_specifier_is_an_error() => StringAssert.Contains(
        Assert.ThrowsExactly<ScriptException>(() => ScriptHarness.Load("import x from 'lodash'; export default function () {}")).Message,
        "\"lodash\" couldn't be recognised as something k6 supports");

    [TestMethod]
    public void An_unknown_module_of_k6_is_an_error() => StringAssert.Contains(
        Assert.ThrowsExactly<ScriptException>(() => ScriptHarness.Load("import x from 'k6/nosuch'; export default function () {}")).Message,
        "unknown modules [\"k6/nosuch\"]");

    [TestMethod]
    [DataRow("k6/browser")]
    [DataRow("k6/net/grpc")]
    [DataRow("k6/x/sql")]
    public void A_module_that_only_k6_has_is_a_coded_error_before_anything_runs(string module)
    {
        var error = Assert.ThrowsExactly<UnsupportedException>(() => ScriptHarness.Load($"import x from '{module}'; console.log('ran'); export default function () {{}}"));
        StringAssert.StartsWith(error.Message, $"KSDK0701: the module '{module}'");
    }

    [TestMethod]
    public void A_module_that_k6_removed_fails_with_k6s_message() => StringAssert.StartsWith(
        Assert.ThrowsExactly<ScriptException>(() => ScriptHarness.Load("import x from 'k6/experimental/redis'; export default function () {}")).Message,
        "GoError: k6/experimental/redis has been removed. Please migrate");

    [TestMethod]
    public void A_script_without_functions_is_an_error()
    {
        var error = Assert.ThrowsExactly<ScriptException>(() => ScriptHarness.Load("export const x = 1;"));
        Assert.AreEqual("no exported functions in script", error.Message);
        Assert.AreEqual(ExitCodes.Unspecified, error.ExitCode);
    }

    [TestMethod]
    public void A_syntax_error_has_its_line_and_column()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.ThrowsExactly<ScriptException>(() => ScriptHarness.Load("export default function () {\n  let a = ;\n}"));
        StringAssert.Contains(error.Message, "main.js: Line 2:11 Unexpected token ;");
    }

    [TestMethod]
    [DataRow("export default function () {} async function* g() {}", "Async generators are not supported yet")]
    [DataRow("export default async function () { for await (const x of []) {} }", "Unexpected token await")]
    [DataRow("export default function () { return /a/d; }", "Invalid flags supplied to RegExp constructor 'd'")]
    public void Syntax_that_k6_lacks_is_an_error(string source, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<ScriptException>(() => ScriptHarness.Load(source)).Message, message);

    [TestMethod]
    public void Options_and_exported_functions_are_found()
    {
        using var harness = ScriptHarness.Load("export const options = { vus: 2, thresholds: { checks: ['rate>0.9'] } }; export function a() {} export default function () {} export const b = 1;");
        Assert.AreEqual("""{"vus":2,"thresholds":{"checks":["rate>0.9"]}}""", harness.Script.OptionsJson);
        Assert.IsTrue(harness.Script.ExportedFunctions.SetEquals(["a", "default"]));
    }

    [TestMethod]
    [DataRow("URL")]
    [DataRow("structuredClone")]
    [DataRow("Intl")]
    [DataRow("WeakRef")]
    [DataRow("fetch")]
    [DataRow("atob")]
    [DataRow("queueMicrotask")]
    [DataRow("Object.groupBy")]
    [DataRow("Promise.withResolvers")]
    [DataRow("Set.prototype.union")]
    [DataRow("[].values().map")]
    [DataRow("Array.fromAsync")]
    [DataRow("'a'.isWellFormed")]
    public void What_k6s_JavaScript_lacks_is_absent(string name) =>
        CollectionAssert.AreEqual(new[] { "undefined" }, ScriptHarness.Print($"export default function () {{ console.log(typeof {name}); }}"));
}
