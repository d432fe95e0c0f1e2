using System.Globalization;
using System.IO.Compression;
using System.Text;
using K6.LoadTesting.Metrics;

namespace K6.LoadTesting.Tests.Metrics;

[TestClass]
public class JsonSamplesTests
{
    private const string Point = """{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-22T12:10:29.833441288Z","value":4.110644,"tags":{"name":"a","status":"200"}}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk-json-").FullName;

    [TestCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void A_point_as_k6_writes_it_is_read()
    {
        var sample = Read(Point + "\n").Single();

        Assert.AreEqual(("http_req_duration", 1795349429833441L, 4.110644), (sample.Metric, sample.Microseconds, sample.Value));
        Assert.AreEqual("name=a status=200", string.Join(' ', sample.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
    }

    // Each goes around the fast way at another place; the result is the same.
    [TestMethod]
    [DataRow("""{"type":"Point","metric":"http_req_duration","data":{"time":"2026-11-22T12:10:29.833441288Z","value":4.110644,"tags":{"name":"a","status":"200"}}}""", DisplayName = "another order")]
    [DataRow("""{ "metric": "http_req_duration", "type": "Point", "data": { "time": "2026-11-22T12:10:29.833441288Z", "value": 4.110644, "tags": { "name": "a", "status": "200" } } }""", DisplayName = "spaces")]
    [DataRow("""{"metric":"http_req_duration","type":"Point","data":{"value":4.110644,"time":"2026-11-22T12:10:29.833441288Z","tags":{"status":"200","name":"a"}}}""", DisplayName = "tags in another order")]
    [DataRow("""{"metric":"http_req_\u0064uration","type":"Point","data":{"time":"2026-11-22T12:10:29.833441288Z","value":4.110644,"tags":{"n\u0061me":"\u0061","status":"200"}}}""", DisplayName = "escapes")]
    [DataRow("""{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-22T13:10:29.833441288+01:00","value":4.110644,"tags":{"name":"a","status":"200"}}}""", DisplayName = "a zone")]
    [DataRow("""{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-22T12:10:29.833441288Z","value":4.110644e0,"tags":{"name":"a","status":"200","empty":""}}}""", DisplayName = "an exponent, an empty tag")]
    [DataRow("""{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-22T12:10:29.833441288Z","value":4.110644,"tags":{"name":"a","status":"200"},"metadata":{"trace_id":"1"}}}""", DisplayName = "metadata")]
    public void Other_layouts_say_the_same(string line)
    {
        var expected = Read(Point + "\n").Single();

        var sample = Read(line + "\n").Single();

        Assert.AreEqual((expected.Metric, expected.Microseconds, expected.Value), (sample.Metric, sample.Microseconds, sample.Value));
        CollectionAssert.AreEquivalent(expected.Tags.ToDictionary(), sample.Tags.ToDictionary());
    }

    [TestMethod]
    public void Tags_that_look_like_our_marks_stay_tags()
    {
        var sample = Read("""{"metric":"a1","type":"Point","data":{"time":"2026-11-22T12:10:29Z","value":1,"tags":{"name":"},\"metadata\":{ } ,\"tags\":"}}}""" + "\n").Single();

        Assert.AreEqual("},\"metadata\":{ } ,\"tags\":", sample.Tags["name"]);
        Assert.AreEqual(1795349429000000L, sample.Microseconds);
        Assert.IsEmpty(Read("""{"metric":"a1","type":"Point","data":{"time":"2026-11-22T12:10:29Z","value":1,"tags":null}}""" + "\n").Single().Tags);
    }

    [TestMethod]
    public void Numbers_are_the_nearest_doubles()
    {
        string[] numbers = ["0", "0.000000", "-0.5", "16.210249", "1e-7", "123456789012345.678901", "0.1", "1797693134862315700000000", "2.2250738585072014e-308", "999999999.999999"];

        var values = Read(string.Concat(numbers.Select(number => Point.Replace("4.110644", number, StringComparison.Ordinal) + "\n"))).Select(sample => sample.Value).ToArray();

        CollectionAssert.AreEqual(numbers.Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray(), values);
    }

    [TestMethod]
    public void Metrics_are_known_by_what_the_file_says_of_them()
    {
        var reader = new SamplesReader(Write("""
            {"type":"Metric","data":{"name":"steps","type":"trend","contains":"time","thresholds":["p(95)<500"],"submetrics":null},"metric":"steps"}
            {"metric":"steps","type":"Point","data":{"time":"2026-11-22T12:10:29Z","value":1,"tags":{}}}
            """));

        Assert.HasCount(1, reader.Read().ToList());
        Assert.AreEqual(("trend", "time", "p(95)<500"), (reader.Metrics["steps"].Type, reader.Metrics["steps"].Contains, reader.Metrics["steps"].Thresholds.Single()));
        Assert.IsFalse(reader.Truncated, "a whole last line may lack its line break");
    }

    [TestMethod]
    public void A_last_line_that_is_cut_is_left_out_and_told()
    {
        var reader = new SamplesReader(Write($"{Point}\n{Point[..80]}"));

        Assert.HasCount(1, reader.Read().ToList());
        Assert.IsTrue(reader.Truncated);
    }

    [TestMethod]
    public void A_value_that_is_no_number_is_no_sample_and_a_line_that_is_no_json_is_refused()
    {
        Assert.IsEmpty(Read(Point.Replace("4.110644", "null", StringComparison.Ordinal) + "\n\n"));
        Assert.Contains("not a sample", Assert.ThrowsExactly<InvalidDataException>(() => Read($"{Point}\n{{oops\n{Point}\n")).Message);
        // Two lines in one: its layout is k6's up to the tags.
        Assert.Contains("not a sample", Assert.ThrowsExactly<InvalidDataException>(() => Read($"{Point}{Point}\n{Point}\n")).Message);
    }

    [TestMethod]
    public void Several_files_gzip_or_not_are_one()
    {
        var packed = Path.Combine(folder, "b.json.gz");
        using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Point + "\n" + Point + "\n"));
        }

        Assert.HasCount(3, new SamplesReader(Write(Point + "\n"), packed).Read().ToList());
    }

    // A fast way that is never taken would be right and useless.
    [TestMethod]
    public void Millions_of_different_tags_need_no_more_memory_than_thousands()
    {
        var few = Allocated(20_000);
        var many = Allocated(200_000);

        Assert.IsLessThan(few * 3, many, $"{few} bytes alive after 20,000 URLs, {many} after 200,000");

        long Allocated(int count)
        {
            var file = Path.Combine(folder, $"{count}.json");
            File.WriteAllLines(file, Enumerable.Range(0, count).Select(i => Point.Replace("\"a\"", $"\"http://localhost/{i}\"", StringComparison.Ordinal)));
            var most = 0L;
            var read = 0;
            foreach (var _ in new SamplesReader(file).Read())
            {
                if (++read % 10_000 == 0)
                {
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
                }
            }

            Assert.AreEqual(count, read);
            return most;
        }
    }

    private List<Sample> Read(string text) => new SamplesReader(Write(text)).Read().ToList();

    private string Write(string text)
    {
        var file = Path.Combine(folder, "samples.json");
        File.WriteAllText(file, text);
        return file;
    }
}
