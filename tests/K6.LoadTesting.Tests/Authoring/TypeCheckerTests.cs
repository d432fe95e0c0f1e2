using K6.LoadTesting.Authoring;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Authoring;

/// <summary>Scripts and Microsoft's compiler, as the build of this repository installs it.</summary>
[TestClass]
public sealed class TypeCheckerTests : IDisposable
{
    private readonly ScriptProject _project = new();

    public void Dispose() => _project.Dispose();

    [TestMethod]
    public async Task Errors_have_the_compilers_codes_and_stand_at_their_characters()
    {
        _project.Write("lib/helper.ts", "export const half = (n: number): number => n / 2;\n");
        _project.Write("load.ts", """
            import http from 'k6/http';
            import { half } from './lib/helper';
            export const options: import('k6/options').Options = { threshholds: {} };
            const é = 'üñï'; const wrong: number = é;
            export default function () {
              half('1');
              http.get('http://127.0.0.1/').statuz;
            }

            """);

        Assert.AreEqual("load.ts(3,56) TS2561\nload.ts(4,24) TS2322\nload.ts(6,8) TS2345\nload.ts(7,33) TS2551", await Check("load.ts"));
    }

    [TestMethod]
    [DataRow("fetch('/')", "TS2304", "Cannot find name 'fetch'. k6 has no fetch: import http from 'k6/http' and call http.get() or http.asyncRequest().")]
    [DataRow("new URL('/')", "TS2304", "k6 has no URL", 4)]
    [DataRow("Buffer.from('')", "TS2591", "k6 has no Buffer")]
    [DataRow("process.env", "TS2591", "Cannot find name 'process'. k6 has no process: the environment is __ENV.")]
    [DataRow("window.location", "TS2304", "k6/browser")]
    [DataRow("structuredClone({})", "TS2304", "JSON")]
    [DataRow("new AbortController()", "TS2304", "timeout", 4)]
    [DataRow("new WeakRef({})", "TS2304", "Cannot find name 'WeakRef'.", 4)]
    [DataRow("new SharedArrayBuffer(1)", "TS2583", "Cannot find name 'SharedArrayBuffer'. k6 is neither a browser nor Node.js.", 4)]
    [DataRow("Object.groupBy([1], String)", "TS2550", "groupBy", 7)]
    public async Task What_k6_lacks_is_an_error_that_says_what_to_take_instead(string use, string code, string message, int column = 0)
    {
        _project.Write("load.ts", $"export default function () {{ {use}; }}\n");

        StringAssert.StartsWith(await Check("load.ts"), $"load.ts(1,{30 + column}) {code}");
        StringAssert.Contains(_project.Diagnostics.Single().Message, message);
        Assert.DoesNotContain("npm i", _project.Diagnostics.Single().Message);
    }

    [TestMethod]
    public async Task What_k6_has_is_known_without_npm()
    {
        _project.Write("words.txt", "one two");
        _project.Write("load.ts", """
            import http, { type RefinedResponse } from 'k6/http';
            import { check, sleep } from 'k6';
            import { SharedArray } from 'k6/data';
            import { Trend } from 'k6/metrics';
            import { b64encode } from 'k6/encoding';
            import { WebSocket } from 'k6/websockets';
            import { dataset } from 'k6-sdk';
            import words from './words.txt';
            const rows = new SharedArray<string>('rows', () => JSON.parse(open('./rows.json')));
            const trend = new Trend('t');
            export default async function (): Promise<void> {
              console.log(__ENV.HOST, __VU, __ITER, rows.length, words.trim());
              setTimeout(() => clearTimeout(1), 1);
              trend.add(new TextEncoder().encode('x').length + crypto.randomUUID().length);
              const response: RefinedResponse<'text'> = http.get('http://127.0.0.1/', { responseType: 'text' });
              check(response, { ok: (r) => r.status === 200 && [1].toSorted().at(0) === 1 && [1].findLast(Boolean) === 1 && 'a'.replaceAll('a', 'b') === 'b' });
              b64encode('x'); sleep(1n > 0n ? 1 : 2);
              await crypto.subtle.digest('SHA-256', new TextEncoder().encode('x'));
              [WebSocket, dataset, Object.hasOwn, Promise.any, globalThis].forEach(Boolean);
            }

            """);

        Assert.AreEqual("", await Check("load.ts"));
    }

