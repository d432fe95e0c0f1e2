using System.Text.Json;

namespace K6.Sdk.Tests;

/// <summary>Files of requests with the packed SDK: under load with no script written, and each request once.</summary>
[TestClass]
public sealed class RequestFileTests
{
    private const string Requests = """
        @Shop.Api_HostAddress = http://localhost:1

        ### Say hello
        # @expect 200
        # @expect body contains hello
        GET {{Shop.Api_HostAddress}}/hello

        ### Is it well?
        GET {{Shop.Api_HostAddress}}/health
        """;

    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void WriteProjects(TestContext _)
    {
        _consumer = new Consumer();
        _consumer.WriteService("Shop.Api");
        _consumer.Write("Shop.Api/Shop.Api.http", Requests);
        _consumer.Write("load/Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <ItemGroup>
                <K6Service Include="../Shop.Api/Shop.Api.csproj" HealthPath="/health" />
                <K6Scenario Include="../Shop.Api/Shop.Api.http" Name="shop" Vus="2" Iterations="20" />
              </ItemGroup>
            </Project>
            """);
    }

    [ClassCleanup]
    public static void Remove() => _consumer.Dispose();

    [TestMethod]
    public void The_file_that_Visual_Studio_tries_is_a_load_test()
    {
        _consumer.Write("Shop.Api/Shop.Api.http", Requests);
        _consumer.Dotnet("build", "load", "-t:LoadTest", "-p:K6Engine=embedded", "-tl:off").Succeeded().Says("PASSED shop");

        using var result = JsonDocument.Parse(File.ReadAllText(_consumer.PathOf("load/TestResults/loadtest.json")));
        var endpoints = result.RootElement.GetProperty("tests")[0].GetProperty("endpoints").EnumerateArray().Select(one => $"{one.GetProperty("name").GetString()} {one.GetProperty("requests").GetInt64()}").Order();
        Assert.AreEqual("Is it well? 20|Say hello 20", string.Join('|', endpoints));
    }

    [TestMethod]
    public void Each_request_is_checked_once_and_a_wrong_answer_is_an_error_at_its_expectation()
    {
        _consumer.Write("Shop.Api/Shop.Api.http", Requests);
        _consumer.Dotnet("build", "load", "-t:K6ApiCheck", "-p:K6Engine=embedded", "-tl:off").Succeeded().Says("2 requests answered as expected");
        Assert.IsTrue(_consumer.Has("load/TestResults/api-check/loadtest.trx"));

        _consumer.Write("Shop.Api/Shop.Api.http", Requests.Replace("contains hello", "contains goodbye", StringComparison.Ordinal));
        _consumer.Dotnet("build", "load", "-t:K6ApiCheck", "-p:K6Engine=embedded", "-tl:off").FailedWith("Shop.Api.http(5,11): error KSDK0640: shop: Say hello: not so: body contains goodbye. The answer was 200: hello");

        _consumer.Dotnet("build", "load", "-t:K6Clean", "-tl:off").Succeeded();
        Assert.IsFalse(_consumer.Has("load/TestResults/api-check/loadtest.json"));
    }
}
