using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Tests.Engines;

[TestClass]
public class EngineEnvironmentTests
{
    private static readonly SourceLocation Place = new("Shop.csproj", 4, 5);

    [TestMethod]
    [DataRow("PATH", true)]
    [DataRow("LC_ALL", true)]
    [DataRow("DOTNET_ROOT_X64", true)]
    [DataRow("https_proxy", true)]
    [DataRow("SSL_CERT_FILE", true)]
    [DataRow("K6_CLOUD_TOKEN", true)]
    [DataRow("K6_BROWSER_HEADLESS", true)]
    [DataRow("K6_VUS", false)]
    [DataRow("K6_NO_THRESHOLDS", false)]
    [DataRow("XK6_DASHBOARD_CONFIG", false)]
    [DataRow("SSLKEYLOGFILE", false)]
    [DataRow("GOGC", true)]
    [DataRow("GOMEMLIMIT", true)]
    [DataRow("GOMAXPROCS", true)]
    [DataRow("GODEBUG", false)]
    [DataRow("GITHUB_TOKEN", false)]
    [DataRow("MSBUILDDEBUGPATH", false)]
    public void Only_what_is_on_the_list_reaches_the_engine(string name, bool reaches)
    {
        var environment = EngineEnvironment.Build(new Dictionary<string, string> { [name] = "x" }, [], [], []);
        Assert.AreEqual(reaches, environment.ContainsKey(name));
    }

    [TestMethod]
    public void The_plan_comes_last_and_inherits_by_name()
    {
        var environment = EngineEnvironment.Build(
            new Dictionary<string, string> { ["TOKEN"] = "s3cret", ["LANG"] = "C" },
            [new("TOKEN", null, Place), new("LANG", "de_DE", Place), new("BASE_URL", "http://elsewhere", Place)],
            [new("BASE_URL", "http://127.0.0.1:1")],
            []);
        Assert.AreEqual("s3cret", environment["TOKEN"]);
        Assert.AreEqual("de_DE", environment["LANG"]);
        Assert.AreEqual("http://elsewhere", environment["BASE_URL"]);
    }

    [TestMethod]
    public void A_variable_to_inherit_that_is_not_set_is_a_warning_at_its_declaration()
    {
        var diagnostics = new List<Diagnostic>();
        var environment = EngineEnvironment.Build(new Dictionary<string, string>(), [new("TOKEN", null, Place)], [], diagnostics);
        Assert.IsFalse(environment.ContainsKey("TOKEN"));
        Assert.AreEqual("KSDK0009", diagnostics.Single().Code);
        Assert.AreEqual(Place, diagnostics.Single().Location);
    }

    [TestMethod]
    public void Room_for_garbage_ends_at_half_of_the_memory_and_where_somebody_has_said_how_much()
    {
        var room = EngineEnvironment.WithRoom(new Dictionary<string, string> { ["LANG"] = "C" }, 8L << 30);
        Assert.AreEqual("C 400 4096MiB", string.Join(' ', room["LANG"], room["GOGC"], room["GOMEMLIMIT"]));
        foreach (var name in (string[])["GOGC", "GOMEMLIMIT"])
        {
            Assert.HasCount(1, EngineEnvironment.WithRoom(new Dictionary<string, string> { [name] = "50" }, 8L << 30), name);
        }

        Assert.IsEmpty(EngineEnvironment.WithRoom(new Dictionary<string, string>(), 512L << 20), "a small container");
    }
}
