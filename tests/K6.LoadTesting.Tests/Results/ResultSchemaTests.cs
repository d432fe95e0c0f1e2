using System.Text.Json.Nodes;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Reports;

namespace K6.LoadTesting.Tests.Results;

[TestClass]
public class ResultSchemaTests
{
    private static readonly string SchemaFile = Path.Combine(Repository.Root, "docs", "loadtest.schema.json");

    /// <summary>To write the page anew: <c>K6SDK_WRITE_SCHEMA=1 dotnet test tests/K6.LoadTesting.Tests --filter ResultSchemaTests</c>.</summary>
    [TestMethod]
    public void The_published_schema_is_what_the_types_say()
    {
        var schema = ResultSchema.Generate();
        if (Environment.GetEnvironmentVariable("K6SDK_WRITE_SCHEMA") == "1")
        {
            File.WriteAllText(SchemaFile, schema);
        }

        Assert.AreEqual(schema, File.ReadAllText(SchemaFile).ReplaceLineEndings("\n"), "run the test with K6SDK_WRITE_SCHEMA=1 and look at the difference");
    }

    [TestMethod]
    public void A_result_is_valid_and_reads_back_as_it_was()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<100", engineHolds: false).Declare("checks", "rate>0.9").Check("is 200", 1, 1)
            .Record(
                """{"event":"param","data":{"period":1000,"aggregates":{"counter":["count"],"trend":["avg"]}}}""",
                """{"event":"metric","data":{"time":{"type":"gauge"},"http_reqs":{"type":"counter"},"x":{"type":"trend"}}}""",
                """{"event":"start","data":[[0]]}""",
                """{"event":"snapshot","data":[[3],[1000],[]]}""")
            .With(run => run with { Errors = [new K6.LoadTesting.Engines.FoldedError("Error: x", 1, "browse", new K6.LoadTesting.Diagnostics.SourceLocation("/x.ts", 1, 1), "Error: x\n\tat y")] });
        var result = SampleResult.Mixed() with { Commit = new CommitInfo("abc", null), Files = ["loadtest.json"] };
        result = result with { Tests = [.. result.Tests, files.Read()] };
        var file = Path.Combine(files.Root, "loadtest.json");
        LoadTestJson.Write(file, result);

        Assert.AreEqual("", string.Join("; ", Problems(File.ReadAllText(file))));
        var back = Path.Combine(files.Root, "back.json");
        LoadTestJson.Write(back, LoadTestJson.Read<LoadTestResult>(file));
        Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(file)), JsonNode.Parse(File.ReadAllText(back))));
    }

    [TestMethod]
    public void A_limit_without_bound_can_be_written()
    {
        using var files = new RunFiles().Declare("http_req_duration", "p(95)<Inf");
        var file = Path.Combine(files.Root, "loadtest.json");
        LoadTestJson.Write(file, SampleResult.Create(files.Read()));

        Assert.IsEmpty(Problems(File.ReadAllText(file)));
        Assert.AreEqual(double.PositiveInfinity, LoadTestJson.Read<LoadTestResult>(file).Tests[0].Thresholds[0].Limit);
        LoadTestJson.Write(file, new K6.LoadTesting.Plans.LoadPlan { Project = "x", ProjectFile = "/x", Tests = [files.Plan] });
    }

    [TestMethod]
    public void The_names_that_the_design_promises_are_there()
    {
        var json = JsonNode.Parse(ResultSchema.Generate())!;
        var test = json["properties"]!["tests"]!["items"]!["properties"]!;

        foreach (var name in new[] { "schemaVersion", "verdict", "engine", "tests" })
        {
            Assert.IsNotNull(json["properties"]![name], name);
        }

        foreach (var name in new[] { "metric", "statistic", "expression", "limit", "actual", "samples", "verdict", "severity", "file", "line", "column" })
        {
            Assert.IsNotNull(test["thresholds"]!["items"]!["properties"]![name], name);
        }

        Assert.IsNotNull(test["metrics"]!["additionalProperties"]!["properties"]!["values"]);
        Assert.IsNotNull(test["checks"]!["items"]!["properties"]!["passes"]);
        Assert.IsNotNull(test["scenarios"]!["items"]!["properties"]!["executor"]);
    }

    [TestMethod]
    public void The_validator_of_these_tests_finds_mistakes()
    {
        Assert.IsNotEmpty(Problems("{}"));
        Assert.IsNotEmpty(Problems("[]"));
        var json = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(SampleResult.Mixed(), typeof(LoadTestResult), LoadTestJson.Instance))!;
        Assert.IsEmpty(Problems(json.ToJsonString()));
        json["verdict"] = "perhaps";
        json["tests"]![0]!["name"] = 7;
        json["tests"]![0]!["nonsense"] = 7;
        Assert.HasCount(3, Problems(json.ToJsonString()));
    }

    private static string[] Problems(string json)
    {
        var schema = JsonNode.Parse(File.ReadAllText(SchemaFile))!.AsObject();
        return [.. ResultSchema.Validate(JsonNode.Parse(json), schema, schema)];
    }
}
