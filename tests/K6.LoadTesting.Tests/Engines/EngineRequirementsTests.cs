using System.Text;
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
}
