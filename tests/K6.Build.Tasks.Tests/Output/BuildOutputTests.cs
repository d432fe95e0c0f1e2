using K6.Build.Tasks.Output;

namespace K6.Build.Tasks.Tests.Output;

[TestClass]
public sealed class BuildOutputTests
{
    private readonly FakeBuildEngine _engine = FakeBuildEngine.New();

    [TestMethod]
    public void Without_the_terminal_logger_text_is_an_ordinary_message()
    {
        var output = new BuildOutput(_engine.Engine, terminalLogger: false, TimeSpan.FromMinutes(1));

        output.Phase("starting Shop.Api");
        output.Write("browse: passed {0}");
        output.Finish(1, 0, TimeSpan.Zero);

        CollectionAssert.AreEqual(new[] { "starting Shop.Api", "browse: passed {0}" }, _engine.Lines.ToArray());
        Assert.IsEmpty(_engine.Extended);
    }

    [TestMethod]
    public void Without_the_terminal_logger_progress_comes_once_per_interval()
    {
        var rare = new BuildOutput(_engine.Engine, terminalLogger: false, TimeSpan.FromHours(1));
        rare.Phase("phase");
        rare.Progress("row", "line 1");
        rare.Progress("row", "line 2");
        CollectionAssert.AreEqual(new[] { "phase" }, _engine.Lines.ToArray());

        var always = new BuildOutput(_engine.Engine, terminalLogger: false, TimeSpan.Zero);
        always.Progress("row", "line 3");
        always.Progress("row", "line 4");
        CollectionAssert.AreEqual(new[] { "phase", "line 3", "line 4" }, _engine.Lines.ToArray());
    }

    [TestMethod]
    public void A_phase_that_is_mostly_short_is_told_when_it_takes_long_and_not_before()
    {
        var output = new BuildOutput(_engine.Engine, terminalLogger: false, TimeSpan.FromHours(1));

        output.SlowPhase("short", TimeSpan.FromHours(1)).Dispose();
        using (output.SlowPhase("long", TimeSpan.Zero))
        {
            Assert.IsTrue(SpinWait.SpinUntil(() => _engine.Lines.Any(), TimeSpan.FromMinutes(1)));
        }

        CollectionAssert.AreEqual(new[] { "long" }, _engine.Lines.ToArray());
    }

    [TestMethod]
    public void The_terminal_logger_gets_its_test_protocol_with_every_key()
    {
        var output = new BuildOutput(_engine.Engine, terminalLogger: true, TimeSpan.FromHours(1));

        output.Progress("browse 00:01 5 VUs", "a line");
        output.Progress("browse 00:01 5 VUs", "too soon for the row");
        output.Write("browse: passed");
        output.Finish(3, 1, TimeSpan.FromSeconds(2.5));

        CollectionAssert.AreEqual(
            new[] { "TLTESTPASSED", "TLTESTOUTPUT", "TLTESTFINISH" }, _engine.Extended.Select(e => e.ExtendedType).ToArray());
        Assert.AreEqual("browse 00:01 5 VUs", _engine.Extended[0].ExtendedMetadata!["displayName"]);
        Assert.AreEqual("k6", _engine.Extended[0].ExtendedMetadata!["localizedResult"]);
        Assert.AreEqual("browse: passed", _engine.Extended[1].Message);
        var finish = _engine.Extended[2].ExtendedMetadata!;
        Assert.AreEqual("4 3 0 1 2500", $"{finish["total"]} {finish["passed"]} {finish["skipped"]} {finish["failed"]} {finish["duration"]}");
        Assert.IsEmpty(_engine.Lines);
    }

    [TestMethod]
    public void A_row_is_never_longer_than_the_terminal_logger_shows_and_has_no_control_characters()
    {
        var output = new BuildOutput(_engine.Engine, terminalLogger: true, TimeSpan.Zero);

        output.Phase("\u001b[31m" + new string('x', 80));

        var row = _engine.Extended.Single().ExtendedMetadata!["displayName"]!;
        Assert.AreEqual(45, row.Length);
        Assert.IsFalse(row.Any(char.IsControl));
    }
}
