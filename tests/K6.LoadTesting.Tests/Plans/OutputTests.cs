using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class OutputTests : IDisposable
{
    private const string Scenario = "<K6Scenario Include='browse.ts' />\n";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void An_output_has_k6s_name_its_argument_and_its_settings()
    {
        var outputs = project.Plan(Scenario + """
            <K6Output Include='experimental-prometheus-rw'>
              <Settings>
                K6_PROMETHEUS_RW_SERVER_URL=http://localhost:9090/api/v1/write
                K6_PROMETHEUS_RW_TREND_STATS = p(95),max
              </Settings>
            </K6Output>
            <K6Output Include='json' />
            <K6Output Include='kafka' Extension='true' Argument='brokers=localhost' Settings='XK6_KAFKA_X=1' />
            """).Outputs;

        Assert.AreEqual("experimental-prometheus-rw, json=output.json.gz, kafka=brokers=localhost", string.Join(", ", EngineOutputs.Arguments(outputs).Where(argument => argument != "--out")));
        Assert.AreEqual("p(95),max", outputs[0].Settings["K6_PROMETHEUS_RW_TREND_STATS"]);
        Assert.AreEqual("1", outputs[2].Settings["XK6_KAFKA_X"]);
    }

    [TestMethod]
    [DataRow("▶<K6Output Include='opentelemtry' />", "opentelemetry", DisplayName = "a typo")]
    [DataRow("▶<K6Output Include='web-dashboard' />", "K6Dashboard", DisplayName = "the dashboard")]
    [DataRow("▶<K6Output Include='csv=x.csv' Extension='true' />", "Argument", DisplayName = "an argument in the name")]
    [DataRow("<K6Output Include='influxdb' ▶Argument='http://me:secret@localhost:8086/k6' />", "password", DisplayName = "a password in an address")]
    [DataRow("<K6Output Include='json' ▶Argument='/etc/x.json' />", "folder of the run", DisplayName = "a file elsewhere")]
    [DataRow("<K6Output Include='csv' ▶Argument='../x.csv' />", "folder of the run", DisplayName = "a file above")]
    [DataRow("<K6Output Include='opentelemetry' ▶Settings='K6_INFLUXDB_USERNAME=x' />", "K6_OTEL_ or OTEL_", DisplayName = "a setting of another output")]
    [DataRow("<K6Output Include='csv' ▶Settings='K6_CSV_TIME_FORMAT=unix' />", "unix_micro", DisplayName = "the format of our own samples")]
    [DataRow("<K6Output Include='influxdb' ▶Settings='K6_INFLUXDB_DB' />", "NAME=value", DisplayName = "no value")]
    public void What_k6_could_not_use_is_an_error_at_its_place(string xml, string says)
    {
        var problem = project.Reports(Scenario + xml, Rules.InvalidOutput, says);

        Assert.DoesNotContain("secret@", problem.Message);
    }

    [TestMethod]
    public void A_secret_by_value_is_told_without_it()
    {
        var problem = project.Reports(Scenario + "<K6Output Include='influxdb' ▶Settings='K6_INFLUXDB_PASSWORD=hunter2' />", Rules.SecretByValue, "K6_INFLUXDB_PASSWORD");

        Assert.DoesNotContain("hunter2", problem.Message);
    }

    [TestMethod]
    public void Variables_of_the_machine_reach_the_output_that_they_are_for_and_no_other()
    {
        var outputs = project.Plan(Scenario + "<K6Output Include='influxdb' Settings='K6_INFLUXDB_USERNAME=ci' />").Outputs;
        var machine = new Dictionary<string, string> { ["K6_INFLUXDB_PASSWORD"] = "p", ["K6_INFLUXDB_USERNAME"] = "me", ["K6_OTEL_HEADERS"] = "x", ["K6_VUS"] = "99" };

        var environment = new Dictionary<string, string> { ["PATH"] = "/bin" }.WithOutputs(outputs, machine);

        Assert.AreEqual("K6_INFLUXDB_PASSWORD=p K6_INFLUXDB_USERNAME=ci PATH=/bin", string.Join(' ', environment.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}")));
        Assert.Contains("K6_INFLUXDB_PASSWORD", EngineOutputs.Secrets(outputs, machine).Select(one => one.Name));
    }

    [TestMethod]
    public void What_the_embedded_engine_lacks_is_an_error_at_the_item_before_the_load()
    {
        var outputs = project.Plan(Scenario + "<K6Output Include='csv' />\n<K6Output Include='opentelemetry' />").Outputs;

        var missing = EngineOutputs.Missing(outputs, new EngineInfo(EngineProgram.Embedded, "1", "/x")).Single();

        Assert.AreEqual(("KSDK0382", 3), (missing.Code, missing.Location!.Line));
        Assert.IsEmpty(EngineOutputs.Missing(outputs, new EngineInfo(EngineProgram.K6, "2.2.0", "/x")));
    }

    [TestMethod]
    [DataRow("1.0.0-rc2", 1)]
    [DataRow("1.3.0", 1)]
    [DataRow("1.4.0", 0)]
    [DataRow("1.10.0", 0)]
    public void An_output_that_came_with_a_newer_k6_is_an_error_that_names_the_older_one(string version, int errors)
    {
        var outputs = project.Plan(Scenario + "<K6Output Include='experimental-opentelemetry' />\n<K6Output Include='opentelemetry' />").Outputs;

        var missing = EngineOutputs.Missing(outputs, new EngineInfo(EngineProgram.K6, version, "/x")).ToList();

        Assert.HasCount(errors, missing);
        Assert.IsTrue(missing.All(one => (one.Code, one.Location!.Line) == ("KSDK0382", 3) && one.Message.Contains("experimental-opentelemetry", StringComparison.Ordinal)));
    }
}
