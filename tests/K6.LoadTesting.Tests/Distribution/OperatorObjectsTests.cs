using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Distribution;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using YamlDotNet.RepresentationModel;

namespace K6.LoadTesting.Tests.Distribution;

/// <summary>The objects of a run on k6-operator: what is in them, and that they fit its definition.</summary>
[TestClass]
public sealed class OperatorObjectsTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk operator ü-").FullName;
    private readonly List<Diagnostic> _diagnostics = [];

    [TestCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_test_becomes_a_TestRun_that_fits_the_definition_of_the_operator()
    {
        var test = Write(Plan(), new DistributedOptions { Parallelism = 4, Namespace = "load", ServiceAccount = "runner", Cpu = "2" });

        var run = Read(test, "testrun.yaml");
        OperatorSchema.Check(run);
        Assert.AreEqual("browse-2", Text(run, "metadata", "name"));
        Assert.AreEqual("load", Text(run, "metadata", "namespace"));
        Assert.AreEqual("4", Text(run, "spec", "parallelism"));
        Assert.AreEqual("browse-2-archive archive.tar", $"{Text(run, "spec", "script", "configMap", "name")} {Text(run, "spec", "script", "configMap", "file")}");
        Assert.AreEqual("grafana/k6:2.2.0", Text(run, "spec", "runner", "image"), "of the version that made the archive");
        Assert.AreEqual("runner", Text(run, "spec", "runner", "serviceAccountName"));
        Assert.AreEqual("2 381Mi 381Mi", $"{Text(run, "spec", "runner", "resources", "requests", "cpu")} {Text(run, "spec", "runner", "resources", "requests", "memory")} {Text(run, "spec", "runner", "resources", "limits", "memory")}");
        Assert.Contains("--no-thresholds", Text(run, "spec", "arguments"));
        Assert.AreEqual(Text(Read(test, "results.yaml"), "metadata", "name"), Text(Node(run, "spec", "runner", "volumes")[0], "persistentVolumeClaim", "claimName"));
        Assert.AreEqual("/results/$(POD_NAME).csv.gz", Variables(run)["K6_CSV_FILENAME"]);
        Assert.AreEqual("ReadWriteMany", ((YamlScalarNode)Node(Read(test, "results.yaml"), "spec", "accessModes")[0]).Value);
        Assert.IsEmpty(_diagnostics);
    }

    [TestMethod]
    public void Values_are_written_so_that_Kubernetes_hands_them_on_as_they_are_and_secrets_by_name_only()
    {
        var plan = Plan() with
        {
            Environment = [Variable("A", "yes"), Variable("B", "12"), Variable("C", "a \"b\"\n# c: $(d)"), Variable("SHOP_TOKEN", null)],
            Secrets = [new SecretPlan("API_KEY", SecretSource.Environment, "API_KEY", Place(4))],
            Services = [new ServicePlan { Name = "shop", Url = "http://shop.test", Location = Place(3) }],
        };

        var test = Write(plan, new DistributedOptions());

        var run = Read(test, "testrun.yaml");
        OperatorSchema.Check(run);
        var variables = Variables(run);
        Assert.AreEqual(("yes", "12", "a \"b\"\n# c: $$(d)"), (variables["A"], variables["B"], variables["C"]));
        Assert.AreEqual(("http://shop.test", "http://shop.test"), (variables["BASE_URL"], variables["services__shop__http__0"]));
        Assert.AreEqual(("browse-2-secrets/API_KEY", "browse-2-secrets/SHOP_TOKEN"), (variables["API_KEY"], variables["SHOP_TOKEN"]));
        Assert.Contains("kubectl create secret generic browse-2-secrets --from-env-file=secrets.env", string.Join('\n', test.Commands));
    }

    [TestMethod]
    public void A_large_archive_goes_to_the_volume()
    {
        var test = Write(Plan(), new DistributedOptions(), archiveBytes: 900_000);

        var run = Read(test, "testrun.yaml");
        OperatorSchema.Check(run);
        Assert.AreEqual("browse-2-results archive.tar", $"{Text(run, "spec", "script", "volumeClaim", "name")} {Text(run, "spec", "script", "volumeClaim", "file")}");
        Assert.Contains("kubectl cp archive.tar browse-2-collect:/results/archive.tar", string.Join('\n', test.Commands));
        Assert.DoesNotContain("create configmap", string.Join('\n', test.Commands));
    }

    [TestMethod]
    public void More_runners_than_virtual_users_a_service_of_the_build_and_two_tests_of_one_name_are_errors_at_their_places()
    {
        var plan = Plan() with { Services = [new ServicePlan { Name = "shop-api", Project = "/src/Shop.csproj", Location = Place(3) }] };
        var archives = new[] { Archive(plan.Tests[0]), Archive(plan.Tests[0] with { Name = "Browse-2" }) };

        Assert.IsEmpty(OperatorObjects.Write(plan, archives, new DistributedOptions { Parallelism = 101 }, _diagnostics));

        Assert.AreEqual("KSDK0393:7 KSDK0393:7 KSDK0393:7 KSDK0394:3", string.Join(' ', _diagnostics.Select(one => $"{one.Code}:{one.Location!.Line}")));
        Assert.Contains("BASE_URL", _diagnostics[3].Message);
        Assert.IsFalse(File.Exists(Path.Combine(_folder, "Browse_2", "testrun.yaml")));
    }

    [TestMethod]
    public void Where_the_service_is_in_the_cluster_is_said_by_a_variable()
    {
        var plan = Plan() with
        {
            Services = [new ServicePlan { Name = "shop-api", Project = "/src/Shop.csproj", Location = Place(3) }],
            Environment = [Variable("BASE_URL", "http://shop.default.svc")],
        };

        Assert.AreEqual("http://shop.default.svc", Variables(Read(Write(plan, new DistributedOptions()), "testrun.yaml"))["BASE_URL"]);
    }

    [TestMethod]
    public void What_does_not_happen_on_many_machines_is_a_warning()
    {
        var plan = Plan();
        var threshold = new ThresholdPlan { Name = "fast", Metric = "http_req_duration", Statistic = "p(95)", Operator = "<", Limit = 1, Expression = "p(95)<1", AbortOnFail = true, Location = Place(9) };
        plan = plan with { Tests = [plan.Tests[0] with { Thresholds = [threshold], WarmUp = "10s" }] };

        Write(plan, new DistributedOptions());

        Assert.AreEqual("KSDK0395:9 KSDK0395:7", string.Join(' ', _diagnostics.Select(one => $"{one.Code}:{one.Location!.Line}")));
    }

    [TestMethod]
    [DataRow("Parallelism", "0")]
    [DataRow("Parallelism", "many")]
    [DataRow("Cpu", "1 core")]
    [DataRow("Memory", "2GB")]
    [DataRow("Storage", "-1Gi")]
    [DataRow("Namespace", "Load_Tests")]
    [DataRow("Image", "k6; rm")]
    public void A_property_that_cannot_be_read_is_an_error_that_shows_the_form(string name, string value)
    {
        DistributedOptions.Read(new Dictionary<string, string> { [name] = value }, Place(1), _diagnostics);

        Assert.AreEqual("KSDK0393", _diagnostics.Single().Code);
        Assert.Contains($"K6Distributed{name} is '{value}'", _diagnostics[0].Message);
    }

    [TestMethod]
    public void Properties_are_read_and_empty_ones_say_nothing()
    {
        var options = DistributedOptions.Read(new Dictionary<string, string> { ["Parallelism"] = "12", ["Memory"] = "1.5Gi", ["Namespace"] = "", ["Image"] = "registry.example:5000/k6@sha256:ab" }, Place(1), _diagnostics);

        Assert.IsEmpty(_diagnostics);
        Assert.AreEqual(new DistributedOptions { Parallelism = 12, Memory = "1.5Gi", Image = "registry.example:5000/k6@sha256:ab" }, options);
    }

    private DistributedTest Write(LoadPlan plan, DistributedOptions options, int archiveBytes = 100) =>
        OperatorObjects.Write(plan, [Archive(plan.Tests[0], archiveBytes)], options, _diagnostics).Single();

    private TestArchive Archive(TestPlan test, int bytes = 100)
    {
        var file = Path.Combine(_folder, test.Name, "archive.tar");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, new byte[bytes]);
        return new TestArchive(test, file, new EngineInfo("k6", "2.2.0", "/k6"), new EngineRequirements { MaxVUs = 100, TotalDuration = TimeSpan.FromMinutes(2) });
    }

    private LoadPlan Plan() => new()
    {
        Project = "Shop.LoadTests",
        ProjectFile = "/src/Shop.LoadTests.csproj",
        Tests = [new TestPlan { Name = "Browse_2", Scenarios = [new ScenarioPlan { Name = "Browse_2", File = "/src/browse.ts", Location = Place(7) }] }],
    };

    private static EnvironmentVariablePlan Variable(string name, string? value) => new(name, value, Place(2));

    private static SourceLocation Place(int line) => new("/src/Shop.LoadTests.csproj", line, 1);

    private static YamlMappingNode Read(DistributedTest test, string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Path.Combine(test.Folder, file));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static YamlNode Node(YamlNode node, params string[] path) => path.Aggregate(node, (at, name) => at[name]);

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)Node(node, path)).Value!;

    /// <summary>Variables by name; those of a secret as <c>secret/key</c>. Values have to be texts, as Kubernetes demands.</summary>
    private static Dictionary<string, string> Variables(YamlNode run) => ((YamlSequenceNode)Node(run, "spec", "runner", "env")).ToDictionary(
        variable => Text(variable, "name"),
        variable => ((YamlMappingNode)variable).Children.ContainsKey("value") ? Text(variable, "value")
            : ((YamlMappingNode)variable["valueFrom"]).Children.ContainsKey("secretKeyRef") ? $"{Text(variable, "valueFrom", "secretKeyRef", "name")}/{Text(variable, "valueFrom", "secretKeyRef", "key")}"
            : "");
}
