namespace K6.Build.Tasks.Tests.Targets;

[TestClass]
public sealed class RecordingTargetsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_recording_larger_than_the_memory_of_the_build_becomes_a_script()
    {
        var project = _folder.Write("load.proj", InProcessBuild.Wrap("""<ItemGroup><K6Scenario Include="checkout.har" Vus="1" Duration="1s" /></ItemGroup>"""));
        using (var file = File.CreateText(Path.Combine(_folder.Root, "checkout.har")))
        {
            // Each answer has a value that the next request sends.
            file.Write("{ \"log\": { \"entries\": [");
            for (var entry = 0; entry < 300; entry++)
            {
                file.Write($$"""
                    {{(entry > 0 ? "," : "")}}
                    { "startedDateTime": "2026-11-29T09:{{entry / 60:00}}:{{entry % 60:00}}.000Z", "time": 10,
                      "request": { "method": "GET", "url": "https://shop.example.com/things/value-{{entry - 1:0000}}-x", "headers": [], "cookies": [] },
                      "response": { "status": 200, "headers": [], "cookies": [], "redirectURL": "",
                        "content": { "mimeType": "application/json", "text": "{\"next\":\"value-{{entry:0000}}-x\",\"filler\":\"{{new string('x', 500_000)}}\"}" } } }
                    """);
            }

            file.Write("] } }");
        }

        Assert.IsGreaterThan(140 << 20, new FileInfo(Path.Combine(_folder.Root, "checkout.har")).Length);
        SmallBuild.Run(project, "_K6Plan");

        var script = File.ReadAllText(Path.Combine(_folder.Root, "obj/k6/sources/checkout.ts"));
        Assert.HasCount(299, script.Split("= capture(").Skip(1));
    }
}
