using System.Text.Json;
using System.Text.Json.Nodes;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class LoadPatternTests : IDisposable
{
    private readonly DeclaredProject project = new();

    public static IEnumerable<object[]> Cases() => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "load-patterns.json")))!.AsArray()
        .Select(one => new object[] { $"{one!["pattern"]} {one["numbers"]!.ToJsonString()}", one.ToJsonString() });

    public void Dispose() => project.Dispose();

    // The same file holds the TypeScript library to the same formulas.
    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_pattern_expands_by_its_formula_in_MSBuild_and_in_CSharp(string name, string json)
    {
        var expected = JsonNode.Parse(json)!;
        var pattern = Enum.Parse<LoadPattern>(expected["pattern"]!.GetValue<string>());
        var numbers = expected["numbers"].Deserialize<PatternNumbers>(JsonSerializerOptions.Web)!;

        var load = LoadPatterns.Expand(pattern, numbers);

        Assert.AreEqual(expected["executor"]!.GetValue<string>(), load.Executor, name);
        Assert.AreEqual(expected["top"]?.GetValue<long>(), load.Rate ?? load.Vus);
        Assert.AreEqual(expected["start"]?.GetValue<long>(), load.StartRate ?? load.StartVUs);
        Assert.AreEqual(expected["duration"]?.GetValue<double>(), load.Duration is { } duration ? K6Duration.Parse(duration).TotalMilliseconds : null);
        Assert.AreEqual(
            expected["stages"]?.ToJsonString(),
            load.Stages is { } stages ? JsonSerializer.Serialize(stages.Select(stage => new[] { (long)K6Duration.Parse(stage.Duration).TotalMilliseconds, stage.Target })) : null);
        Assert.AreEqual(numbers.PreAllocatedVUs, load.PreAllocatedVUs);

        var metadata = string.Join(' ', expected["numbers"]!.AsObject().Select(number => $"{number.Key}='{number.Value}'"));
        var scenario = project.Plan($"<K6Scenario Include='browse.ts' Pattern='{pattern}' {metadata} />").Tests[0].Scenarios[0];
        Assert.AreEqual(JsonSerializer.Serialize(load), JsonSerializer.Serialize(scenario.Load));
        Assert.AreEqual(pattern, scenario.Pattern);
    }

    [TestMethod]
    public void Everything_that_is_no_number_of_the_shape_reaches_the_load()
    {
        var load = project.Plan("<K6Scenario Include='browse.ts' pattern='rampup' Vus='5' Duration='10s' StartTime='1s' GracefulStop='2s' GracefulRampDown='3s' />").Tests[0].Scenarios[0].Load!;

        Assert.AreEqual("1s 2s 3s", $"{load.StartTime} {load.GracefulStop} {load.GracefulRampDown}");
    }

    [TestMethod]
    [DataRow("▶Pattern='Rampup2' Vus='5' Duration='1m'", "Did you mean 'RampUp'?")]
    [DataRow("▶Pattern='3' Vus='5' Duration='1m'", "There is: Smoke, Steady")]
    public void An_unknown_pattern_is_an_error_at_its_place(string metadata, string words) => Reports(metadata, Rules.UnknownPattern, words);

    [TestMethod]
    [DataRow("▶Pattern='RampUp' Duration='1m'", "RampUp lacks its number: Vus")]
    [DataRow("▶Pattern='RampUp' Vus='5'", "RampUp lacks Duration")]
    [DataRow("▶Pattern='Breakpoint' Rate='5' Duration='1m'", "PreAllocatedVUs")]
    public void A_pattern_that_misses_its_number_is_an_error(string metadata, string words) => Reports(metadata, Rules.MissingMetadata, words);

    [TestMethod]
    [DataRow("Pattern='RampUp' Vus='5' Duration='1m' ▶Stages='1m:5'", "makes the Stages itself")]
    [DataRow("Pattern='RampUp' Vus='5' Duration='1m' ▶Executor='ramping-vus'", "chooses the executor itself")]
    [DataRow("Pattern='Soak' Vus='5' Duration='1m' ▶Iterations='5'", "lasts for its Duration")]
    [DataRow("Pattern='Soak' Vus='5' Duration='1m' ▶MaxDuration='5s'", "lasts for its Duration")]
    [DataRow("Pattern='Soak' Vus='5' Duration='1m' ▶Rate='5'", "exclude each other")]
    [DataRow("Pattern='Soak' Vus='5' Duration='1m' ▶PreAllocatedVUs='5'", "belongs to Rate")]
    [DataRow("Pattern='Smoke' ▶MaxVUs='5'", "belongs to Rate")]
    [DataRow("Pattern='Soak' Vus='5' Duration='1m' ▶StartRate='1'", "Write StartVUs")]
    [DataRow("Pattern='Soak' Rate='5' Duration='1m' PreAllocatedVUs='1' ▶StartVUs='1'", "Write StartRate")]
    [DataRow("Pattern='Steady' Vus='5' Duration='1m' ▶Ramp='1s'", "Steady has no Ramp")]
    [DataRow("Pattern='RampUp' Vus='5' Duration='1m' ▶Steps='2'", "RampUp has no Steps")]
    [DataRow("Vus='5' Duration='1m' ▶Ramp='1s'", "Add one, such as Pattern=\"RampUp\"")]
    public void A_metadatum_that_contradicts_the_pattern_is_an_error_at_its_place(string metadata, string words) => Reports(metadata, Rules.PatternContradicted, words);

    [TestMethod]
    [DataRow("Pattern='Steady' ▶Vus='0' Duration='1m'", "between 1 and 100 million")]
    [DataRow("Pattern='Steady' Vus='1' ▶Duration='10ms'", "less than 1s")]
    [DataRow("Pattern='RampUp' Vus='5' Duration='1m' ▶Ramp='31s'", "30s at most")]
    [DataRow("Pattern='Spike' Vus='5' Duration='1m' ▶Ramp='6001ms'", "6s at most")]
    [DataRow("Pattern='Stress' Vus='5' Duration='1m' ▶Ramp='13s'", "12s at most")]
    [DataRow("Pattern='RampUp' Vus='5' ▶StartVUs='5' Duration='1m'", "not less than")]
    [DataRow("Pattern='RampUp' Vus='5' ▶StartVUs='-1' Duration='1m'", "negative")]
    [DataRow("Pattern='Spike' ▶Vus='1' Duration='1m'", "it starts at 1")]
    [DataRow("Pattern='Stress' ▶Vus='4' Duration='1m'", "5 steps from 0 to 4")]
    [DataRow("Pattern='Stress' Vus='4' ▶Steps='5' Duration='1m'", "fewer Steps")]
    [DataRow("Pattern='Stress' Vus='4' ▶Steps='0' Duration='1m'", "between 1 and 100")]
    [DataRow("Pattern='Steady' Rate='5' Duration='1m' ▶PreAllocatedVUs='0'", "starts no iteration")]
    [DataRow("Pattern='Steady' Rate='5' Duration='1m' PreAllocatedVUs='5' ▶MaxVUs='4'", "less than PreAllocatedVUs")]
    [DataRow("Pattern='Steady' Rate='5' Duration='1m' PreAllocatedVUs='5' ▶TimeUnit='0s'", "more than 0")]
    public void A_number_that_cannot_be_is_an_error_at_its_place(string metadata, string words) => Reports(metadata, Rules.ImpossibleLoad, words);

    [TestMethod]
    [DataRow("Pattern='Steady' ▶Vus='many' Duration='1m'")]
    [DataRow("Pattern='Steady' Vus='1' ▶Duration='soon'")]
    public void What_cannot_be_read_is_one_error(string metadata) => Reports(metadata, Rules.InvalidValue, "is not");

    [TestMethod]
    public void In_CSharp_a_fault_is_an_exception_with_the_same_words() =>
        Assert.Contains("lacks Duration", Assert.ThrowsExactly<ArgumentException>(() => LoadPatterns.Expand(LoadPattern.Soak, new PatternNumbers { Vus = 1 })).Message);

    private void Reports(string metadata, DiagnosticRule rule, string words) =>
        project.Reports($"<K6Scenario Include='browse.ts' {metadata} />", rule, words);
}
