namespace K6.LoadTesting.Tests.Bundling;

/// <summary>Relative paths in modules of several folders, on real k6.</summary>
[TestClass]
public sealed class ModulePathsOnK6Tests
{
    [TestInitialize]
    public void NeedsK6() => TestTools.RequireK6();

    [TestMethod]
    public async Task Open_starts_at_the_module_that_calls_it()
    {
        using var project = new ScriptProject();
        project.Write("scenarios/dä ta/x.txt", "scenario's");
        project.Write("lib/dä ta/x.txt", "helper's");
        project.Write("lib/helper.ts",
            """
            export const top: string = open('./dä ta/x.txt');
            export const later = (name: string): string => open(`dä ta/${name}.txt`);
            const alias = open;
            export const aliased = alias('./dä ta/x.txt');
            export const mapped = ['./dä ta/x.txt'].map((it) => open(it))[0];
            export const own = ((open: (path: string) => string) => open('shadowed'))((path) => path);
            """);
        project.Write("scenarios/browse.ts",
            """
            import { top, later, aliased, mapped, own } from '../lib/helper';
            const here = open('dä ta/x.txt');
            const binary = open('./dä ta/x.txt', 'b');
            const absolute = open(import.meta.resolve('./dä ta/x.txt').length > 0 ? './dä ta/x.txt' : '');
            const shared = later('x');
            export default () => console.log([top, shared, aliased, mapped, own, here, binary.byteLength, absolute, typeof open].join('|'));
            """);

        await Says(project, "scenarios/browse.ts", "helper's|helper's|helper's|helper's|shadowed|scenario's|10|scenario's|function");
    }

    [TestMethod]
    public async Task A_helper_finds_what_plain_k6_finds_for_it()
    {
        // Plain k6 starts at the module whose top-level code runs; that is how helpers that take a path are used.
        using var project = new ScriptProject();
        project.Write("scenarios/users.csv", "users");
        project.Write("data/items.csv", "items");
        project.Write("lib/helper.ts", "export const read = (name: string): string => open(name);\n");
        project.Write("data/items.ts", "import { read } from '../lib/helper';\nexport const items = read('./items.csv');\n");
        project.Write("scenarios/browse.ts", "import { items } from '../data/items';\nimport { read } from '../lib/helper';\nconst users = read('./users.csv');\nexport default () => console.log(`${items}|${users}`);\n");

        await Says(project, "scenarios/browse.ts", "items|users");
    }

    [TestMethod]
    public async Task A_CommonJS_helper_opens_files_beside_itself()
    {
        using var project = new ScriptProject();
        project.Write("lib/x.txt", "helper's");
        project.Write("lib/helper.cjs", "exports.text = open('./x.txt');\nexports.read = (name) => open(name);\n");
        project.Write("scenarios/browse.ts", "import helper from '../lib/helper.cjs';\nconst read = helper.read('x.txt');\nexport default () => console.log(`${helper.text}|${read}`);\n");

        await Says(project, "scenarios/browse.ts", "helper's|helper's");
    }

    [TestMethod]
    public async Task A_package_opens_files_beside_itself()
    {
        using var project = new ScriptProject();
        project.Write("node_modules/dep/package.json", """{ "name": "dep", "main": "index.js" }""");
        project.Write("node_modules/dep/index.js", "module.exports = open('./x.txt');\n");
        project.Write("node_modules/dep/x.txt", "package's");
        project.Write("browse.ts", "import text from 'dep';\nexport default () => console.log(text);\n");

        await Says(project, "browse.ts", "package's");
    }

    [TestMethod]
    [DataRow("import { open as file, SeekMode } from 'k6/experimental/fs';", "file")]
    [DataRow("import * as fs from 'k6/experimental/fs';\nconst { SeekMode } = fs;", "fs.open")]
    [DataRow("import fs, { SeekMode } from 'k6/experimental/fs';", "fs.open")]
    public async Task The_open_of_fs_starts_at_the_module_that_calls_it(string import, string open)
    {
        using var project = new ScriptProject();
        project.Write("lib/x.txt", "helper's");
        project.Write("scenarios/x.txt", "scenario's!");
        project.Write("lib/helper.ts", $"{import}\nexport const size = async (name: string) => (await (await {open}(name)).stat()).size;\nvoid SeekMode;\n");
        project.Write("scenarios/browse.ts", $"import {{ size }} from '../lib/helper';\n{import}\nconst a = await size('./x.txt');\nconst b = (await (await {open}('x.txt')).stat()).size;\nexport default () => console.log(`${{a}}|${{b}}|${{SeekMode.Start}}`);\n");

        await Says(project, "scenarios/browse.ts", "8|11|0");
    }