    [TestMethod]
    public async Task Modules_from_addresses_are_any_unless_the_project_declares_them()
    {
        _project.Write("types/words.d.ts", "declare module 'https://lib.example/words.js' {\n  export const words: string[];\n}\n");
        _project.Write("load.ts", """
            import { twice } from 'https://lib.example/utils/1.4.0/index.js';
            import * as all from 'http://127.0.0.1:8080/all.js?v=2';
            import { words } from 'https://lib.example/words.js';
            export default function () {
              twice(all.base).toFixed();
              words.toFixed();
            }

            """);

        Assert.AreEqual("load.ts(6,9) TS2339", await Check("load.ts"));
    }

    [TestMethod]
    public async Task Packages_that_bring_the_types_of_browsers_and_of_nodejs_hide_nothing()
    {
        _project.Write("node_modules/@types/node/package.json", """{ "name": "@types/node", "version": "1.0.0", "types": "index.d.ts" }""");
        _project.Write("node_modules/@types/node/index.d.ts", "declare var process: { exit(): void };\ndeclare module 'stream' { export class Readable {} }\n");
        _project.Write("node_modules/parser/package.json", """{ "name": "parser", "version": "1.0.0", "types": "index.d.ts" }""");
        _project.Write("node_modules/parser/index.d.ts", """
            /// <reference types="node" />
            /// <reference lib="dom" />
            import { Readable } from 'stream';
            export declare function parse(text: string | Readable | File): string[];

            """);
        _project.Write("load.ts", """
            import { parse } from 'parser';
            export default function () {
              parse('a,b').join('');
              process.exit();
              fetch('/');
            }

            """);

        Assert.AreEqual("load.ts(4,3) TS2591\nload.ts(5,3) TS2304", await Check("load.ts"));
    }

    [TestMethod]
    public async Task The_projects_own_configuration_counts_and_cannot_open_k6_up()
    {
        _project.Write("base.json", """{ "compilerOptions": { "noImplicitReturns": true, "paths": { "#shared/*": ["./shared/*"] } } }""");
        _project.Write("tsconfig.json", """
            {
              // An editor's file of a larger project: comments, a trailing comma.
              "extends": "./base.json",
              "compilerOptions": { "lib": ["dom", "esnext"], "types": ["project-globals"], "baseUrl": "./source", "outDir": "out", "composite": true, "noUncheckedIndexedAccess": true, },
            }
            """);
        _project.Write("node_modules/@types/project-globals/index.d.ts", "declare const projectGlobal: number;\n");
        _project.Write("declarations/globals.d.ts", "declare const declaredGlobal: number;\n");
        _project.Write("source/shared/a.ts", "export const a = 1;\n");
        _project.Write("source/b.ts", "export const b = 1;\n");
        _project.Write("load.ts", """
            import { a } from '#shared/a';
            import { b } from 'b';
            import { dataset } from 'k6-sdk';
            const list: number[] = [a, b, projectGlobal, declaredGlobal, dataset.length];
            export default function () {
              list[0].toFixed();
              fetch('/');
            }

            """);

        Assert.AreEqual("load.ts(6,3) TS2532\nload.ts(7,3) TS2304", await Check("load.ts"));
    }

    [TestMethod]
    public async Task Stricter_rules_of_a_project_do_not_hold_for_modules_that_are_not_its_own()
    {
        _project.Write("tsconfig.json", """
            {
              "extends": "./obj/k6/tsconfig.json",
              "compilerOptions": {
                "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": true, "noPropertyAccessFromIndexSignature": true,
                "isolatedDeclarations": true, "erasableSyntaxOnly": true, "noUnusedLocals": true, "noUnusedParameters": true
              }
            }
            """);
        _project.Write("load.ts", "import { dataset } from 'k6-sdk';\nexport default function (): void { dataset.toString(); }\n");
        var at = new SourceLocation(_project.ProjectFile, 3, 5);
        var requests = new RequestScript
        {
            Origin = "a test",
            Choices = [new() { Location = at, Requests = [new() { Name = "a", Method = "GET", AddressExpression = "'/a'", Query = [new("q", "__ENV.QUESTION")], Headers = [new("X", "`${__ENV.TOKEN}`")], Location = at }] }],
        };
        SourceScripts.Write(_project.Plan(_project.Scenario("obj/k6/sources/shop.ts") with { Requests = requests }), _project.Output);

        Assert.AreEqual("", await Check("load.ts", "obj/k6/sources/shop.ts"));
    }

