using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Results;

[TestClass]
public class TimelineReaderTests
{
    private const string Param = """{"event":"param","data":{"period":1000,"aggregates":{"counter":["count","rate"],"gauge":["value"],"rate":["rate"],"trend":["avg","p(95)"]}}}""";
    private const string Time = """{"event":"metric","data":{"time":{"type":"gauge","contains":"time"}}}""";
    private const string Start = """{"event":"start","data":[[1000000]]}""";
    private const string Requests = """{"event":"metric","data":{"http_req_duration":{"type":"trend"},"http_reqs":{"type":"counter"}}}""";
    private const string Users = """{"event":"metric","data":{"vus":{"type":"gauge"}}}""";
    private const string Stop = """{"event":"stop","data":[[1004000]]}""";

    [TestMethod]
    public void Columns_are_as_long_as_the_time_and_gauges_hold_their_value()
    {
        var recording = Read(
            Param, Time, Start, Requests,
            """{"event":"cumulative","data":[[9,9],[9,9],[1000999]]}""",
            """{"event":"snapshot","data":[[20.5,30],[7,7],[1001000]]}""",
            Users,
            """{"event":"snapshot","data":[[21,31],[8,8],[1002000],[3]]}""",
            """{"event":"snapshot","data":[[],[],[1003000],[]]}""",
            Stop);

        var timeline = recording.Timeline!;
        CollectionAssert.AreEqual(new[] { 1.0, 2, 3 }, timeline.Seconds.ToArray());
        CollectionAssert.AreEqual(new double?[] { 30, 31, null }, timeline.Series["http_req_duration.p(95)"].ToArray());
        CollectionAssert.AreEqual(new double?[] { 7, 8, null }, timeline.Series["http_reqs.count"].ToArray());
        CollectionAssert.AreEqual(new double?[] { null, 3, 3 }, timeline.Series["vus.value"].ToArray());
        Assert.HasCount(5, timeline.Series);
        Assert.IsTrue(recording.IsWhole);
        Assert.IsFalse(recording.ProvesAbsenceOf("vus{scenario:browse}"));
        Assert.IsTrue(recording.ProvesAbsenceOf("queue"));
    }

    [TestMethod]
    public void A_threshold_is_crossed_from_the_start_of_its_last_breach_and_parts_by_tags_are_left_out()
    {
        const string Crossed = "{\"event\":\"threshold\",\"data\":{\"http_reqs\":[\"count>9\"],\"http_req_duration\":[\"p(95)<20\"]}}";
        const string Slow = "{\"event\":\"threshold\",\"data\":{\"http_req_duration\":[\"p(95)<20\"]}}";
        var recording = Read(
            Param, Time, Start, Requests, "{\"event\":\"metric\",\"data\":{\"http_reqs{group:::a}\":{\"type\":\"counter\"}}}",
            Crossed, "{\"event\":\"snapshot\",\"data\":[[20.5,30],[7,7],[7,7],[1001000]]}",
            "{\"event\":\"snapshot\",\"data\":[[20.5,30],[7,7],[7,7],[1002000]]}",
            Slow, "{\"event\":\"snapshot\",\"data\":[[20.5,30],[7,7],[7,7],[1003000]]}",
            Slow, "{\"event\":\"snapshot\",\"data\":[[20.5,30],[7,7],[7,7],[1004000]]}",
            Stop);

        Assert.AreEqual((("http_req_duration", "p(95)<20"), 3.0), recording.CrossedAt.Select(one => (one.Key, one.Value)).Single());
        CollectionAssert.AreEqual(new[] { "http_req_duration.avg", "http_req_duration.p(95)", "http_reqs.count", "http_reqs.rate" }, recording.Timeline!.Series.Keys.ToArray());
    }

    [TestMethod]
    public void A_last_line_that_is_cut_ends_the_recording_and_proves_nothing()
    {
        var recording = Read(Param, Time, Start, Requests, """{"event":"snapshot","data":[[20.5,30],[7,7],[1001000]]}""", """{"event":"snapsh""");

        Assert.HasCount(1, recording.Timeline!.Seconds);
        Assert.IsFalse(recording.ProvesAbsenceOf("queue"));
    }

    [TestMethod]
    public void A_run_shorter_than_a_period_has_no_timeline()
    {
        Assert.IsNull(Read(Param, Time, Start, Stop).Timeline);
        Assert.IsNull(TimelineReader.Read(null).Timeline);
        Assert.IsNull(Read("<html>").Timeline);
    }

    [TestMethod]
    public void A_start_that_is_no_moment_is_none()
    {
        Assert.IsNotNull(Read(Param, Time, Start, Stop).LoadStart);
        Assert.IsNull(Read(Param, Time, """{"event":"start","data":[[1e30]]}""", Stop).LoadStart);
    }

    private static Recording Read(params string[] lines)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, lines);
            return TimelineReader.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
