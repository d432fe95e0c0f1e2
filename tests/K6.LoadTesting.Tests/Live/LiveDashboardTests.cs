using System.Net;
using System.Text.Json.Nodes;
using K6.LoadTesting.Live;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services.Monitoring;
using K6.LoadTesting.Tests.Reports;

namespace K6.LoadTesting.Tests.Live;

[TestClass]
public sealed class LiveDashboardTests
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk-live-").FullName;

    private string Record => Path.Combine(_folder, "timeline.ndjson");

    [TestCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Without_the_token_there_is_nothing()
    {
        await using var live = LiveDashboard.Start();

        Assert.IsTrue(IPAddress.IsLoopback(IPAddress.Parse(live.Address.Host)));
        Assert.AreEqual(HttpStatusCode.OK, (await Http.GetAsync(live.Address)).StatusCode);
        foreach (var path in new[] { "/", "/events", "/favicon.ico", $"/{new string('0', 32)}/" })
        {
            Assert.AreEqual(HttpStatusCode.NotFound, (await Http.GetAsync(new Uri(live.Address, path))).StatusCode, path);
        }
    }

    [TestMethod]
    public async Task A_name_elsewhere_that_leads_here_gets_nothing()
    {
        await using var live = LiveDashboard.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, live.Address) { Headers = { Host = "evil.example" } };

        Assert.AreEqual(HttpStatusCode.NotFound, (await Http.SendAsync(request)).StatusCode);
    }

    [TestMethod]
    public async Task The_page_runs_only_its_own_script()
    {
        await using var live = LiveDashboard.Start();

        var page = await Http.GetStringAsync(live.Address);

        var nonce = page.Split("script-src 'nonce-")[1].Split('\'')[0];
        Assert.HasCount(32, nonce);
        Assert.Contains($"<script nonce=\"{nonce}\">", page);
        Assert.Contains("default-src 'none'", page);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.AreNotEqual(page, await Http.GetStringAsync(live.Address), "each answer has a nonce of its own");
    }

    [TestMethod]
    public async Task Who_comes_late_sees_the_load_from_its_start_with_the_services_beside_it()
    {
        var live = LiveDashboard.Start();
        Begin(live);
        Snapshot(1, 5, 12);
        live.Feed.Update();
        Snapshot(2, 10, 14);
        live.Feed.Update();

        using var response = await OpenAsync(live);
        var events = ReadAsync(response);
        live.Feed.End(SampleResult.Passed());
        await live.DisposeAsync();
        var messages = await events;

        Assert.AreEqual("test row row finished end", string.Join(' ', messages.Select(message => message["type"]!.GetValue<string>())));
        Assert.AreEqual("browse", messages[0]["name"]!.GetValue<string>());
        Assert.AreEqual("p(95) 500", $"{messages[0]["limits"]![0]!["statistic"]} {messages[0]["limits"]![0]!["limit"]}");
        Assert.AreEqual("2 10 14 0.5", $"{messages[2]["t"]} {messages[2]["load"]!["requests"]} {messages[2]["load"]!["p(95)"]} {messages[2]["watched"]!["shop-api"]!["cpu"]}");
        Assert.AreEqual("passed", messages[3]["verdict"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task It_ends_with_the_run_whoever_looks()
    {
        var live = LiveDashboard.Start();
        using var response = await OpenAsync(live);
        var events = ReadAsync(response);

        // Somebody who says nothing, and somebody who never reads.
        using var silent = new System.Net.Sockets.TcpClient("127.0.0.1", live.Address.Port);
        await live.DisposeAsync();

        Assert.AreEqual("end", (await events).Single()["type"]!.GetValue<string>());
        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => Http.GetAsync(live.Address));
    }

    [TestMethod]
    public void Figures_of_the_last_second_are_those_of_the_recording()
    {
        var recording = new LiveRecording(Record);
        recording.Read();
        Assert.IsNull(recording.Last(), "nothing is written yet");

        WriteHead();
        Snapshot(1, 5, 12);
        File.AppendAllText(Record, "{\"event\":\"snapshot\",\"data\":[[20],[7");
        recording.Read();
        Assert.AreEqual(new LiveFigures(5, 12, null), recording.Last());

        File.AppendAllText(Record, "],[3000]]}\n{\"event\":\"nonsense\"}\nnonsense\n");
        recording.Read();
        Assert.AreEqual(new LiveFigures(3.5, 20, null), recording.Last(), "7 requests in 2 seconds");
    }

    private void Begin(LiveDashboard live)
    {
        WriteHead();
        live.Feed.Begin(
            new TestPlan
            {
                Name = "browse",
                Thresholds =
                [
                    new ThresholdPlan
                    {
                        Name = "p95", Metric = "http_req_duration", Statistic = "p(95)", Operator = "<", Limit = 500, Expression = "p(95)<500",
                        Location = new K6.LoadTesting.Diagnostics.SourceLocation("/x", 1, 1),
                    },
                ],
            },
            TimeSpan.FromSeconds(30),
            Record,
            () => [("shop-api", new MonitoredSample(DateTimeOffset.UtcNow, new Dictionary<string, double> { ["cpu"] = 0.5, ["odd"] = double.NaN }))]);
    }

    private void WriteHead() => File.WriteAllText(
        Record,
        """
        {"event":"param","data":{"period":1000,"aggregates":{"counter":["count"],"trend":["p(95)"]}}}
        {"event":"metric","data":{"time":{"type":"gauge"},"http_reqs":{"type":"counter"},"http_req_duration":{"type":"trend"}}}
        {"event":"start","data":[[0]]}

        """);

    // Sorted: http_req_duration, http_reqs, time.
    private void Snapshot(int second, int requests, int p95) =>
        File.AppendAllText(Record, $"{{\"event\":\"snapshot\",\"data\":[[{p95}],[{requests}],[{second * 1000}]]}}\n");

    private static async Task<HttpResponseMessage> OpenAsync(LiveDashboard live)
    {
        var response = await Http.GetAsync(new Uri(live.Address, "events"), HttpCompletionOption.ResponseHeadersRead);
        Assert.AreEqual("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return response;
    }

    private static async Task<IReadOnlyList<JsonNode>> ReadAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var messages = new List<JsonNode>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                messages.Add(JsonNode.Parse(line[6..])!);
            }
        }

        return messages;
    }
}
