using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Results;

[TestClass]
public sealed class EndpointReaderTests
{
    [TestMethod]
    public void An_endpoint_that_only_one_scenario_calls_is_listed_once()
    {
        var endpoints = EndpointReader.Read(
            new Dictionary<string, MetricResult>
            {
                ["http_req_duration"] = Trend(30),
                ["http_req_duration{name:GET /a}"] = Trend(10),
                ["http_req_duration{name:GET /a,scenario:browse}"] = Trend(10),
                ["http_req_duration{name:GET /b}"] = Trend(20),
                ["http_req_duration{name:GET /b,scenario:browse}"] = Trend(15),
                ["http_req_duration{name:GET /c,scenario:browse}"] = Trend(5),
            },
            loadSeconds: 10);

        CollectionAssert.AreEqual(
            new (string, string?, long)[] { ("GET /b", null, 20), ("GET /b", "browse", 15), ("GET /a", null, 10), ("GET /c", "browse", 5) },
            endpoints.Select(endpoint => (endpoint.Name, endpoint.Scenario, endpoint.Requests)).ToArray());
    }

    private static MetricResult Trend(double count) => new() { Type = "trend", Contains = "time", Values = new Dictionary<string, double> { ["count"] = count, ["p(95)"] = 1 } };
}
