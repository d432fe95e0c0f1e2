using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Sources;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.Benchmarks;

/// <summary>The client of a document of 10 MB, or of a given one, against <see cref="JsonDocument.Parse(ReadOnlyMemory{byte}, JsonDocumentOptions)"/> of the same bytes: CPU, size, memory.</summary>
internal static class OpenApiBenchmark
{
    private const int Rounds = 5;
    private const double Goal = 25;

    public static int Run(string? document)
    {
        Console.WriteLine(Machine.Describe());
        var folder = Directory.CreateTempSubdirectory("k6bench-openapi-").FullName;
        try
        {
            var file = document ?? Path.Combine(folder, "document.json");
            if (document is null)
            {
                File.WriteAllText(file, Document(1000, 4000));
            }

            var bytes = File.ReadAllBytes(file);
            var (our, their) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var times = (Cpu(() => Make(file, Path.Combine(folder, $"round{round}"))), Cpu(() => JsonDocument.Parse(bytes).Dispose()));
                if (round > 0)
                {
                    our.Add(times.Item1);
                    their.Add(times.Item2);
                }
            }

            var clients = Path.Combine(folder, "round0", OpenApiClients.Folder);
            var (a, b) = (Machine.Median(our), Machine.Median(their));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"document {bytes.Length / 1e6:0.0} MB; client {Size(clients, "bench.operations.ts"):0.00} MB, schemas {Size(clients, "bench.schemas.ts"):0.00} MB, scenario {Size(Path.Combine(folder, "round0", SourceScripts.Folder), "bench.ts"):0.00} MB"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"client and scenario {a:0} ms CPU, JsonDocument.Parse {b:0} ms; {GC.GetTotalMemory(forceFullCollection: false) / 1048576.0:0} MB alive at the end"));
            if (Path.GetExtension(file) != ".json")
            {
                return 0;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"openapi: ratio {a / b:0.00} (goal {Goal:0.00}) against JsonDocument.Parse of the same document, {Rounds} rounds"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Make(string file, string output)
    {
        var diagnostics = new List<Diagnostic>();
        var plan = new OpenApiPlan { Name = "bench", File = file, Location = new SourceLocation(file, 1, 1) };
        var made = OpenApiClients.Write([plan], Path.GetDirectoryName(file)!, output, ["bench"], diagnostics);
        if (made.Count == 0)
        {
            throw new BenchmarkException(string.Join('\n', diagnostics));
        }

        var scenario = new ScenarioPlan { Name = "bench", File = SourceScripts.PathOf(output, "bench"), Client = "bench", Location = plan.Location };
        var whole = new LoadPlan { Project = "bench", ProjectFile = file, Tests = [new TestPlan { Name = "bench", Scenarios = [scenario] }], OpenApi = [plan] };
        SourceScripts.Write(OpenApiClients.WithRequests(whole, output), output);
    }

    private static double Cpu(Action action)
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        action();
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalMilliseconds;
    }

    private static double Size(string folder, string module) => new FileInfo(Path.Combine(folder, module)).Length / 1e6;

    // Schemas refer to others in circles, as those of real documents do.
    private static string Document(int operations, int schemas)
    {
        var text = new StringBuilder("{\n  \"openapi\": \"3.1.0\",\n  \"info\": { \"title\": \"bench\", \"version\": \"1\" },\n  \"paths\": {\n");
        for (var i = 0; i < operations; i++)
        {
            text.Append(i > 0 ? ",\n" : "").Append(CultureInfo.InvariantCulture, $$"""
                "/things{{i}}/{id}": {
                  "get": {
                    "operationId": "getThing{{i}}", "summary": "Gives the thing {{i}}.",
                    "parameters": [ { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }, { "name": "page", "in": "query", "schema": { "type": "integer", "default": 1 } } ],
                    "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing{{i % schemas}}" } } } }, "404": { "description": "none" } }
                  }
                }
                """);
        }

        text.Append("\n  },\n  \"components\": { \"schemas\": {\n");
        for (var i = 0; i < schemas; i++)
        {
            text.Append(i > 0 ? ",\n" : "").Append(CultureInfo.InvariantCulture, $"\"Thing{i}\": {{ \"type\": \"object\", \"required\": [\"id\"], \"properties\": {{ \"id\": {{ \"type\": \"integer\" }}, \"next\": {{ \"$ref\": \"#/components/schemas/Thing{(i + 1) % schemas}\" }}");
            for (var property = 0; property < 20; property++)
            {
                text.Append(CultureInfo.InvariantCulture, $",\n  \"property{property}\": {{ \"type\": [\"string\", \"null\"], \"description\": \"The property {property} of the thing {i}, as it is said in words.\" }}");
            }

            text.Append(" } }");
        }

        return text.Append("\n  } }\n}\n").ToString();
    }
}
