using K6.LoadTesting.Reports;

namespace K6.LoadTesting.Tests.Reports;

[TestClass]
public sealed class DebugTextTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [TestMethod]
    public void Requests_answers_output_and_exceptions_come_in_their_order()
    {
        // As k6 2.2.0 writes them.
        var text = Render(
            """{"group":"","iter":0,"level":"info","msg":"Request:\nPOST /x HTTP/1.1\nHost: a\n\n{\"a\":1}\n","request_id":"ebf29faa-d536-47fc-84cd-63917d6753b5","scenario":"browse","source":"http-debug","time":"2026-11-23T11:20:47Z","vu":1}""",
            """{"group":"","iter":0,"level":"info","msg":"Response:\nHTTP/1.1 200 OK\n\nfine\n","request_id":"ebf29faa-d536-47fc-84cd-63917d6753b5","scenario":"browse","source":"http-debug","time":"2026-11-23T11:20:47Z","vu":1}""",
            """{"level":"info","msg":"hi","source":"console","time":"2026-11-23T11:20:47Z"}""",
            """{"level":"debug","msg":"noise","time":"2026-11-23T11:20:47Z"}""",
            """{"executor":"per-vu-iterations","hint":"script exception","level":"error","msg":"Error: boo\n\tat default (file:///s.ts:2:152(19))\n","scenario":"browse","source":"stacktrace","time":"2026-11-23T11:20:47Z"}""",
            "panic: something else");

        Assert.AreEqual(
            """
            browse, request ebf29faa:
              > POST /x HTTP/1.1
              > Host: a
              >
              > {"a":1}
              < HTTP/1.1 200 OK
              <
              < fine
              console: hi
              error: Error: boo
                   at default (file:///s.ts:2:152(19))
              engine: panic: something else
            """,
            text);
    }

    [TestMethod]
    public void A_long_body_is_cut_and_says_so_and_control_characters_reach_no_terminal()
    {
        var text = Render($$"""{"level":"info","msg":"{{new string('x', 5000)}}\u001b[31m","source":"console"}""");

        StringAssert.EndsWith(text, "xxx… 1005 more characters in debug.txt");
        Assert.DoesNotContain("\u001b", Render("""{"level":"info","msg":"\u001b[31mred\u0007","source":"console"}"""));
    }

    [TestMethod]
    public void An_empty_log_says_so() => Assert.AreEqual("  nothing was sent or printed", Render());

    private string Render(params string[] lines)
    {
        File.WriteAllLines(_file, lines);
        return DebugText.Render(DebugText.Read(_file), DebugText.Shown);
    }
}
