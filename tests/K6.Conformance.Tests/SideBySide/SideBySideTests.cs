using System.Globalization;
using K6.Embedded.Tests;

namespace K6.Conformance.Tests.SideBySide;

/// <summary>
/// The same loads on both engines, each a process of its own, against the truth server. What the page says of them is made of <see cref="Load.All"/>. One after the other,
/// since the machine's other work is what they would measure; what depends on time gets up to five tries for the same reason, and must hold in one.
/// </summary>
[TestClass]
[DoNotParallelize]
public class SideBySideTests
{
    private const int Tries = 5;
    private const int Rounds = 3;

    private static readonly string? Recorded = Environment.GetEnvironmentVariable("K6SDK_RECORD");

    public static IEnumerable<object[]> ExactLoads => Load.Names(Rule.Exact);

    public static IEnumerable<object[]> Schedules => Load.Names(Rule.Schedule);

    public static IEnumerable<object[]> Bands => Load.Names(Rule.Band);

    public static IEnumerable<object[]> Latencies => Load.Names(Rule.Latency);

    [TestMethod]
    [DynamicData(nameof(ExactLoads))]
    public void Both_engines_do_the_same_and_count_what_the_server_saw(string name)
    {
        RealK6.Need();
        var load = Load.Named(name);
        var (k6, embedded) = (Measured.Of(load, onK6: true), Measured.Of(load, onK6: false));
        Holds([.. Judge.Exact(k6, embedded), .. Judge.Truth(k6).Select(p => "k6: " + p), .. Judge.Truth(embedded).Select(p => "embedded: " + p)]);
    }

    [TestMethod]
    [DynamicData(nameof(Schedules))]
    public void The_embedded_engine_follows_the_schedule(string name) => FollowsTheSchedule(name, onK6: false);

    [TestMethod]
    [DynamicData(nameof(Schedules))]
    public void The_schedule_is_that_of_k6(string name) => FollowsTheSchedule(name, onK6: true);

    [TestMethod]
    [DynamicData(nameof(Bands))]
    public void Counts_are_in_the_band_of_ten_runs_of_k6(string name)
    {
        var load = Load.Named(name);
        if (Recorded is { Length: > 0 })
        {
            if (Recorded == "1" || ("side-by-side/" + name).Contains(Recorded, StringComparison.Ordinal))
            {
                RecordedBands.Record(load);
            }

            Assert.Inconclusive("recording");
        }

        var recorded = RecordedBands.Read().Loads[name];
        HoldsOnce(() => Measured.Of(load, onK6: false) is var run ? [.. Judge.Band(recorded, run), .. Judge.Truth(run)] : []);
    }

    [TestMethod]
    [DynamicData(nameof(Latencies))]
    public void Latency_is_that_of_k6_in_the_same_rounds(string name)
    {
        RealK6.Need();
        var load = Load.Named(name);
        HoldsOnce(() =>
        {
            var (k6, embedded) = Interleaved(load, load);
            return [.. Judge.Latency(load, k6, embedded)];
        });
    }

    [TestMethod]
    public void One_iteration_more_is_seen()
    {
        RealK6.Need();
        var load = Load.Named("fail");
        var embedded = Measured.Of(load with { Options = load.Options.Replace("\"iterations\":8", "\"iterations\":9", StringComparison.Ordinal) }, onK6: false);
        IsSeen(Judge.Exact(Measured.Of(load, onK6: true), embedded), "9");
        Assert.IsEmpty(Judge.Truth(embedded));
        IsSeen(Judge.Truth(embedded with { ServerRequests = embedded.ServerRequests - 1 }), "http_reqs");
        IsSeen(Judge.Truth(embedded with { ServerRead = embedded.ServerRead + 1 }), "data_sent");
        IsSeen(Judge.Truth(embedded with { ServerWritten = embedded.ServerWritten + 1 }), "data_received");
    }

    [TestMethod]
    public void A_rate_that_is_three_per_cent_off_is_seen()
    {
        var load = Load.Named("constant-arrival-rate");
        var run = Measured.Of(load with { Options = load.Options.Replace("\"rate\":50", "\"rate\":100,\"timeUnit\":\"2060ms\"", StringComparison.Ordinal) }, onK6: false);
        IsSeen(Judge.Schedule(load, run), "iterations: ");
        IsSeen(Judge.Schedule(load, run), "half of the arrivals are off");
    }

    [TestMethod]
    public void Iterations_that_take_a_tenth_longer_are_seen()
    {
        var load = Load.Named("constant-vus");
        IsSeen(Judge.Band(RecordedBands.Read().Loads[load.Name], Measured.Of(load with { Sleep = load.Sleep + 9 }, onK6: false)), "iterations is");
    }

    [TestMethod]
    public void Four_milliseconds_more_are_seen()
    {
        RealK6.Need();
        var load = Load.Named("latency");
        var (k6, embedded) = Interleaved(load, load with { Delay = load.Delay + 4 });
        IsSeen(Judge.Latency(load, k6, embedded), "p50 is");
    }

    private static void FollowsTheSchedule(string name, bool onK6)
    {
        var load = Load.Named(name);
        HoldsOnce(() => Measured.Of(load, onK6) is var run ? [.. Judge.Schedule(load, run), .. Judge.Truth(run)] : []);
    }

    private static (List<Measured> K6, List<Measured> Embedded) Interleaved(Load theirs, Load ours)
    {
        var (k6, embedded) = (new List<Measured>(), new List<Measured>());
        for (var round = 0; round < Rounds; round++)
        {
            k6.Add(Measured.Of(theirs, onK6: true));
            embedded.Add(Measured.Of(ours, onK6: false));
        }

        return (k6, embedded);
    }

    private static void Holds(IReadOnlyList<string> problems) => Assert.IsEmpty(problems, string.Join('\n', problems));

    /// <summary>Holds in one of the tries. Only tries before and after which the machine was quiet speak against the engine.</summary>
    private static void HoldsOnce(Func<IReadOnlyList<string>> problems)
    {
        var all = new List<string>();
        var isQuiet = false;
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var before = Quiet.IdleShare();
            var found = problems();
            if (found.Count == 0)
            {
                return;
            }

            var idle = Math.Min(before, Quiet.IdleShare());
            isQuiet |= idle >= Quiet.Least;
            all.Add(string.Create(CultureInfo.InvariantCulture, $"try {attempt}, {idle:P0} of the machine idle: {string.Join("; ", found)}"));
            Console.WriteLine(all[^1]);
        }

        var text = string.Join('\n', all);
        if (!isQuiet)
        {
            Assert.Inconclusive("the machine is busy with other work, so this cannot be measured\n" + text);
        }

        Assert.Fail(text);
    }

    private static void IsSeen(IEnumerable<string> problems, string what) => StringAssert.Contains(string.Join('\n', problems), what);
}