    [TestMethod]
    public async Task Nothing_runs_until_something_changes_that_types_depend_on()
    {
        _project.Write("lib/helper.ts", "export const half = (n: number): number => n / 2;\n");
        _project.Write("load.ts", "import { half } from './lib/helper';\nexport default function () { half(1); }\n");
        Assert.AreEqual("", await Check("load.ts"));
        await UpToDate("nothing changed");

        File.SetLastWriteTimeUtc(_project.PathOf("load.ts"), DateTime.UtcNow.AddMinutes(1));
        await UpToDate("a time of writing is no change");

        await Again("a module", () => _project.Write("lib/helper.ts", "export const half = (n: number): number => n / 3;\n"));
        await Again("a module that wins over another", () => _project.Write("lib/helper.d.ts", "export declare const half: (n: number) => number;\n"));
        await Again("a declaration that nothing imports", () => _project.Write("globals.d.ts", "declare const one: 1;\n"));
        await Again("a configuration where there was none", () => _project.Write("tsconfig.json", """{ "extends": "./obj/k6/tsconfig.json" }"""));
        await Again("a package", () => _project.Write("package.json", """{ "name": "load" }"""));
        await Again("the plan", () => _project.Write("second.ts", "export default function () {}\n"), "load.ts", "second.ts");

        _project.Write("lib/helper.ts", "export const half = (n: string): string => n;\n");
        File.Delete(_project.PathOf("lib/helper.d.ts"));
        Assert.AreEqual("load.ts(2,35) TS2345", await Check("load.ts"));
        Assert.AreEqual("load.ts(2,35) TS2345", await Check("load.ts"), "errors are said in each build");
    }

    [TestMethod]
    public async Task Without_a_compiler_a_warning_says_what_to_do_and_an_error_where_the_check_is_wanted()
    {
        _project.Write("load.ts", "export default function () { fetch('/'); }\n");
        var none = Options with { CompilerPath = "", CompilerPackage = "K6.TypeScript.linux-x64/7.0.2", PackageFolders = [_project.PathOf("packages")] };

        Assert.AreEqual(TypeCheckOutcome.Skipped, await Run(none, "load.ts"));
        Assert.AreEqual(("KSDK0034", DiagnosticSeverity.Warning), (_project.Diagnostics[0].Code, _project.Diagnostics[0].Severity));
        StringAssert.Contains(_project.Diagnostics[0].Message, "The package K6.TypeScript.linux-x64 7.0.2 with the TypeScript compiler was not restored. Restore the project again");

        await Run(none with { Required = true, CompilerPackage = "" }, "load.ts");
        Assert.AreEqual(("KSDK0034", DiagnosticSeverity.Error), (_project.Diagnostics[0].Code, _project.Diagnostics[0].Severity));
        StringAssert.Contains(_project.Diagnostics[0].Message, "for this platform");
    }

