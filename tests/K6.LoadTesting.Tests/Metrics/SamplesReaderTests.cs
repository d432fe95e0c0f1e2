using System.IO.Compression;
using System.Text;
using K6.LoadTesting.Metrics;

namespace K6.LoadTesting.Tests.Metrics;

[TestClass]
public class SamplesReaderTests
{
    private const string Header = "metric_name,timestamp,metric_value,check,group,name,scenario,status,extra_tags,metadata\n";

    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk-samples-").FullName;

    [TestCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Tags_come_from_columns_and_from_extra_tags_and_metadata_is_none()
    {
        var sample = Read(Header + "http_req_duration,1795416433762762,16.210249,,::login,\"ok, \"\"x\"\"\nsecond line\",browse,200,foo=a&b=c & d = x&e=f=g,vu=3\n").Single();

        Assert.AreEqual("http_req_duration", sample.Metric);
        Assert.AreEqual(1795416433762762, sample.Microseconds);
        Assert.AreEqual(16.210249, sample.Value);
        CollectionAssert.AreEquivalent(
            new Dictionary<string, string>
            {
                ["group"] = "::login",
                ["name"] = "ok, \"x\"\nsecond line",
                ["scenario"] = "browse",
                ["status"] = "200",
                ["foo"] = "a",
                ["b"] = "c & d = x",
                ["e"] = "f=g",
            },
            sample.Tags.ToDictionary());
    }

    [TestMethod]
    public void Samples_with_equal_tags_share_them()
    {
        var samples = Read(Header + "a,1795416433762762,1,,,,x,,,\nb,1795416433762763,-2.5,,,,x,,,\n");

        Assert.AreSame(samples[0].Tags, samples[1].Tags);
        Assert.AreEqual(-2.5, samples[1].Value);
    }

    [TestMethod]
    public void Gzip_is_read_and_one_that_is_cut_gives_what_is_whole()
    {
        var text = new StringBuilder(Header);
        for (var i = 0; i < 20_000; i++)
        {
            text.Append($"m,17954164337{i:00000},{i}.000000,,,,s{i % 7},,,\n");
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text.ToString().Replace("17954164337", "17954164330", StringComparison.Ordinal)));
        }

        var whole = ReadFile(packed.ToArray(), out var truncated);
        Assert.HasCount(20_000, whole);
        Assert.IsFalse(truncated);

        var cut = ReadFile(packed.ToArray()[..(int)(packed.Length / 2)], out truncated);
        Assert.IsTrue(truncated);
        Assert.IsGreaterThan(1000, cut.Count);
        CollectionAssert.AreEqual(whole.Take(cut.Count).Select(sample => sample.Value).ToArray(), cut.Select(sample => sample.Value).ToArray());
    }

    [TestMethod]
    public void A_last_line_that_is_cut_is_left_out()
    {
        var samples = ReadFile(Encoding.UTF8.GetBytes(Header + "a,1795416433762762,1,,,,x,,,\nb,17954164337"), out var truncated);

        Assert.HasCount(1, samples);
        Assert.IsTrue(truncated);
    }

    [TestMethod]
    [DataRow("a,b,c\n", "header")]
    [DataRow(Header + "a,x,1,,,,x,,,\n", "not a sample")]
    public void Another_format_is_refused_with_what_is_wrong(string text, string because)
    {
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => Read(text));

        Assert.Contains(because, failure.Message);
    }

    [TestMethod]
    [DataRow("1795416433", 1795416433000000)]
    [DataRow("1795416433762", 1795416433762000)]
    [DataRow("1795416433762762", 1795416433762762)]
    [DataRow("1795416433762762123", 1795416433762762)]
    [DataRow("2026-11-23T06:47:13.762762Z", 1795416433762762)]
    [DataRow("2026-11-23T07:47:13+01:00", 1795416433000000)]
    public void Every_format_of_time_that_k6_has_is_read(string time, long microseconds) =>
        Assert.AreEqual(microseconds, Read(Header + $"a,{time},1,,,,x,,,\n").Single().Microseconds);

    [TestMethod]
    public void Metadata_of_each_sample_make_no_series_of_their_own()
    {
        var samples = Read(Header + "a,1795416433762762,1,,,,x,200,,trace_id=1\na,1795416433762762,1,,,,x,200,,trace_id=2\n");

        Assert.AreSame(samples[0].Series, samples[1].Series);
    }

    private List<Sample> Read(string text) => ReadFile(Encoding.UTF8.GetBytes(text), out _);

    private List<Sample> ReadFile(byte[] bytes, out bool truncated)
    {
        var file = Path.Combine(folder, "samples.csv.gz");
        File.WriteAllBytes(file, bytes);
        var reader = new SamplesReader(file);
        var samples = reader.Read().ToList();
        truncated = reader.Truncated;
        return samples;
    }
}
