using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class EnvironmentAndServiceTests : IDisposable
{
    private const string Scenario = "<K6Scenario Include='browse.ts' />\n";

    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void A_variable_has_a_value_or_inherits_the_builds()
    {
        var variables = project.Plan(Scenario + "<K6EnvironmentVariable Include='CURRENCY' Value='EUR' /><K6EnvironmentVariable Include='API_TOKEN' />").Environment;

        Assert.AreSequenceEqual(
        [
            new EnvironmentVariablePlan("CURRENCY", "EUR", new SourceLocation(project.File_, 2, 1)),
            new EnvironmentVariablePlan("API_TOKEN", null, new SourceLocation(project.File_, 2, 57)),
        ], variables);
    }

    [TestMethod]
    [DataRow("K6_DURATION")]
    [DataRow("k6_vus")]
    public void A_variable_that_would_configure_k6_is_an_error(string name) =>
        project.Reports($"{Scenario}▶<K6EnvironmentVariable Include='{name}' Value='1' />", Rules.ReservedVariable, "configure k6 itself");

    [TestMethod]
    public void A_secret_names_one_place_and_has_no_value()
    {
        var secrets = project.Plan(Scenario + "<K6Secret Include='A' /><K6Secret Include='B' Variable='C' /><K6Secret Include='D' File='d.txt' />").Secrets;
        Assert.AreEqual($"Environment A, Environment C, File {project.PathOf("d.txt")}", string.Join(", ", secrets.Select(secret => $"{secret.Source} {secret.Key}")));

        project.Reports(Scenario + "<K6Secret Include='A' ▶Variable='b' File='a' />", Rules.InvalidSecret, "one place");
        project.Reports(Scenario + "<K6Secret Include='A' ▶UserSecret='Key' />", Rules.InvalidSecret, "UserSecretsId");
        project.Reports(Scenario + "<K6EnvironmentVariable Include='A' />▶<K6Secret Include='A' />", Rules.DuplicateVariable, "already");
        Assert.DoesNotContain("abc", project.Reports(Scenario + "<K6Secret Include='A' ▶Value='abc' />", Rules.UnknownMetadata, "Value").Message);
    }

    [TestMethod]
    public void K6s_own_source_of_secrets_is_a_file_or_an_address_and_holds_no_value()
    {
        Assert.AreEqual("file=" + project.PathOf("s.env"), project.Plan(Scenario + "<K6SecretSource>file=s.env</K6SecretSource>").Settings.SecretSource);
        Assert.DoesNotContain("hunter2", project.Reports(Scenario + "▶<K6SecretSource>mock=token=hunter2</K6SecretSource>", Rules.InvalidSecret, "file=path").Message);
    }

    [TestMethod]
    [DataRow("k6", "1.6.1", "KSDK0157")]
    [DataRow("k6", "1.7.0", "")]
    [DataRow("embedded", "0.1.0", "")]
    public void K6s_own_source_of_secrets_is_an_error_where_k6_would_not_read_it(string engine, string version, string code)
    {
        var info = new EngineInfo(engine, version, "/usr/bin/k6");
        var plan = project.Plan(Scenario + "<K6SecretSource>file=s.env</K6SecretSource>");
        Assert.AreEqual(code, string.Join(' ', SecretValues.SourceNotOfEngine(plan, info).Select(one => one.Code)));
        Assert.IsEmpty(SecretValues.SourceNotOfEngine(plan with { Settings = plan.Settings with { SecretSource = null } }, info));
    }

    [TestMethod]
    [DataRow("MY-VAR")]
    [DataRow("1ST")]
    public void A_name_that_k6_refuses_is_an_error(string name) =>
        project.Reports($"{Scenario}▶<K6EnvironmentVariable Include='{name}' />", Rules.InvalidVariable, name);

    [TestMethod]
    public void A_value_written_into_the_name_is_not_repeated()
    {
        var diagnostic = project.Reports(Scenario + "▶<K6EnvironmentVariable Include='TOKEN=abc' />", Rules.InvalidVariable, "metadatum Value");

        Assert.DoesNotContain("abc", diagnostic.Message);
    }

    [TestMethod]
    public void A_variable_that_is_declared_twice_is_an_error() =>
        project.Reports(Scenario + "<K6EnvironmentVariable Include='A' />\n▶<K6EnvironmentVariable Include='A' Value='1' />", Rules.DuplicateVariable, "(2,1)");

    [TestMethod]
    [DataRow("API_TOKEN")]
    [DataRow("ClientSecret")]
    [DataRow("DB_PASSWORD")]
    [DataRow("ApiKey")]
    public void A_secret_with_a_value_is_a_warning_that_does_not_repeat_it(string name)
    {
        var diagnostic = project.Reports($"{Scenario}<K6EnvironmentVariable Include='{name}' ▶Value='hunter2' />", Rules.SecretByValue, "by name only");

        Assert.DoesNotContain("hunter2", diagnostic.Message);
    }

    [TestMethod]
    public void A_service_is_a_project_with_defaults()
    {
        var service = project.Plan(Scenario + "<K6Service Include='Shop.Api/Shop.Api.csproj' />").Services.Single();

        Assert.AreEqual("shop-api", service.Name);
        Assert.AreEqual(project.PathOf("Shop.Api/Shop.Api.csproj"), service.Project);
        Assert.IsNull(service.Command);
        Assert.IsNull(service.Port);
        Assert.AreEqual("/ 60s 10s BASE_URL", string.Join(' ', service.HealthPath, service.StartTimeout, service.StopTimeout, service.UrlVariable));
    }

    [TestMethod]
    public void A_service_is_a_command_with_everything_said()
    {
        var service = project.Plan(Scenario
            + """<K6Service Include="Stub Server" Command="node" Arguments='server.js --name "a b" --quote \" ' WorkingDirectory="Shop.Api" Port="8081" HealthPath="/health" StartTimeout="5s" StopTimeout="1s" UrlVariable="STUB_URL" Environment="MODE=fast" />""")
            .Services.Single();

        Assert.AreEqual("stub-server", service.Name);
        Assert.AreEqual("node", service.Command);
        Assert.AreSequenceEqual(["server.js", "--name", "a b", "--quote", "\""], service.Arguments);
        Assert.AreEqual(project.PathOf("Shop.Api"), service.WorkingDirectory);
        Assert.AreEqual(8081, service.Port);
        Assert.AreEqual("/health 5s 1s STUB_URL", string.Join(' ', service.HealthPath, service.StartTimeout, service.StopTimeout, service.UrlVariable));
        Assert.AreEqual("fast", service.Environment["MODE"]);
    }

    [TestMethod]
    [DataRow("▶<K6Service Include='api' />", "nor has it a Command")]
    [DataRow("<K6Service Include='Shop.Api/Shop.Api.csproj' ▶Command='node' />", "remove Command")]
    public void A_service_that_is_neither_or_both_is_an_error(string xml, string words) => project.Reports(Scenario + xml, Rules.InvalidService, words);

    [TestMethod]
    [DataRow("▶<K6Service Include='../Gone/Gone.csproj' />", "does not exist")]
    [DataRow("<K6Service Include='Shop.Api/Shop.Api.csproj' ▶WorkingDirectory='gone' />", "does not exist")]
    public void A_missing_project_or_folder_is_an_error(string xml, string words) => project.Reports(Scenario + xml, Rules.MissingService, words);

    [TestMethod]
    [DataRow("▶Name='shop_api'")]
    [DataRow("▶Name='1shop'")]
    public void A_name_that_service_discovery_cannot_carry_is_an_error(string metadata) =>
        project.Reports($"{Scenario}<K6Service Include='Shop.Api/Shop.Api.csproj' {metadata} />", Rules.InvalidName, "services__NAME__http__0");

    [TestMethod]
    [DataRow("▶Port='0'", "not a port")]
    [DataRow("▶Port='99999'", "not a port")]
    [DataRow("▶Port='http'", "not a whole number")]
    [DataRow("▶HealthPath='health'", "does not start with '/'")]
    [DataRow("▶StartTimeout='0s'", "more than 0")]
    [DataRow("▶StopTimeout='never'", "not a duration")]
    public void A_value_that_cannot_be_read_is_an_error_at_its_place(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Service Include='Shop.Api/Shop.Api.csproj' {metadata} />", Rules.InvalidValue, words);

    [TestMethod]
    public void A_misspelt_metadatum_of_a_service_is_an_error_with_the_nearest_name() =>
        project.Reports(Scenario + "<K6Service Include='Shop.Api/Shop.Api.csproj' ▶HealthPaht='/' />", Rules.UnknownMetadata, "Did you mean 'HealthPath'?");

    [TestMethod]
    [DataRow("▶Name='shop-api'", "another Name")]
    [DataRow("UrlVariable='B_URL' ▶Port='80'", "leave Port out")]
    public void Two_services_must_not_collide(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Service Include='Shop.Api/Shop.Api.csproj' Port='80' /><K6Service Include='stub' Command='node' {metadata} />", Rules.DuplicateService, words);

    [TestMethod]
    public void Two_services_need_two_variables() =>
        project.Reports(Scenario + "<K6Service Include='Shop.Api/Shop.Api.csproj' />▶<K6Service Include='stub' Command='node' />",
            Rules.DuplicateService, "BASE_URL", "UrlVariable=\"STUB_URL\"");

    [TestMethod]
    public void A_service_may_run_already()
    {
        var service = project.Plan(Scenario + "<K6Service Include='Staging' Url='https://shop.example/base/' HealthPath='/health' UrlVariable='SHOP' />").Services.Single();

        Assert.AreEqual("staging https://shop.example/base Https /health SHOP", string.Join(' ', service.Name, service.Url, service.Scheme, service.HealthPath, service.UrlVariable));
    }

    [TestMethod]
    [DataRow("▶Url='localhost:5000'", "is not an address")]
    [DataRow("▶Url='ftp://host'", "is not an address")]
    [DataRow("▶Url='tcp://host'", "has no port")]
    [DataRow("▶Url='http://host/?a=b'", "more than a path")]
    public void An_address_that_cannot_be_used_is_an_error(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Service Include='staging' {metadata} />", Rules.InvalidValue, words);

    [TestMethod]
    public void A_password_in_an_address_is_refused_and_not_repeated()
    {
        var diagnostic = project.Reports($"{Scenario}<K6Service Include='staging' ▶Url='https://me:hunter2@shop.example' />", Rules.InvalidValue, "reach logs");

        Assert.DoesNotContain("hunter2", diagnostic.Message);
    }

    [TestMethod]
    [DataRow("Command='node' ▶Url='http://host'", "remove one of them")]
    public void A_service_is_started_or_runs_already(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Service Include='staging' {metadata} />", Rules.InvalidService, words);

    [TestMethod]
    [DataRow("Url='http://host' ▶Arguments='a'", "no effect on a service that runs already")]
    [DataRow("Url='http://host' ▶StopTimeout='1s'", "no effect")]
    [DataRow("Url='http://host' ▶HealthLog='ready'", "no effect")]
    [DataRow("Command='node' ▶Configuration='Debug'", "is a command")]
    [DataRow("Command='node' HealthPath='/' ▶HealthPort='1'", "two signs")]
    [DataRow("Command='node' HealthLog='x' ▶HealthCommand='true'", "two signs")]
    [DataRow("Command='node' Scheme='tcp' ▶HealthPath='/'", "does not speak")]
    public void Metadata_of_a_service_that_exclude_each_other_are_an_error(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Service Include='stub' {metadata} />", Rules.ContradictoryService, words);

    [TestMethod]
    [DataRow("▶Scheme='htps'", "Did you mean 'https'?")]
    [DataRow("▶Scheme='1'", "none that a service can have")]
    [DataRow("▶HealthPort='70000'", "or {port} for its own")]
    [DataRow("▶HealthLog='/(/'", "not a regular expression")]
    public void What_a_service_speaks_and_how_it_is_ready_must_be_readable(string metadata, string words) =>
        project.Reports($"{Scenario}<K6Service Include='stub' Command='node' {metadata} />", Rules.InvalidValue, words);

    [TestMethod]
    public void A_database_is_ready_when_its_port_is_and_has_no_plain_variable()
    {
        var services = project.Plan(Scenario
            + "<K6Service Include='Shop.Api/Shop.Api.csproj' WaitFor='DB, cache' /><K6Service Include='db' Command='postgres' Scheme='tcp' StopCommand='docker rm -f db' /><K6Service Include='cache' Command='redis' Scheme='tcp' HealthPort='6379' />").Services;

        Assert.AreSequenceEqual(["db", "cache"], services[0].WaitFor);
        Assert.AreEqual("{port}||", string.Join('|', services[1].HealthPort, services[1].HealthPath, services[1].UrlVariable));
        Assert.AreSequenceEqual(["docker", "rm", "-f", "db"], services[1].StopCommand);
        Assert.AreEqual("6379", services[2].HealthPort);
    }

    [TestMethod]
    public void A_variable_of_an_address_that_would_configure_k6_is_an_error() =>
        project.Reports($"{Scenario}<K6Service Include='stub' Command='node' ▶UrlVariable='K6_URL' />", Rules.ReservedVariable, "configure k6 itself");

    [TestMethod]
    public void Waiting_for_a_service_that_is_not_declared_is_an_error_with_the_nearest_name() =>
        project.Reports($"{Scenario}<K6Service Include='Shop.Api/Shop.Api.csproj' ▶WaitFor='databse' /><K6Service Include='database' Command='x' Scheme='tcp' />",
            Rules.UnknownDependency, "waits for 'databse'", "Did you mean 'database'?");

    [TestMethod]
    [DataRow("<K6Service Include='a' Command='x' ▶WaitFor='c' /><K6Service Include='b' Command='x' UrlVariable='B' WaitFor='a' /><K6Service Include='c' Command='x' UrlVariable='C' WaitFor='b' />", "a waits for c waits for b waits for a")]
    [DataRow("<K6Service Include='a' Command='x' ▶WaitFor='a' />", "a waits for a")]
    [DataRow("<K6Service Include='a' Command='x' WaitFor='b' /><K6Service Include='b' Command='x' UrlVariable='B' ▶WaitFor='c' /><K6Service Include='c' Command='x' UrlVariable='C' WaitFor='b' />", "b waits for c waits for b")]
    public void Services_that_wait_for_each_other_are_one_error(string xml, string words) =>
        project.Reports(Scenario + xml, Rules.CircularDependency, words);
}