    [TestMethod]
    public async Task A_compiler_in_a_folder_of_packages_is_made_executable_and_used()
    {
        var folder = _project.PathOf("packages/k6.typescript.test/7.0.2/tools");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(TestTools.TypeScript)!))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var program = Path.Combine(folder, Path.GetFileName(TestTools.TypeScript));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _project.Write("load.ts", "export default function () { fetch('/'); }\n");
        Assert.AreEqual("load.ts(1,30) TS2304", await Check(Options with { CompilerPath = "", CompilerPackage = "K6.TypeScript.Test/7.0.2", PackageFolders = ["/missing", _project.PathOf("packages")] }, "load.ts"));
    }

    [TestMethod]
    public async Task A_compiler_that_does_not_work_is_no_success()
    {
        _project.Write("load.ts", "export default function () {}\n");
        var missing = await Assert.ThrowsExactlyAsync<LoadTestException>(() => Run(Options with { CompilerPath = _project.PathOf("tsc") }, "load.ts"));
        Assert.AreEqual("KSDK0035", missing.Diagnostic.Code);

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = _project.Write("tsc", "#!/bin/sh\necho 'out of memory' >&2\nexit 3\n");
        var noProgram = await Assert.ThrowsExactlyAsync<LoadTestException>(() => Run(Options with { CompilerPath = program }, "load.ts"));
        Assert.AreEqual("KSDK0035", noProgram.Diagnostic.Code);

        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var failed = await Assert.ThrowsExactlyAsync<LoadTestException>(() => Run(Options with { CompilerPath = program }, "load.ts"));
        Assert.AreEqual("KSDK0035", failed.Diagnostic.Code);
        StringAssert.Contains(failed.Message, "exit code 3. It said: out of memory");
    }

    [TestMethod]
    public void The_compilers_output_is_read_with_its_continued_lines()
    {
        var folder = Path.GetTempPath();
        var output = TypeScriptCompiler.Parse(
            $"""
            error TS5083: Cannot read file 'x.json'.
            a (b).ts(6,21): error TS2322: Type 'A' is not assignable to type 'B'.
              Types of property 'c' are incompatible.
                Type 'string' is not assignable to type 'number'.
            {Path.Combine(folder, "lib.d.ts")}

            """,
            folder);

        Assert.AreEqual(new Diagnostic("TS5083", DiagnosticSeverity.Error, "Cannot read file 'x.json'."), output.Errors[0]);
        Assert.AreEqual(
            new Diagnostic(
                "TS2322", DiagnosticSeverity.Error,
                "Type 'A' is not assignable to type 'B'. Types of property 'c' are incompatible. Type 'string' is not assignable to type 'number'.",
                new SourceLocation(Path.Combine(folder, "a (b).ts"), 6, 21)),
            output.Errors[1]);
        Assert.AreEqual(Path.Combine(folder, "lib.d.ts"), output.Files.Single());
    }

    [TestMethod]
    public async Task The_script_library_has_no_errors_of_its_own()
    {
        EditorConfiguration.Write(_project.Output, Options.TypesDirectories);
        var configuration = _project.Write("obj/k6/library.json", """{ "extends": "./tsconfig.json", "include": ["library/*.ts"] }""");

        var output = await TypeScriptCompiler.RunAsync(TestTools.TypeScript, configuration, _project.Folder, CancellationToken.None);

        Assert.IsEmpty(output.Errors, string.Join('\n', output.Errors));
        Assert.IsTrue(output.Files.Any(file => file.EndsWith(Path.Combine("library", "index.ts"), StringComparison.Ordinal)));
    }

    private TypeCheckOptions Options => new()
    {
        ProjectDirectory = _project.Folder,
        OutputDirectory = _project.Output,
        TypesDirectories = TestTools.TypesDirectories,
        CompilerPath = TestTools.TypeScript,
    };

    private async Task<TypeCheckOutcome> Run(TypeCheckOptions options, params string[] scripts)
    {
        _project.Diagnostics.Clear();
        EditorConfiguration.Write(_project.Output, options.TypesDirectories);
        LoadPlan plan = _project.Plan([.. scripts.Select(script => _project.Scenario(script))]);
        return await TypeChecker.CheckAsync(plan, options, _project.Diagnostics);
    }

    /// <summary>Errors as <c>file(line,column) CODE</c>, files as in the project.</summary>
    private Task<string> Check(params string[] scripts) => Check(Options, scripts);

    private async Task<string> Check(TypeCheckOptions options, params string[] scripts)
    {
        Assert.AreEqual(TypeCheckOutcome.Checked, await Run(options, scripts));
        return string.Join('\n', _project.Diagnostics.Select(error =>
            $"{Path.GetRelativePath(_project.Folder, error.Location?.File ?? "-").Replace('\\', '/')}({error.Location?.Line},{error.Location?.Column}) {error.Code}"));
    }

    private async Task UpToDate(string because)
    {
        Assert.AreEqual(TypeCheckOutcome.UpToDate, await Run(Options, "load.ts"), because);
    }

    private async Task Again(string because, Action change, params string[] scripts)
    {
        string[] all = scripts.Length > 0 ? scripts : ["load.ts"];
        change();
        Assert.AreEqual(TypeCheckOutcome.Checked, await Run(Options, all), because);
        Assert.IsEmpty(_project.Diagnostics, because);
        Assert.AreEqual(TypeCheckOutcome.UpToDate, await Run(Options, all), because);
    }
}
