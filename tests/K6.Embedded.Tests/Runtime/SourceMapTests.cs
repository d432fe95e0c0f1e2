using K6.Embedded.Execution;
using K6.Embedded.Runtime;

namespace K6.Embedded.Tests.Runtime;

[TestClass]
public sealed class SourceMapTests
{
    // Line 1, column 1 is src/a.ts 3:5; column 11 is src/b.ts 1:1; line 2 has one segment: src/a.ts 4:1.
    private const string Map = """{"version":3,"sources":["src/a.ts","src/b.ts"],"mappings":"AAEI,UCFJ;ADGA"}""";

    [TestMethod]
    public void Positions_are_found_in_the_segment_that_they_lie_in()
    {
        var map = SourceMap.Parse(Map, "file:///project/out/bundle.js.map");
        Assert.AreEqual(new SourcePosition("file:///project/out/src/a.ts", 3, 5), map.Find(1, 1));
        Assert.AreEqual(new SourcePosition("file:///project/out/src/a.ts", 3, 5), map.Find(1, 10));
        Assert.AreEqual("file:///project/out/src/b.ts", map.Find(1, 11)!.Value.Source);
        Assert.AreEqual(4, map.Find(2, 1)!.Value.Line);
        Assert.IsNull(map.Find(9, 1));
    }

    [TestMethod]
    public void A_stack_shows_the_source_through_a_linked_map()
    {
        using var harness = ScriptHarness.Load(
            "export default function () {\nthrow new Error('x');\n}\n//# sourceMappingURL=main.js.map",
            ("main.js.map", """{"version":3,"sources":["../src/user.ts"],"mappings":"AAAA;AASA"}"""));
        harness.Run();
        var parent = Path.GetDirectoryName(harness.Folder.Path);
        StringAssert.Contains(harness.Log, $"at default (file://{parent}/src/user.ts:10:1(1))");
    }

    [TestMethod]
    public void A_stack_shows_the_source_through_an_inline_map()
    {
        var inline = Convert.ToBase64String("""{"version":3,"sources":["user.ts"],"mappings":"AAAA;AASA"}"""u8);
        using var harness = ScriptHarness.Load($"export default function () {{\nthrow new Error('x');\n}}\n//# sourceMappingURL=data:application/json;base64,{inline}");
        harness.Run();
        StringAssert.Contains(harness.Log, $"at default (file://{harness.Folder.Path}/user.ts:10:1(1))");
    }

    [TestMethod]
    public void A_map_that_is_missing_is_a_warning_and_positions_are_the_bundles()
    {
        using var harness = ScriptHarness.Load("export default function () { throw new Error('x'); }\n//# sourceMappingURL=nope.map");
        Assert.AreEqual(IterationResult.Failed, harness.Run().Result);
        StringAssert.Contains(harness.Log, "level=warning");
        StringAssert.Contains(harness.Log, "main.js:1:");
    }
}
