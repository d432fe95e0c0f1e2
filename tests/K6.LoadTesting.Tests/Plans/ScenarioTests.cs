using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class ScenarioTests : IDisposable
{
    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    public void Each_scenario_is_a_run_of_its_own_in_the_order_of_declaration()
    {
        var plan = project.Plan("<K6Scenario Include='checkout.ts' /><K6Scenario Include='browse.ts' /><K6Scenario Include='login.js' />");

        Assert.AreSequenceEqual(["checkout", "browse", "login"], plan.Tests.Select(test => test.Name));
        Assert.AreSequenceEqual(["checkout", "browse", "login"], plan.Tests.SelectMany(test => test.Scenarios).Select(scenario => scenario.Name));
        Assert.AreEqual(project.PathOf("checkout.ts"), plan.Tests[0].Scenarios[0].File);
    }

    [TestMethod]
    public void Scenarios_of_one_test_share_a_run()
    {
        var plan = project.Plan(
            "<K6Scenario Include='checkout.ts' Test='peak' /><K6Scenario Include='login.js' /><K6Scenario Include='browse.ts' Test='peak' Name='mix' />");

        Assert.AreSequenceEqual(["peak", "login"], plan.Tests.Select(test => test.Name));
        Assert.AreSequenceEqual(["checkout", "mix"], plan.Tests[0].Scenarios.Select(scenario => scenario.Name));
    }

    [TestMethod]
    public void One_script_may_be_included_repeatedly_under_different_names()
    {
        var plan = project.Plan("<K6Scenario Include='browse.ts' /><K6Scenario Include='browse.ts' Name='browse-again' />");

        Assert.AreSequenceEqual(["browse", "browse-again"], plan.Tests.Select(test => test.Name));
    }

    [TestMethod]
    public void Exec_tags_environment_and_places_arrive_in_the_plan()
    {
        var scenario = project.Plan(
            "<K6Scenario Include='browse.ts' exec='search' vus='1' Duration='1s' Tags='team=shop, size = x y' Environment='DEPTH=3,MODE=a=b' />")
            .Tests[0].Scenarios[0];

        Assert.AreEqual("search", scenario.Exec);
        Assert.AreEqual("shop|x y", string.Join('|', scenario.Tags["team"], scenario.Tags["size"]));
        Assert.AreEqual("3|a=b", string.Join('|', scenario.Environment["DEPTH"], scenario.Environment["MODE"]));
        Assert.AreEqual(new SourceLocation(project.File_, 1, 1), scenario.Location);
        Assert.AreEqual(new SourceLocation(project.File_, 1, 33), scenario.MetadataLocations["Exec"]);
        Assert.AreEqual(new SourceLocation(project.File_, 1, 47), scenario.MetadataLocations["Vus"]);
    }

    [TestMethod]
    public void A_disabled_scenario_is_removed_and_not_looked_at()
    {
        var plan = project.Plan("<K6Scenario Include='gone.ts' Enabled='false' Vus='0' /><K6Scenario Include='browse.ts' Enabled='True' /><K6Scenario Include='browse.ts' Enabled='false' />");

        Assert.AreSequenceEqual(["browse"], plan.Tests.Select(test => test.Name));
    }

    [TestMethod]
    [DataRow("▶<K6Scenario Include='gone.ts' />", "does not exist")]
    [DataRow("▶<K6Scenario Include='brows.ts' />", "Did you mean 'browse.ts'?")]
    [DataRow("▶<K6Scenario Include='browse.js' />", "Did you mean 'browse.ts'?")]
    [DataRow("▶<K6Scenario Include='nowhere/browse.ts' />", "does not exist either")]
    public void A_missing_script_is_an_error_at_its_item(string xml, string words) => project.Reports(xml, Rules.MissingScript, words);

    [TestMethod]
    [DataRow("▶<K6Scenario Include='notes.md' Name='notes' />")]
    [DataRow("▶<K6Scenario Include='Shop.Api' Name='api' />")]
    public void A_file_that_is_no_script_is_an_error(string xml) => project.Reports(xml, Rules.NotAScript, ".ts, .js");

    [TestMethod]
    public void An_unknown_item_is_an_error_with_the_nearest_name() =>
        project.Reports("<K6Scenario Include='browse.ts' />\n ▶<K6Treshold Include='checks' Above='1%' />", Rules.UnknownItem, "Did you mean 'K6Threshold'?");

    [TestMethod]
    [DataRow("<K6Scenario Include='browse.ts' ▶Vuss='5' />", "Did you mean 'Vus'?")]
    [DataRow("<K6Scenario Include='browse.ts' ▶Colour='red' />", "There is: Name, Test")]
    [DataRow("<K6Scenario Include='browse.ts'>\n  ▶<PreAlocatedVUs>5</PreAlocatedVUs>\n</K6Scenario>", "Did you mean 'PreAllocatedVUs'?")]
    public void An_unknown_metadatum_is_an_error_at_its_place(string xml, string words) => project.Reports(xml, Rules.UnknownMetadata, words);

    [TestMethod]
    public void Metadata_of_msbuild_and_nuget_are_left_alone() =>
        Assert.IsEmpty(project.Diagnostics(
            "<K6Scenario Include='browse.ts' DefiningProjectFullPath='x' Link='l' Visible='false' CopyToOutputDirectory='Never' SubType='Code' Pack='false' PackagePath='p' />"));

    [TestMethod]
    [DataRow("<K6Scenario Include='browse.ts' ▶Name='a b' />", "'a b'")]
    [DataRow("<K6Scenario Include='browse.ts' ▶Name='größe' />", "letters, digits")]
    [DataRow("<K6Scenario Include='browse.ts' ▶Test='a/b' />", "folder of results")]
    public void A_name_that_k6_refuses_is_an_error_at_its_place(string xml, string words) => project.Reports(xml, Rules.InvalidName, words);

    [TestMethod]
    public void A_file_name_that_cannot_be_a_name_asks_for_one()
    {
        File.WriteAllText(project.PathOf("browse.test.ts"), "");

        project.Reports("▶<K6Scenario Include='browse.test.ts' />", Rules.InvalidName, "give the item a Name");
    }

    [TestMethod]
    public void Two_scenarios_of_one_name_are_an_error_that_names_both_places()
    {
        var diagnostic = project.Reports("<K6Scenario Include='browse.ts' />\n<K6Scenario Include='login.js' ▶Name='Browse' />", Rules.DuplicateName);

        Assert.Contains(new SourceLocation(project.File_, 1, 1).ToString(), diagnostic.Message);
    }

    [TestMethod]
    public void The_same_file_twice_without_a_name_is_the_same_error() =>
        project.Reports("<K6Scenario Include='browse.ts' />\n▶<K6Scenario Include='browse.ts' />", Rules.DuplicateName, "another Name");

    [TestMethod]
    public void Tests_that_differ_only_in_case_would_share_a_folder() =>
        project.Reports("<K6Scenario Include='browse.ts' Test='peak' />\n<K6Scenario Include='login.js' ▶Test='Peak' />", Rules.DuplicateName, "only in upper and lower case");

    [TestMethod]
    [DataRow("▶Enabled='yes'", "neither true nor false")]
    [DataRow("▶Tags='a'", "key=value")]
    [DataRow("▶Tags='=b'", "key=value")]
    [DataRow("▶Tags='a=1, a=2'", "twice")]
    [DataRow("▶Tags='a=1;b=2'", "commas")]
    [DataRow("▶Environment='LIST=1,2'", "cannot hold a comma")]
    public void A_list_or_switch_that_cannot_be_read_is_an_error_at_its_place(string metadata, string words) =>
        project.Reports($"<K6Scenario Include='browse.ts' {metadata} />", Rules.InvalidValue, words);

    [TestMethod]
    [DataRow("scenario")]
    [DataRow("group")]
    [DataRow("script")]
    public void A_tag_that_the_engine_sets_is_an_error(string tag) =>
        project.Reports($"<K6Scenario Include='browse.ts' ▶Tags='{tag}=x' />", Rules.ReservedTag, tag);

    [TestMethod]
    public void A_variable_of_a_scenario_follows_the_rules_of_variables()
    {
        project.Reports("<K6Scenario Include='browse.ts' ▶Environment='K6_VUS=3' />", Rules.ReservedVariable);
        project.Reports("<K6Scenario Include='browse.ts' ▶Environment='MY-VAR=3' />", Rules.InvalidVariable);
        project.Reports("<K6Scenario Include='browse.ts' ▶Environment='API_KEY=3' />", Rules.SecretByValue);
    }

    [TestMethod]
    public void A_project_without_a_scenario_is_an_error()
    {
        Assert.AreEqual(Rules.NoScenarios.Code, project.Diagnostics("").Single().Code);
        Assert.AreEqual(Rules.NoScenarios.Code, project.Diagnostics("<K6Scenario Include='browse.ts' Enabled='false' />").Single().Code);
    }

    [TestMethod]
    [DataRow("browse", "browse")]
    [DataRow("BROWSE,login", "browse login")]
    [DataRow("browse; login", "browse login")]
    [DataRow("*", "checkout browse login")]
    [DataRow("*o*t", "checkout")]
    public void The_filter_chooses_scenarios_by_name(string filter, string names)
    {
        var plan = project.Plan($"<K6ScenarioFilter>{filter}</K6ScenarioFilter><K6Scenario Include='checkout.ts' /><K6Scenario Include='browse.ts' /><K6Scenario Include='login.js' />");

        Assert.AreEqual(names, string.Join(' ', plan.Tests.Select(test => test.Name)));
    }

    [TestMethod]
    [DataRow("!browse", "checkout login")]
    [DataRow("*o*,!login", "checkout browse")]
    [DataRow("category:smoke", "checkout login")]
    [DataRow("category:s*,!category:slow", "login")]
    [DataRow("browse category:slow", "checkout browse")]
    public void The_filter_leaves_out_and_chooses_by_category(string filter, string names)
    {
        var plan = project.Plan($"<K6ScenarioFilter>{filter}</K6ScenarioFilter><K6Scenario Include='checkout.ts' Category='smoke, slow' /><K6Scenario Include='browse.ts' /><K6Scenario Include='login.js' Category='Smoke' />");

        Assert.AreEqual(names, string.Join(' ', plan.Tests.Select(test => test.Name)));
    }

    [TestMethod]
    public void In_a_suite_a_pattern_may_be_meant_for_another_project()
    {
        const string Scenarios = "<K6Suite>true</K6Suite><K6Scenario Include='browse.ts' />";

        var other = project.Plan($"<K6ScenarioFilter>pay*, !slow</K6ScenarioFilter>{Scenarios}");
        Assert.IsEmpty(other.Tests);
        CollectionAssert.AreEqual(new[] { "pay*", "!slow" }, other.Settings.UnmatchedFilters.ToArray());

        var mine = project.Plan($"<K6ScenarioFilter>pay*, browse</K6ScenarioFilter>{Scenarios}");
        Assert.HasCount(1, mine.Tests);
        CollectionAssert.AreEqual(new[] { "pay*" }, mine.Settings.UnmatchedFilters.ToArray());
    }

    [TestMethod]
    public void A_category_that_a_filter_could_not_name_is_an_error() =>
        project.Reports("<K6Scenario Include='browse.ts' ▶Category='smoke, very slow' />", Rules.InvalidName, "'very slow' cannot be a category");

    [TestMethod]
    [DataRow("brows", "Did you mean 'browse'?")]
    [DataRow("browse,pay*", "'pay*'")]
    [DataRow("login", "There is: browse")]
    [DataRow("!brows", "Did you mean 'browse'?")]
    [DataRow("category:smok", "Did you mean 'category:smoke'?")]
    [DataRow("!browse", "leaves out every scenario")]
    public void A_filter_that_matches_nothing_is_an_error_with_the_names_there_are(string filter, string words) =>
        project.Reports($"▶<K6ScenarioFilter>{filter}</K6ScenarioFilter><K6Scenario Include='browse.ts' Category='smoke' /><K6Scenario Include='login.js' Enabled='false' />",
            Rules.FilterMatchesNothing, words);

    [TestMethod]
    public void Every_mistake_is_reported_by_one_build()
    {
        var codes = project.Diagnostics("<K6Scenario Include='gone.ts' Vus='0' Duration='soon' Colour='red' /><K6Threshold Include='checks' Below='5ms' />")
            .Select(diagnostic => diagnostic.Code).Order();

        Assert.AreEqual("KSDK0103 KSDK0104 KSDK0110 KSDK0119 KSDK0135", string.Join(' ', codes));
    }
}
