using System.Text.Json.Nodes;

namespace K6.Sdk.Tests;

/// <summary>What an editor knows of a project that was restored and never built: asked of the language service itself.</summary>
[TestClass]
public sealed class EditorTests
{
    [TestMethod]
    [Timeout(240_000)]
    public void After_a_mere_restore_editors_know_k6_the_library_and_the_test_data()
    {
        using var consumer = new Consumer();
        consumer.Write("Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <ItemGroup>
                <K6Scenario Include="scenarios/load.ts" />
                <K6Data Include="users.csv" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("tsconfig.json", """{ "extends": "./obj/k6/tsconfig.json", "include": ["**/*.ts"] }""");
        consumer.Write("users.csv", "id,name,role\n1,Ann,admin\n2,Bo,member\n3,Cy,member\n4,Di,member\n5,Ed,admin\n");
        var script = consumer.Write("scenarios/load.ts", """
            import http from 'k6/http';
            import { check } from 'k6';
            import { dataset } from 'k6-sdk';
            import { users } from 'k6-data/users';
            export default function () {
              const user = users.perIteration();
              const response = http.get(`${__ENV.BASE_URL}/users/${user.id}`);
              check(response, { ok: (r) => r.status === 200 });
              dataset; fetch('/');
            }

            """);
        consumer.Dotnet("restore").Succeeded();
        Assert.IsFalse(consumer.Has("obj/k6/plan.json"), "nothing was built");

        using var editor = new LanguageServer(consumer.Root);
        editor.Open(script);

        Assert.AreEqual(
            "2304 Cannot find name 'fetch'.",
            string.Join('\n', editor.Ask("semanticDiagnosticsSync", script)!.AsArray().Select(error => $"{error!["code"]} {error["text"]}")));
        Assert.AreEqual("", string.Join('\n', editor.Ask("syntacticDiagnosticsSync", script)!.AsArray()));
        foreach (var (module, file) in new[]
        {
            ("'k6/http'", "/types/k6/http/index.d.ts"), ("'k6'", "/types/k6/index.d.ts"), ("'k6-sdk'", "/obj/k6/library/index.ts"), ("'k6-data/users'", "/obj/k6/data/users.ts"),
        })
        {
            var definition = editor.Ask("definition", script, "from " + module)!.AsArray();
            Assert.IsTrue(definition.Any(place => place!["file"]!.GetValue<string>().EndsWith(file, StringComparison.OrdinalIgnoreCase)), $"{module} leads to {definition}");
        }

        StringAssert.Contains(Tip(editor.Ask("quickinfo", script, "const user")), "const user: UsersRow");
        StringAssert.Contains(Tip(editor.Ask("quickinfo", script, "user.id")), "UsersRow.id: number");
        StringAssert.Contains(Tip(editor.Ask("quickinfo", script, "http.get")), "RefinedResponse");
        StringAssert.Contains(Tip(editor.Ask("quickinfo", script, "users.perIteration")), "the iterations of a scenario take the rows in turn");
        CollectionAssert.IsSubsetOf(new[] { "id", "name", "role" }, Names(editor.Ask("completionInfo", script, "user.")));
        CollectionAssert.IsSubsetOf(new[] { "get", "post", "batch", "asyncRequest" }, Names(editor.Ask("completionInfo", script, "http.")));
        CollectionAssert.IsSubsetOf(new[] { "perIteration", "unique", "perVu", "random", "at" }, Names(editor.Ask("completionInfo", script, "users.")));
    }

    private static string Tip(JsonNode? answer) => $"{answer!["displayString"]} {answer["documentation"]}";

    private static string[] Names(JsonNode? answer) => [.. answer!["entries"]!.AsArray().Select(entry => entry!["name"]!.GetValue<string>())];
}
