using System.Text;
using System.Text.Json;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Tests.Engines;

[TestClass]
public class EngineRequirementsTests
{
    [TestMethod]
    [DataRow("""{"a":{"executor":"constant-vus","startTime":null,"gracefulStop":"30s","duration":"20s"}}""", 20)]
    [DataRow("""{"a":{"executor":"constant-vus","duration":"20s"},"b":{"executor":"constant-arrival-rate","startTime":"15s","duration":"1m"}}""", 75)]
    [DataRow("""{"a":{"executor":"ramping-vus","gracefulRampDown":"30s","stages":[{"duration":"10s","target":5},{"duration":"1m30s","target":0}]}}""", 100)]
    [DataRow("""{"a":{"executor":"shared-iterations","maxDuration":null}}""", 600)]
    [DataRow("""{"a":{"executor":"per-vu-iterations","maxDuration":"2m"}}""", 120)]
    [DataRow("{}", 0)]
    public void The_planned_end_is_that_of_the_last_scenario_without_graceful_stops(string scenarios, double seconds) =>
        Assert.AreEqual(seconds, EngineRequirements.Parse(Encoding.UTF8.GetBytes($$"""{"totalDuration":"1h","scenarios":{{scenarios}}}""")).PlannedDuration.TotalSeconds);

    [TestMethod]
    [DataRow("""{"a":{"executor":"shared-iterations","iterations":20},"b":{"executor":"per-vu-iterations","vus":3,"iterations":10}}""", 50.0)]
    [DataRow("""{"a":{"executor":"per-vu-iterations","vus":null,"iterations":null}}""", 1.0)]
    [DataRow("""{"a":{"executor":"constant-arrival-rate","rate":30,"timeUnit":"1m","duration":"10m"}}""", 300.0)]
    [DataRow("""{"a":{"executor":"ramping-arrival-rate","startRate":10,"timeUnit":"1s","stages":[{"duration":"10s","target":20},{"duration":"5s","target":20}]}}""", 250.0)]
    [DataRow("""{"a":{"executor":"shared-iterations","iterations":20},"b":{"executor":"constant-vus","vus":1,"duration":"1s"}}""", null)]
    [DataRow("{}", 0.0)]
    public void Iterations_are_known_where_not_only_users_and_time_limit_them(string scenarios, double? iterations) =>
        Assert.AreEqual(iterations, EngineRequirements.Parse(Encoding.UTF8.GetBytes($$"""{"totalDuration":"1h","scenarios":{{scenarios}}}""")).MostIterations);

    [TestMethod]
    [DataRow("528")]
    [DataRow("[]")]
    [DataRow("""{"maxVUs":"three"}""")]
    [DataRow("""{"scenarios":{"a":{},"a":{}}}""")]
    public void What_no_engine_prints_is_not_of_this_shape(string json) =>
        Assert.ThrowsExactly<JsonException>(() => EngineRequirements.Parse(Encoding.UTF8.GetBytes(json)));
}
