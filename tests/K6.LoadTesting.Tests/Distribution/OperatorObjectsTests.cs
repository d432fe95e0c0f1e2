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
        var test = Write(Plan(), new DistributedOptions { Parallelism = 4, Namespace = "load", Cpu = "2" });

        var run = Read(test, "testrun.yaml");
        OperatorSchema.Check(run);
        Assert.AreEqual("browse-2", Text(run, "metadata", "name"));
        Assert.AreEqual("load", Text(run, "metadata", "namespace"));
        Assert.AreEqual("4", Text(run, "spec", "parallelism"));
        Assert.AreEqual("browse-2-archive archive.tar", $"{Text(run, "spec", "script", "configMap", "name")} {Text(run, "spec", "script", "configMap", "file")}");
        Assert.AreEqual("grafana/k6:2.2.0", Text(run, "spec", "runner", "image"), "of the version that made the archive");
        Assert.AreEqual("2 381Mi 381Mi", $"{Text(run, "spec", "runner", "resources", "requests", "cpu")} {Text(run, "spec", "runner", "resources", "requests", "memory")} {Text(run, "spec", "runner", "resources", "limits", "memory")}");
        Assert.Contains("--no-thresholds", Text(run, "spec", "arguments"));
        Assert.AreEqual(Text(Read(test, "results.yaml"), "metadata", "name"), Text(Node(run, "spec", "runner", "volumes")[0], "persistentVolumeClaim", "claimName"));
        Assert.AreEqual("/results/$(POD_NAME).csv.gz", Variables(run)["K6_CSV_FILENAME"]);
        Assert.AreEqual("ReadWriteMany", ((YamlScalarNode)Node(Read(test, "results.yaml"), "spec", "accessModes")[0]).Value);
        Assert.AreEqual("archive.tar archive.yaml collect.yaml README.md results.yaml serviceaccount.yaml testrun.yaml", Files(test));
        Assert.IsEmpty(_diagnostics);
    }

    [TestMethod]
    public void The_archive_is_an_object_too_and_comes_out_of_it_as_it_went_in()
    {
        var test = Write(Plan(), new DistributedOptions { Namespace = "load" }, archiveBytes: 700_000);

        var map = Read(test, "archive.yaml");
        Assert.AreEqual("v1 ConfigMap browse-2-archive load", $"{Text(map, "apiVersion")} {Text(map, "kind")} {Text(map, "metadata", "name")} {Text(map, "metadata", "namespace")}");
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(test.Folder, "archive.tar")), Convert.FromBase64String(Text(map, "binaryData", "archive.tar")));
        Assert.IsLessThan(1024 * 1024, new FileInfo(Path.Combine(test.Folder, "archive.yaml")).Length, "the most that an object may have");
    }

    [TestMethod]
    public void Pods_have_an_account_of_their_own_that_may_do_nothing_or_the_one_that_was_named()
    {
        var test = Write(Plan(), new DistributedOptions { Namespace = "load" });

        var account = Read(test, "serviceaccount.yaml");
        Assert.AreEqual("v1 ServiceAccount browse-2 load false", $"{Text(account, "apiVersion")} {Text(account, "kind")} {Text(account, "metadata", "name")} {Text(account, "metadata", "namespace")} {Text(account, "automountServiceAccountToken")}");
        foreach (var pod in new[] { "runner", "starter" })
        {
            Assert.AreEqual("browse-2 false", $"{Text(Read(test, "testrun.yaml"), "spec", pod, "serviceAccountName")} {Text(Read(test, "testrun.yaml"), "spec", pod, "automountServiceAccountToken")}");
        }

        test = Write(Plan(), new DistributedOptions { ServiceAccount = "runner" });

        var run = Read(test, "testrun.yaml");
        OperatorSchema.Check(run);
        Assert.AreEqual("runner runner", $"{Text(run, "spec", "runner", "serviceAccountName")} {Text(run, "spec", "starter", "serviceAccountName")}");
        Assert.IsFalse(File.Exists(Path.Combine(test.Folder, "serviceaccount.yaml")), "what the call before left would be applied with the folder");
        Assert.DoesNotContain("serviceaccount.yaml", string.Join('\n', test.Commands));
    }

    [TestMethod]
    public void Values_reach_scripts_as_they_are_and_secrets_by_name_only()
    {
        const string Secret = "planted-of-the-shop";
        var plan = Plan() with
        {
            Environment = [Variable("A", "yes"), Variable("B", "12"), Variable("C", "a \"b\"\n# c: $(d)"), Variable("SHOP_TOKEN", null), Variable("SHOP_URL", null), Variable("REGION", null), Variable("UNSET", null)],
            Secrets = [new SecretPlan("API_KEY", SecretSource.Environment, "KEY_OF_SHOP", Place(4))],
            Services = [new ServicePlan { Name = "shop", Url = "http://shop.test", Location = Place(3) }],
        };
        var machine = new Dictionary<string, string> { ["KEY_OF_SHOP"] = Secret, ["SHOP_TOKEN"] = "another-planted", ["SHOP_URL"] = $"http://shop.test/?key={Secret}", ["REGION"] = "eu-1" };

        var test = OperatorObjects.Write(plan, [Archive(plan.Tests[0])], new DistributedOptions(), machine, _diagnostics).Single();

        var run = Read(test, "testrun.yaml");
        OperatorSchema.Check(run);
        Assert.AreEqual("browse-2-variables", Text(Node(run, "spec", "runner", "envFrom")[0], "configMapRef", "name"));
        Assert.AreEqual("browse-2-secrets", Text(Node(run, "spec", "runner", "envFrom")[1], "secretRef", "name"));
        Assert.AreEqual("POD_NAME K6_CSV_FILENAME K6_CSV_TIME_FORMAT K6_INCLUDE_SYSTEM_ENV_VARS", string.Join(' ', Variables(run).Keys), "the operator puts these on a command line");
        var values = ((YamlMappingNode)Node(Read(test, "variables.yaml"), "data")).ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => (YamlScalarNode)pair.Value);
        Assert.IsTrue(values.Values.All(value => value.Style == YamlDotNet.Core.ScalarStyle.DoubleQuoted), "Kubernetes takes texts only");
        Assert.AreEqual(
            "A=yes B=12 BASE_URL=http://shop.test C=a \"b\"\n# c: $(d) REGION=eu-1 services__shop__http__0=http://shop.test",
            string.Join(' ', values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value.Value}")));
        Assert.Contains("NAME=value for each of SHOP_TOKEN, SHOP_URL, API_KEY;", test.Commands[0]);
        Assert.AreEqual("kubectl create secret generic browse-2-secrets --from-env-file=secrets.env", test.Commands[1]);
        foreach (var file in Directory.GetFiles(test.Folder))
        {
            Assert.DoesNotContain("planted", File.ReadAllText(file), file);
        }
    }

    [TestMethod]
    public void A_large_archive_goes_to_the_volume_that_is_mounted_once()
    {
        Write(Plan(), new DistributedOptions());
        var test = Write(Plan(), new DistributedOptions(), archiveBytes: 900_000);

        var run = Read(test, "testrun.yaml");
        OperatorSchema.Check(run);
        Assert.AreEqual("browse-2-results archive.tar", $"{Text(run, "spec", "script", "volumeClaim", "name")} {Text(run, "spec", "script", "volumeClaim", "file")}");
        Assert.AreEqual("/test/$(POD_NAME).csv.gz", Variables(run)["K6_CSV_FILENAME"], "where the operator mounts the script's volume");
        Assert.IsFalse(((YamlMappingNode)Node(run, "spec", "runner")).Children.ContainsKey("volumes"));
        Assert.Contains("kubectl cp archive.tar browse-2-collect:/results/archive.tar", string.Join('\n', test.Commands));
        Assert.DoesNotContain("archive.yaml", string.Join('\n', test.Commands));
        Assert.DoesNotContain("archive.yaml", Files(test));
    }

    [TestMethod]
    public void Each_printed_line_names_files_that_are_there_and_the_last_ones_remove_what_the_others_made()
    {
        var test = Write(Plan() with { Environment = [Variable("A", "b")] }, new DistributedOptions { Namespace = "load" });

        var named = test.Commands.SelectMany(command => command.Split(' ')).Where(word => word.EndsWith(".yaml", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.AreEqual(Directory.GetFiles(test.Folder, "*.yaml").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray(), named);
        foreach (var file in named)
        {
            Assert.Contains(file, test.Commands[^1]);
        }

        Assert.IsTrue(test.Commands.Where(command => command.StartsWith("kubectl", StringComparison.Ordinal)).All(command => command.StartsWith("kubectl -n load ", StringComparison.Ordinal)));
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

        Assert.AreEqual("http://shop.default.svc", Text(Read(Write(plan, new DistributedOptions()), "variables.yaml"), "data", "BASE_URL"));
    }

    [TestMethod]
    public void What_does_not_happen_on_many_machines_is_a_warning()
    {
        var plan = Plan();
        var threshold = new ThresholdPlan { Name = "fast", Metric = "http_req_duration", Statistic = "p(95)", Operator = "<", Limit = 1, Expression = "p(95)<1", AbortOnFail = true, Location = Place(9) };
        plan = plan with { Tests = [plan.Tests[0] with { Thresholds = [threshold, threshold with { Name = "heap", Metric = "service:shop.gc.heap", AbortOnFail = false, Location = Place(10) }], WarmUp = "10s" }] };

        Write(plan, new DistributedOptions());

        Assert.AreEqual("KSDK0395:9 KSDK0395:10 KSDK0395:7", string.Join(' ', _diagnostics.Select(one => $"{one.Code}:{one.Location!.Line}")));
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

    private static string Files(DistributedTest test) => string.Join(' ', Directory.GetFiles(test.Folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.OrdinalIgnoreCase));

    /// <summary>Values of <c>env</c> by name; empty ones come from somewhere else.</summary>
    private static Dictionary<string, string> Variables(YamlNode run) => ((YamlSequenceNode)Node(run, "spec", "runner", "env")).ToDictionary(
        variable => Text(variable, "name"),
        variable => ((YamlMappingNode)variable).Children.ContainsKey("value") ? Text(variable, "value") : "");
}
