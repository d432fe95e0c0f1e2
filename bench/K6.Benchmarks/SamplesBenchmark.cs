using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using K6.LoadTesting.Metrics;

namespace K6.Benchmarks;

/// <summary>
/// The reader of raw samples against a plain reader loop over the same file: <see cref="Utf8JsonReader"/> for k6's json, <see cref="StreamReader"/> and Split for its csv. Both give
/// metric, time, value and tags of every sample; tags are made once for each set of bytes by both.
/// </summary>
internal static class SamplesBenchmark
{
    private const int Requests = 200_000;
    private const int Rounds = 5;
    private const double Goal = 2;

    private static readonly string[] Metrics =
    [
        "http_reqs", "http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking", "http_req_sending", "http_req_waiting", "http_req_receiving", "http_req_failed",
    ];

    public static int Run()
    {
        Console.WriteLine(Machine.Describe());
        var folder = Directory.CreateTempSubdirectory("k6bench-samples-").FullName;
        try
        {
            var json = Path.Combine(folder, "samples.json");
            var csv = Path.Combine(folder, "samples.csv");
            var count = WriteJson(json, Requests);
            WriteCsv(csv, Requests);
            var packed = Pack(csv, Path.Combine(folder, "samples.csv.gz"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} samples of {Requests} requests on 20 endpoints; json {Megabytes(json):0} MB, csv {Megabytes(csv):0} MB, csv.gz {Megabytes(packed):0.0} MB\n"));
            Console.WriteLine($"{"",-34} {"CPU ms",8} {"ns/sample",10} {"ratio",6}");
            var ratio = Compare("json", "Utf8JsonReader loop", () => Ours(json), () => PlainJson(json), count);
            Compare("csv", "StreamReader and Split", () => Ours(csv), () => PlainCsv(csv, packed: false), count);
            Compare("csv.gz", "StreamReader and Split", () => Ours(packed), () => PlainCsv(packed, packed: true), count);
            Memory(folder);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"samples: ratio {ratio:0.00} (goal {Goal:0.00}) against a Utf8JsonReader loop, {Rounds} rounds"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Compare(string format, string reference, Func<(long, double)> ours, Func<(long, double)> theirs, long count)
    {
        if (ours() != theirs())
        {
            throw new BenchmarkException($"the readers of {format} disagree: {ours()} and {theirs()}");
        }

        var (our, their) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            our.Add(Cpu(ours));
            their.Add(Cpu(theirs));
        }

        var (a, b) = (Machine.Median(our), Machine.Median(their));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format + ", SamplesReader",-34} {a,8:0} {a * 1e6 / count,10:0} {b / a,6:0.00}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format + ", " + reference,-34} {b,8:0} {b * 1e6 / count,10:0} {1.0,6:0.00}"));
        return b / a;
    }

