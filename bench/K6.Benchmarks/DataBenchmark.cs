using System.Globalization;
using System.Text;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.Benchmarks;

/// <summary>Memory of 100,000 rows of test data on both engines: with 20 virtual users about that of one copy.</summary>
internal static class DataBenchmark
{
    private const int Rows = 100_000;
    private const int Users = 20;
    private const int Rounds = 3;
    private const double Goal = 0.80;

    /// <summary>Measures and prints. 0 measured, 3 without k6.</summary>
    public static async Task<int> RunAsync()
    {
        if (Machine.Find("k6") is not { } k6)
        {
            Console.WriteLine("data: not measured, because there is no k6 on PATH");
            return 3;
        }

        Console.WriteLine(Machine.Describe());
        var engines = new (string Name, string[] Command)[] { ("k6", [k6]), ("embedded", ["dotnet", "exec", EngineBuild.Publish()]) };
        var folder = Directory.CreateTempSubdirectory("k6-benchmark-").FullName;
        try
        {
            var worst = double.MaxValue;
            Console.WriteLine("| engine | users | empty script MB | 100,000 rows MB |");
            Console.WriteLine("| --- | --- | --- | --- |");
            foreach (var (name, command) in engines)
            {
                var one = await PeakAsync(folder, command, 1);
                var many = await PeakAsync(folder, command, Users);
                foreach (var (users, peak) in new[] { (1, one), (Users, many) })
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {users} | {peak.Empty:0} | {peak.Data:0} |"));
                }

                worst = Math.Min(worst, one.Data / many.Data);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"data: ratio {worst:0.00} (goal {Goal:0.00}) against one virtual user, {Rounds} rounds"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Empty, double Data)> PeakAsync(string folder, string[] command, int users)
    {
        var bundles = await BundleAsync(folder, users);
        double Peak(string test) => Machine.Median(Enumerable.Range(0, Rounds).Select(_ =>
            Machine.Run(Machine.Command(null, [.. command, "run", "--quiet", bundles.Single(bundle => bundle.Test == test).File])).PeakBytes / 1048576.0));
        return (Peak("empty"), Peak("data"));
    }

    private static async Task<IReadOnlyList<TestBundle>> BundleAsync(string folder, int users)
    {
        var csv = new StringBuilder("id,email,name,role,balance\n");
        for (var row = 1; row <= Rows; row++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{row},user{row}@example.com,User Number {row},{(row % 10 == 0 ? "admin" : "member")},{row * 1.25}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "users.csv"), csv.ToString());
        var use = "if (users.perIteration().id < 1 || users.random().email.length === 0) { throw new Error('no row'); }";
        var options = $"export const options = {{ vus: {users}, iterations: {users * 50} }};\n";
        await File.WriteAllTextAsync(Path.Combine(folder, "empty.ts"), $"{options}export default function () {{}}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "data.ts"), $"import {{ users }} from 'k6-data/users';\n{options}export default function () {{ {use} }}\n");

        var place = new SourceLocation(Path.Combine(folder, "Load.csproj"), 1, 1);
        var data = new DataPlan { Name = "users", Format = DataFormat.Csv, File = Path.Combine(folder, "users.csv"), Location = place };
        TestPlan Test(string name) => new() { Name = name, Scenarios = [new ScenarioPlan { Name = name, File = Path.Combine(folder, name + ".ts"), Location = place }] };
        var plan = new LoadPlan { Project = "Load", ProjectFile = place.File, Data = [data], Tests = [Test("empty"), Test("data")] };
        var output = Path.Combine(folder, "obj", "k6");
        var diagnostics = new List<Diagnostic>();
        DataModules.Write(plan.Data, folder, output, diagnostics);
        var outcome = await Bundler.BundleAsync(plan, new BundleOptions { EsbuildPath = NodeTools.Esbuild, OutputDirectory = output, ProjectDirectory = folder }, diagnostics);
        return diagnostics.Count == 0 ? outcome.Bundles : throw new BenchmarkException(string.Join(", ", diagnostics));
    }
}
