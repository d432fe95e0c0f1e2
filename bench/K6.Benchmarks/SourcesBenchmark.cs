using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;

namespace K6.Benchmarks;

/// <summary>
/// What it costs to make scripts of files of requests: time and size for <c>.http</c> files, time and memory for recordings of growing size. The reference is System.Text.Json,
/// which reads the same recording once and does nothing with it.
/// </summary>
internal static class SourcesBenchmark
{
    private const int Rounds = 3;

    public static int Run(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("k6sdk-sources-");
        try
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine();
            Console.WriteLine("| .http, requests | kB | script kB | ms |");
            Console.WriteLine("| --- | --- | --- | --- |");
            foreach (var requests in new[] { 10, 100, 1000 })
            {
                Http(folder.FullName, requests);
            }

            Console.WriteLine();
            Console.WriteLine("| recording MB | requests kept | script kB | s | System.Text.Json, s | ratio | heap after it, MB |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
            double ratio = 0;
            foreach (var size in new[] { 5, megabytes / 5, megabytes }.Distinct())
            {
                ratio = Har(folder.FullName, size);
            }

            Console.WriteLine();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Peak of the process: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB."));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sources: ratio {ratio:0.00} (goal 4.00) against System.Text.Json over the same recording, {Rounds} rounds"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Http(string folder, int requests)
    {
        var text = new StringBuilder("@host = http://localhost:5000\n@id = {{$randomInt 1 100}}\n");
        for (var i = 0; i < requests; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$$"""

                ### Request {{{i}}}
                # @name request{{{i}}}
                # @expect 200
                # @expect $.items.length > 0
                POST {{host}}/products/{{{i}}}/{{id}}?page={{$randomInt 9}}
                Content-Type: application/json
                Authorization: Bearer {{{(i == 0 ? "none" : $"{{{{request{i - 1}.response.body.$.token}}}}")}}}

                { "sku": "{{$guid}}", "at": "{{$datetime iso8601}}" }

                """);
        }

        var file = Path.Combine(folder, "shop.http");
        File.WriteAllText(file, text.ToString());
        var best = Best(() => Make(folder, file));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {requests} | {text.Length / 1024.0:0.0} | {ScriptLength(folder) / 1024.0:0.0} | {best.TotalMilliseconds:0.0} |"));
    }

    private static double Har(string folder, int megabytes)
    {
        var file = Path.Combine(folder, "shop.har");
        Write(file, megabytes);
        var reference = Best(() => ReadThrough(file));
        var took = Best(() =>
        {
            // What was remembered would not be read.
            var state = Path.Combine(folder, "obj", "k6", "recordings");
            if (Directory.Exists(state))
            {
                Directory.Delete(state, recursive: true);
            }

            Make(folder, file);
        });
        var heap = GC.GetTotalMemory(forceFullCollection: true) >> 20;
        var requests = File.ReadLines(Path.Combine(folder, "obj", "k6", "sources", "shop.ts")).Count(line => line.Contains("api.", StringComparison.Ordinal) && line.Contains('(', StringComparison.Ordinal));
        var ratio = took / reference;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {new FileInfo(file).Length >> 20} | {requests} | {ScriptLength(folder) / 1024.0:0.0} | {took.TotalSeconds:0.00} | {reference.TotalSeconds:0.00} | {ratio:0.00} | {heap} |"));
        File.Delete(file);
        return ratio;
    }

    // A journey of 200 requests, each with a token of the one before, among pictures that make up the size.
    private static void Write(string file, int megabytes)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        var picture = Convert.ToBase64String(Enumerable.Range(0, 700_000).Select(i => (byte)(i * 31)).ToArray());
        var pictures = Math.Max(1, (megabytes << 20) / picture.Length);
        json.WriteStartObject();
        json.WriteStartObject("log");
        json.WriteStartArray("entries");
        for (var i = 0; i < Math.Max(200, pictures); i++)
        {
            if (i < 200)
            {
                Entry(json, i, "GET", $"https://shop.example.com/orders/{i}?after=token-{i - 1}-abc", "application/json", $$"""{"token":"token-{{i}}-abc","items":[{{string.Join(',', Enumerable.Range(0, 50).Select(n => $$"""{"id":{{n}},"name":"product {{n}}"}"""))}}]}""");
            }

            if (i < pictures)
            {
                Entry(json, i, "GET", $"https://shop.example.com/picture-{i}.png", "image/png", picture);
                json.Flush();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Entry(Utf8JsonWriter json, int second, string method, string url, string type, string content)
    {
        json.WriteStartObject();
        json.WriteString("startedDateTime", DateTimeOffset.UnixEpoch.AddSeconds(second));
        json.WriteNumber("time", 10);
        json.WriteStartObject("request");
        json.WriteString("method", method);
        json.WriteString("url", url);
        json.WriteEndObject();
        json.WriteStartObject("response");
        json.WriteNumber("status", 200);
        json.WriteStartObject("content");
        json.WriteString("mimeType", type);
        json.WriteString("text", content);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void ReadThrough(string file)
    {
        using var stream = File.OpenRead(file);
        var buffer = new byte[4 << 20];
        var state = new JsonReaderState();
        int left = 0, read;
        while ((read = stream.Read(buffer, left, buffer.Length - left)) > 0 || left > 0)
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(0, left + read), read == 0, state);
            while (reader.Read())
            {
                // Nothing is done with it.
            }

            state = reader.CurrentState;
            var consumed = (int)reader.BytesConsumed;
            left = left + read - consumed;
            buffer.AsSpan(consumed, left).CopyTo(buffer);
        }
    }

    private static void Make(string folder, string file)
    {
        var project = Path.Combine(folder, "Shop.csproj");
        var diagnostics = new List<Diagnostic>();
        var plan = LoadPlanBuilder.Build(
            new ProjectDeclaration { File = project, Items = [new ItemDeclaration("K6Scenario", file, new SourceLocation(project, 1, 1))] }, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
        SourceScripts.Write(plan, Path.Combine(folder, "obj", "k6"));
    }

    private static long ScriptLength(string folder) => new FileInfo(Path.Combine(folder, "obj", "k6", "sources", "shop.ts")).Length;

    private static TimeSpan Best(Action action) => Enumerable.Range(0, Rounds).Select(_ =>
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }).Min();
}
