using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace K6.Benchmarks;

/// <summary>The time from the command to the first request, warm: of <c>dotnet build -t:LoadTest</c> against <c>k6 run</c> of the same bundle; and what takes it.</summary>
internal static class FirstRequestBenchmark
{
    private const int Rounds = 9;
    private const double Goal = 1.50;

    /// <summary>Measures and prints. 0 measured, 3 without k6.</summary>
    public static int Run()
    {
        if (Machine.Find("k6") is not { } k6)
        {
            Console.WriteLine("time-to-first-request: not measured, because there is no k6 on PATH");
            return 3;
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var project = new BuildProject(
            $"""<K6EnvironmentVariable Include="BASE_URL" Value="{address}" /><K6Scenario Include="browse.ts" Vus="1" Iterations="1" />""", [("browse.ts", BuildProject.Script("")), BuildProject.OnK6]);
        Console.WriteLine(Machine.Describe());
        var (ours, theirs, builds, bare) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(First(listener, project.Command("-t:LoadTest")));
            var run = Machine.Command(null, [k6, "run", "--quiet", "--no-usage-report", "--include-system-env-vars=true", Path.Combine(project.Output, "browse.js")]);
            run.Environment["BASE_URL"] = address;
            theirs.Add(First(listener, run));
            builds.Add(project.Build().Wall.TotalMilliseconds);
            bare.Add(Machine.Run(Machine.Command(null, [k6, "version"])).Wall.TotalMilliseconds);
        }

        var summary = project.Command("-t:LoadTest", "-clp:PerformanceSummary");
        var text = Answering(listener, summary);
        Console.WriteLine(BuildProject.Row("LoadTest: from the command to the first request", Machine.Median(ours)));
        Console.WriteLine(BuildProject.Row("k6 run of the same bundle, alone", Machine.Median(theirs)));
        Console.WriteLine(BuildProject.Row("a build with nothing to do", Machine.Median(builds)));
        Console.WriteLine(BuildProject.Row("k6 version (the probe; k6 inspect takes about as long as k6 run until here)", Machine.Median(bare)));
        Console.Write($"targets and tasks of one LoadTest:\n{BuildProject.Summary(text)}");
        var reference = theirs.Zip(builds, (first, build) => first + build).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"against k6 run alone: {Machine.Median(ours) / Machine.Median(theirs):0.0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A/A (the reference, odd rounds against even): {BuildProject.SameAgain(reference):0.000}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"time-to-first-request: ratio {Machine.Median(ours) / Machine.Median(reference):0.00} (goal {Goal:0.00}) against k6 run and a build with nothing to do, {Rounds} rounds"));
        return 0;
    }

    private static double First(TcpListener listener, ProcessStartInfo command)
    {
        var clock = Stopwatch.StartNew();
        var first = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var at = clock.Elapsed.TotalMilliseconds;
            await AnswerAsync(client);
            return at;
        });
        Machine.Run(command);
        return first.GetAwaiter().GetResult();
    }

    private static string Answering(TcpListener listener, ProcessStartInfo command)
    {
        var answered = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await AnswerAsync(client);
        });
        var output = Machine.Run(command).Output;
        answered.GetAwaiter().GetResult();
        return output;
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[4096], 1);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
    }
}
