using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class LoadTests : IDisposable
{
    private readonly DeclaredProject project = new();

    public void Dispose() => project.Dispose();

    [TestMethod]
    [DataRow("Vus='5' Duration='30s'", "constant-vus", "5 VUs for 30s")]
    [DataRow("Duration='30s'", "constant-vus", "1 VU for 30s")]
    [DataRow("Stages='10s:5, 30s:0'", "ramping-vus", "1 VU, to 5 in 10s, to 0 in 30s")]
    [DataRow("Stages='10s:5' StartVUs='0' GracefulRampDown='1s'", "ramping-vus", "0 VUs, to 5 in 10s")]
    [DataRow("Iterations='100' Vus='10'", "shared-iterations", "100 iterations shared by 10 VUs")]
    [DataRow("Iterations='1' MaxDuration='1m'", "shared-iterations", "1 iteration shared by 1 VU")]
    [DataRow("Executor='per-vu-iterations' Iterations='3' Vus='10'", "per-vu-iterations", "3 iterations by each of 10 VUs")]
    [DataRow("Executor='Per-VU-Iterations'", "per-vu-iterations", "1 iteration by each of 1 VU")]
    [DataRow("Rate='50' Duration='1m' PreAllocatedVUs='10' MaxVUs='20'", "constant-arrival-rate", "50/s for 1m with 10 to 20 VUs")]
    [DataRow("Rate='50' TimeUnit='1m' Duration='1m' PreAllocatedVUs='1'", "constant-arrival-rate", "50 per 1m for 1m with 1 VU")]
    [DataRow("Stages='1m:50' PreAllocatedVUs='10'", "ramping-arrival-rate", "0/s, to 50/s in 1m with 10 VUs")]
    [DataRow("Stages='1m:50' StartRate='10' PreAllocatedVUs='10'", "ramping-arrival-rate", "10/s, to 50/s in 1m with 10 VUs")]
    [DataRow("Vus='5' Duration='30s' StartTime='10s' GracefulStop='5s'", "constant-vus", "5 VUs for 30s, after 10s")]
    public void The_executor_follows_from_the_metadata(string metadata, string executor, string words)
    {
        var load = project.Plan($"<K6Scenario Include='browse.ts' {metadata} />").Tests[0].Scenarios[0].Load!;

        Assert.AreEqual(executor, load.Executor);
        Assert.AreEqual(words, ScenarioListing.Describe(load));
    }

    [TestMethod]
    public void Without_load_metadata_the_scripts_own_options_stay() =>
        Assert.IsNull(project.Plan("<K6Scenario Include='browse.ts' Tags='team=a' />").Tests[0].Scenarios[0].Load);

    [TestMethod]
    public void Empty_metadata_are_absent() =>
        Assert.IsNull(project.Plan("<K6Scenario Include='browse.ts' Vus='' Duration=' ' />").Tests[0].Scenarios[0].Load);

    [TestMethod]
    public void Every_value_of_a_load_arrives_in_the_plan()
    {
        var load = project.Plan(
            """
            <K6Scenario Include="browse.ts" Executor="ramping-arrival-rate" StartRate="1" TimeUnit="2s" PreAllocatedVUs="3" MaxVUs="4"
                        StartTime="5s" GracefulStop="6s">
              <Stages>
                7s:8,
                0s:9,
              </Stages>
            </K6Scenario>
            """).Tests[0].Scenarios[0].Load!;

        Assert.AreEqual(new ScenarioLoad
        {
            Executor = "ramping-arrival-rate",
            StartRate = 1,
            TimeUnit = "2s",
            PreAllocatedVUs = 3,
            MaxVUs = 4,
            StartTime = "5s",
            GracefulStop = "6s",
        }, load with { Stages = null });
        Assert.AreSequenceEqual([new Stage("7s", 8), new Stage("0s", 9)], load.Stages!);
    }

    [TestMethod]
    [DataRow("▶Executor='constant-vu' Duration='1s'", "Did you mean 'constant-vus'?")]
    [DataRow("▶Executor='forever' Duration='1s'", "shared-iterations, per-vu-iterations")]
    [DataRow("▶Executor='externally-controlled' Duration='1s'", "k6 2.0 removed")]
    public void An_unknown_executor_is_an_error_at_its_place(string metadata, string words) =>
        project.Reports($"<K6Scenario Include='browse.ts' {metadata} />", Rules.UnknownExecutor, words);

    [TestMethod]
    [DataRow("▶Vus='5'", "Add Duration (constant-vus)")]
    [DataRow("▶MaxDuration='5s'", "Add Duration (constant-vus)")]
    public void A_load_that_does_not_say_how_long_is_an_error(string metadata, string words) =>
        project.Reports($"<K6Scenario Include='browse.ts' {metadata} />", Rules.UnclearLoad, words);

    [TestMethod]
    [DataRow("StartTime='5s'")]
    [DataRow("GracefulStop='5s'")]
    [DataRow("Exec='checkout'")]
    public void A_metadatum_that_needs_a_load_is_an_error_without_one(string metadata) =>
        project.Reports($"<K6Scenario Include='browse.ts' ▶{metadata} />", Rules.NoLoad, "the script's own scenarios run as they are");

    [TestMethod]
    [DataRow("▶Vus='1' Stages='10s:5'", "ramping-vus, the executor that Stages stands for", "Write StartVUs")]
    [DataRow("▶Duration='1m' Stages='10s:5'", "ramping-vus", "sum of its Stages")]
    [DataRow("▶Duration='1m' Iterations='5'", "shared-iterations, the executor that Iterations", "Write MaxDuration")]
    [DataRow("▶Iterations='5' Stages='10s:5'", "ramping-vus", "Executor=\"shared-iterations\"")]
    [DataRow("▶Vus='1' Rate='5' Duration='1m' PreAllocatedVUs='1'", "constant-arrival-rate", "Write PreAllocatedVUs")]
    [DataRow("▶Rate='1' Stages='10s:5' PreAllocatedVUs='1'", "ramping-arrival-rate", "Write StartRate")]
    [DataRow("▶StartRate='1' Executor='constant-arrival-rate' Rate='5' Duration='1m' PreAllocatedVUs='1'", "constant-arrival-rate.", "Write Rate")]
    [DataRow("▶StartVUs='1' Executor='constant-vus' Duration='1m'", "constant-vus.", "Write Vus")]
    [DataRow("▶MaxVUs='1' Executor='constant-vus' Duration='1m'", "constant-vus.", "Write Vus")]
    [DataRow("▶MaxDuration='1m' Executor='constant-vus' Duration='1m'", "constant-vus.", "Write Duration")]
    [DataRow("▶TimeUnit='1m' Executor='constant-vus' Duration='1m'", "constant-vus.", "It takes Vus, Duration, StartTime, GracefulStop")]
    [DataRow("▶GracefulRampDown='1m' Executor='constant-vus' Duration='1m'", "constant-vus.", "It takes Vus")]
    [DataRow("▶Stages='1m:1' Executor='constant-vus' Duration='1m'", "constant-vus.", "ramping-vus")]
    public void A_metadatum_of_another_executor_is_an_error_at_its_place(string metadata, string why, string instead) =>
        project.Reports($"<K6Scenario Include='browse.ts' {metadata} />", Rules.ForeignMetadata, why, instead);

    [TestMethod]
    [DataRow("Executor='constant-vus' Vus='5'", "lacks Duration")]
    [DataRow("Executor='ramping-vus' StartVUs='5'", "lacks Stages")]
    [DataRow("StartVUs='5'", "lacks Stages")]
    [DataRow("Rate='5' PreAllocatedVUs='5'", "lacks Duration")]
    [DataRow("Duration='5s' PreAllocatedVUs='5'", "lacks Rate")]
    [DataRow("Rate='5' Duration='5s'", "lacks PreAllocatedVUs")]
    [DataRow("Executor='ramping-arrival-rate' Stages='5s:5'", "lacks PreAllocatedVUs")]
    [DataRow("StartRate='5' PreAllocatedVUs='5'", "lacks Stages")]
    public void What_an_executor_cannot_do_without_is_an_error_at_the_item(string metadata, string words) =>
        project.Reports($"▶<K6Scenario Include='browse.ts' {metadata} />", Rules.MissingMetadata, words);

    [TestMethod]
    [DataRow("▶Vus='0' Duration='30s'", "more than 0")]
    [DataRow("▶Vus='-1' Duration='30s'", "more than 0")]
    [DataRow("Vus='1' ▶Duration='500ms'", "at least 1s")]
    [DataRow("Vus='1' ▶Duration='0'", "at least 1s")]
    [DataRow("▶Iterations='0'", "more than 0")]
    [DataRow("▶Iterations='2' Vus='5'", "2 iterations cannot be shared by 5")]
    [DataRow("Executor='shared-iterations' ▶Vus='5'", "1 iterations cannot be shared by 5")]
    [DataRow("Iterations='5' ▶MaxDuration='100ms'", "at least 1s")]
    [DataRow("▶Stages='10s:0' StartVUs='0'", "neither StartVUs nor any target")]
    [DataRow("▶Stages='0s:5'", "0s in all")]
    [DataRow("Stages='10s:5' ▶StartVUs='-1'", "negative")]
    [DataRow("▶Stages='10s:-5, 5s:1'", "-5")]
    [DataRow("▶Stages='10s:100000001'", "100 million")]
    [DataRow("▶Vus='100000001' Duration='30s'", "100 million")]
    [DataRow("▶Rate='0' Duration='30s' PreAllocatedVUs='1'", "more than 0")]
    [DataRow("Rate='1' ▶TimeUnit='0s' Duration='30s' PreAllocatedVUs='1'", "more than 0")]
    [DataRow("Rate='1' Duration='30s' ▶PreAllocatedVUs='0'", "starts no iteration")]
    [DataRow("Rate='1' Duration='30s' PreAllocatedVUs='5' ▶MaxVUs='4'", "less than PreAllocatedVUs")]
    [DataRow("Rate='1' ▶Duration='30ms' PreAllocatedVUs='5'", "at least 1s")]
    [DataRow("▶StartRate='-1' Stages='10s:5' PreAllocatedVUs='5'", "negative")]
    [DataRow("▶Stages='10s:0' PreAllocatedVUs='5'", "neither StartRate nor any target")]
    [DataRow("Stages='10s:5' ▶PreAllocatedVUs='0'", "starts no iteration")]
    public void A_load_that_k6_could_not_run_is_an_error_at_its_metadatum(string metadata, string words) =>
        project.Reports($"<K6Scenario Include='browse.ts' {metadata} />", Rules.ImpossibleLoad, words);

    [TestMethod]
    [DataRow("▶Vus='2.0' Duration='30s'", "not a whole number")]
    [DataRow("▶Vus='many' Duration='30s'", "not a whole number")]
    [DataRow("▶Rate='0.5' Duration='30s' PreAllocatedVUs='1'", "TimeUnit=\"1m\"")]
    [DataRow("Vus='1' ▶Duration='10 s'", "not a duration such as 30s")]
    [DataRow("Vus='1' ▶Duration='00:00:30'", "Did you mean '30s'?")]
    [DataRow("Vus='1' Duration='30s' ▶StartTime='-1s'", "negative")]
    [DataRow("Vus='1' Duration='30s' ▶GracefulStop='-1s'", "negative")]
    [DataRow("Stages='1s:5' ▶GracefulRampDown='soon'", "not a duration")]
    [DataRow("▶Stages='10s'", "not duration:target")]
    [DataRow("▶Stages='10s:'", "not duration:target")]
    [DataRow("▶Stages=':5'", "not a duration")]
    [DataRow("▶Stages='10s:5:5'", "not duration:target")]
    [DataRow("▶Stages='10s:5;5s:1'", "separated by commas")]
    [DataRow("▶Stages='-10s:5'", "negative")]
    public void A_value_that_cannot_be_read_is_an_error_at_its_metadatum(string metadata, string words) =>
        project.Reports($"<K6Scenario Include='browse.ts' {metadata} />", Rules.InvalidValue, words);

    [TestMethod]
    public void A_duration_without_a_unit_is_a_warning_since_k6_reads_milliseconds() =>
        project.Reports("<K6Scenario Include='browse.ts' Vus='1' Duration='30s' ▶StartTime='30' />", Rules.DurationWithoutUnit, "30ms", "30s");
}