    [TestMethod]
    public async Task Import_meta_resolve_starts_at_the_module_that_calls_it()
    {
        using var project = new ScriptProject();
        project.Write("lib/helper.ts", "export const resolve = (name: string): string => import.meta.resolve(name);\n");
        project.Write("scenarios/browse.ts", "import { resolve } from '../lib/helper';\nexport default () => console.log(`${resolve('./x.txt')}|${import.meta.resolve('../y')}|${import.meta.resolve('file:///z')}`);\n");
        var folder = new Uri(project.Folder).AbsoluteUri;

        await Says(project, "scenarios/browse.ts", $"{folder}/lib/x.txt|{folder}/y|file:///z");
    }

    [TestMethod]
    public async Task Proto_files_are_found_from_the_module_and_from_the_script()
    {
        using var project = new ScriptProject();
        const string Proto = "syntax = \"proto3\"; package a; service S { rpc M (R) returns (R); } message R { string x = 1; }";
        project.Write("lib/protos/a.proto", Proto);
        project.Write("scenarios/protos/b.proto", Proto.Replace("package a", "package b", StringComparison.Ordinal));
        project.Write("scenarios/c.proto", Proto.Replace("package a", "package c", StringComparison.Ordinal));
        project.Write("lib/helper.ts",
            """
            import grpc, { Client, StatusOK } from 'k6/net/grpc';
            export const beside = new grpc.Client().load(['./protos'], 'a.proto').length > 0;
            export const load = (folders: any, file: string) => new Client().load(folders, file).length > 0;
            export const ok = StatusOK.toString() === grpc.StatusOK.toString();
            """);
        project.Write("scenarios/browse.ts",
            """
            import { beside, load, ok } from '../lib/helper';
            import { Client, Stream } from 'k6/net/grpc';
            const client = new Client();
            client.load([], './c.proto');
            client.load(null, 'protos/b.proto');
            const viaHelper = [load(['protos'], 'b.proto'), load([], 'c.proto')];
            export default () => {
              let refused = '';
              try { client.invoke('b.S/M', {}); } catch (error) { refused = String(error); }
              console.log([beside, ok, ...viaHelper, refused.includes('no gRPC connection'), typeof Stream, client instanceof Client].join('|'));
            };
            """);

        await Says(project, "scenarios/browse.ts", "true|true|true|true|true|function|true");
    }

    [TestMethod]
    public async Task A_file_that_is_missing_is_reported_at_its_line()
    {
        using var project = new ScriptProject();
        project.Write("lib/helper.ts", "// first\nexport const text = open('./none.txt');\n");
        project.Write("scenarios/browse.ts", "import { text } from '../lib/helper';\nexport default () => text;\n");

        var (exitCode, log, _) = await project.RunAsync(await project.BundleAsync("scenarios/browse.ts"));

        Assert.AreEqual(107, exitCode);
        StringAssert.Contains(log, "lib/none.txt");
        StringAssert.Contains(log, "lib/helper.ts:2:");
    }

    [TestMethod]
    public async Task Opened_files_are_inputs_also_when_a_variable_names_them()
    {
        using var project = new ScriptProject();
        project.Write("lib/a.txt", "");
        project.Write("lib/protos/b.proto", "");
        project.Write("scenarios/c.txt", "");
        project.Write("lib/helper.ts", "import grpc from 'k6/net/grpc';\nconst name = './a.txt';\nexport const load = () => { open(name); open('c.txt'); new grpc.Client().load(['./protos'], 'b.proto'); };\n");
        project.Write("scenarios/browse.ts", "import { load } from '../lib/helper';\nexport default load;\n");

        var bundle = await project.BundleAsync("scenarios/browse.ts");

        CollectionAssert.IsSubsetOf(
            new[] { project.PathOf("lib/a.txt"), project.PathOf("lib/protos/b.proto"), project.PathOf("scenarios/c.txt") },
            bundle.Inputs.ToArray());
    }

    private static async Task Says(ScriptProject project, string script, string expected)
    {
        var bundle = await project.BundleAsync(script);
        var (exitCode, log, _) = await project.RunAsync(bundle);
        Assert.AreEqual(0, exitCode, log);
        StringAssert.Contains(log, expected);
    }
}