    // CPU of this process: the machine's other work does not count.
    private static double Cpu(Func<(long, double)> read)
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        read();
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalMilliseconds;
    }

    private static void Memory(string folder)
    {
        Console.WriteLine("\nmemory alive at most, percentiles of 20 endpoints and both statuses, exact:");
        foreach (var requests in new[] { Requests / 10, Requests })
        {
            var file = Path.Combine(folder, $"{requests}.json");
            var samples = WriteJson(file, requests);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var alive = 0L;
            using var timer = new Timer(_ => alive = Math.Max(alive, GC.GetTotalMemory(forceFullCollection: false)), null, 0, 20);
            var allocated = GC.GetTotalAllocatedBytes();
            foreach (var group in SampleStatistics.Compute(
                file,
                [.. Enumerable.Range(0, 20).Select(i => new StatisticsRequest($"http_req_duration{{name:GET /products/{i}}}", "trend", ["med", "p(95)", "p(99.9)"]))],
                1))
            {
                _ = group.Value["med"];
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {samples,9} samples: {(alive - before) / 1048576.0,6:0.0} MB alive with garbage, {(GC.GetTotalAllocatedBytes() - allocated) / 1048576.0,6:0.0} MB allocated in all"));
        }
    }

    private static (long Count, double Sum) Ours(string file)
    {
        var (count, sum) = (0L, 0.0);
        foreach (var sample in new SamplesReader(file).Read())
        {
            count++;
            sum += sample.Value + sample.Tags.Count + (sample.Microseconds % 7);
        }

        return (count, sum);
    }

    private static (long Count, double Sum) PlainJson(string file)
    {
        var (count, sum) = (0L, 0.0);
        var tagSets = new Dictionary<string, Dictionary<string, string>>();
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var buffer = new byte[1 << 18];
        var (start, end) = (0, 0);
        while (true)
        {
            var line = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (line < 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
                var read = stream.Read(buffer, end, buffer.Length - end);
                if (read == 0)
                {
                    return (count, sum);
                }

                end += read;
                continue;
            }

            var (value, time, tags, isPoint) = (0.0, 0L, 0, false);
            var bytes = buffer.AsSpan(start, line);
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    isPoint = reader.ValueTextEquals("Point"u8);
                }
                else if (reader.ValueTextEquals("time"u8))
                {
                    reader.Read();
                    time = (reader.GetDateTimeOffset().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
                }
                else if (reader.ValueTextEquals("value"u8))
                {
                    reader.Read();
                    value = reader.GetDouble();
                }
                else if (reader.ValueTextEquals("tags"u8))
                {
                    reader.Read();
                    var from = (int)reader.TokenStartIndex;
                    reader.Skip();
                    tags = Tags(tagSets, bytes[from..(int)reader.BytesConsumed]);
                }
            }

            start += line + 1;
            if (isPoint)
            {
                count++;
                sum += value + tags + (time % 7);
            }
        }
    }

    private static int Tags(Dictionary<string, Dictionary<string, string>> known, ReadOnlySpan<byte> raw)
    {
        var key = Encoding.UTF8.GetString(raw);
        if (!known.TryGetValue(key, out var tags))
        {
            known[key] = tags = JsonSerializer.Deserialize<Dictionary<string, string>>(raw)!.Where(tag => tag.Value.Length > 0).ToDictionary();
        }

        return tags.Count;
    }

    private static (long Count, double Sum) PlainCsv(string file, bool packed)
    {
        var (count, sum) = (0L, 0.0);
        using Stream stream = packed ? new GZipStream(File.OpenRead(file), CompressionMode.Decompress) : File.OpenRead(file);
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            var tags = 0;
            for (var i = 3; i < fields.Length - 1; i++)
            {
                tags += fields[i].Length > 0 ? 1 : 0;
            }

            count++;
            sum += double.Parse(fields[2], CultureInfo.InvariantCulture) + tags + (long.Parse(fields[1], CultureInfo.InvariantCulture) % 7);
        }

        return (count, sum);
    }

    private static long WriteJson(string file, int requests)
    {
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        foreach (var metric in Metrics)
        {
            writer.WriteLine($$$"""{"type":"Metric","data":{"name":"{{{metric}}}","type":"trend","contains":"time","thresholds":[],"submetrics":null},"metric":"{{{metric}}}"}""");
        }

        return Write(requests, (metric, time, value, endpoint, status) =>
        {
            writer.Write($$$"""{"metric":"{{{metric}}}","type":"Point","data":{"time":"{{{time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}}}288Z","value":{{{value.ToString(CultureInfo.InvariantCulture)}}},"tags":""");
            writer.Write($$$"""{"expected_response":"{{{(status == 200 ? "true" : "false")}}}","group":"","method":"GET","name":"GET /products/{{{endpoint}}}","proto":"HTTP/1.1","scenario":"browse","status":"{{{status}}}",""");
            writer.Write($"\"url\":\"http://127.0.0.1:18080/products/{endpoint}\"");
            writer.WriteLine("}}}");
        });
    }

    private static long WriteCsv(string file, int requests)
    {
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        writer.WriteLine("metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata");
        return Write(requests, (metric, time, value, endpoint, status) => writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{metric},{(time.Ticks - DateTime.UnixEpoch.Ticks) / 10},{value:F6},,,,{(status == 200 ? "true" : "false")},,GET,GET /products/{endpoint},HTTP/1.1,browse,,{status},,,http://127.0.0.1:18080/products/{endpoint},,")));
    }

    // Per request the metrics follow each other with the same tags, as k6 writes them.
    private static long Write(int requests, Action<string, DateTime, double, int, int> sample)
    {
        var random = new Random(1);
        var start = new DateTime(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < requests; i++)
        {
            var (endpoint, status) = (random.Next(20), random.Next(100) == 0 ? 500 : 200);
            var time = start.AddMicroseconds(i * 500L);
            foreach (var metric in Metrics)
            {
                sample(metric, time, metric is "http_reqs" ? 1 : metric is "http_req_failed" ? (status == 200 ? 0 : 1) : Math.Round(random.NextDouble() * 200, 6), endpoint, status);
            }
        }

        return (long)requests * Metrics.Length;
    }

    private static string Pack(string file, string target)
    {
        using var source = File.OpenRead(file);
        using var gzip = new GZipStream(File.Create(target), CompressionLevel.Fastest);
        source.CopyTo(gzip);
        return target;
    }

    private static double Megabytes(string file) => new FileInfo(file).Length / 1e6;
}
