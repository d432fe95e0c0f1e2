using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Engines;

/// <summary>Every output of k6 into a recorder on loopback; inconclusive without k6.</summary>
[TestClass]
public class K6OutputTests
{
    [TestMethod]
    public async Task What_is_streamed_carries_the_labels_of_the_run()
    {
        var k6 = await EngineLab.K6Async();
        using var recorder = new Recorder();
        using var project = new ScriptProject();
        project.Write("browse.ts", "export const options = { tags: { team: 'shop' }, vus: 1, iterations: 3 };\nexport default function () {}");
        var test = project.Plan(project.Scenario("browse.ts")).Tests[0];
        var bundle = (await project.BundlesAsync(project.PlanOf(test))).Single();
        var outputs = new[]
        {
            Output("influxdb", $"{recorder.Address}/k6"),
            Output("opentelemetry", null, ("K6_OTEL_EXPORTER_PROTOCOL", "http/protobuf"), ("K6_OTEL_HTTP_EXPORTER_ENDPOINT", recorder.Authority), ("K6_OTEL_HTTP_EXPORTER_INSECURE", "true"), ("K6_OTEL_FLUSH_INTERVAL", "200ms"), ("K6_OTEL_EXPORT_INTERVAL", "200ms")),
            Output("experimental-prometheus-rw", null, ("K6_PROMETHEUS_RW_SERVER_URL", $"{recorder.Address}/api/v1/write"), ("K6_PROMETHEUS_RW_PUSH_INTERVAL", "200ms")),
            Output("json", "output.json.gz"),
            Output("csv", "output.csv"),
        };
        var runId = Guid.NewGuid().ToString("D");
        var folder = Path.Combine(project.Folder, "results");
        var environment = EngineEnvironment.Build(EngineEnvironment.Machine(), [], [], []).WithOutputs(outputs, new Dictionary<string, string>());
        var inspection = await EngineInspector.InspectAsync(test, bundle, k6, environment, folder, CancellationToken.None);
        Assert.IsNotNull(inspection.Requirements, string.Join(' ', inspection.Diagnostics));

        var run = await EngineRunner.RunAsync(
            new EngineRunRequest
            {
                Test = test,
                Bundle = bundle,
                Engine = k6,
                Settings = new RunSettings { Samples = true },
                Environment = environment,
                Folder = folder,
                Requirements = inspection.Requirements,
                Outputs = outputs,
                Labels = new Dictionary<string, string> { ["run_id"] = runId, ["branch"] = "main", ["test"] = "browse" },
            },
            null,
            CancellationToken.None);

        Assert.AreEqual(EngineOutcome.Completed, run.Outcome, run.ErrorMessage);
        foreach (var path in new[] { "/write", "/v1/metrics", "/api/v1/write" })
        {
            Assert.IsTrue(recorder.Bodies.Any(one => one.Path == path && one.Text.Contains(runId, StringComparison.Ordinal)), $"{path}: {string.Join(' ', recorder.Bodies.Select(one => one.Path).Distinct())}");
        }

        foreach (var file in new[] { Path.Combine(folder, "output.json.gz"), Path.Combine(folder, "output.csv"), run.SamplesFile! })
        {
            var tags = new SamplesReader(file).Read().First(sample => sample.Metric == "iterations").Tags;
            Assert.AreEqual((runId, "main", "browse", "default", "shop"), (tags["run_id"], tags["branch"], tags["test"], tags["scenario"], tags["team"]), file);
        }
    }

    private static OutputPlan Output(string name, string? argument, params (string Name, string Value)[] settings) => new()
    {
        Name = name,
        Argument = argument,
        Settings = settings.ToDictionary(one => one.Name, one => one.Value),
        Location = new SourceLocation("/x", 1, 1),
    };

    /// <summary>Takes whatever is posted to it.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Recorder()
        {
            Authority = $"127.0.0.1:{EngineCommandLine.FreePort()}";
            _listener.Prefixes.Add($"{Address}/");
            _listener.Start();
            _ = ListenAsync();
        }

        public string Authority { get; }

        public string Address => $"http://{Authority}";

        public ConcurrentBag<(string Path, string Text)> Bodies { get; } = [];

        public void Dispose() => _listener.Close();

        private async Task ListenAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    body.Position = 0;
                    using var content = context.Request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : (Stream)body;
                    using var reader = new StreamReader(content, Encoding.Latin1);
                    Bodies.Add((context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync()));
                    context.Response.StatusCode = 200;
                    context.Response.Close();
                }
            }
            catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
