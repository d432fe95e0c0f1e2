using System.Diagnostics;
using System.Globalization;
using K6.LoadTesting.Authoring;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.Benchmarks;

/// <summary>
/// The type check of 200 scenarios as a build makes it, one of which changed since the last time, against TypeScript on Node.js with the same configuration. Interleaved, wall time.
/// </summary>
internal static class TypeCheckBenchmark
{
    private const int Scenarios = 200;
    private const int Rounds = 5;
    private const double Goal = 5.00;

    /// <summary>Measures and prints. 0 measured, 3 without Node.js.</summary>
    public static async Task<int> RunAsync()
    {
        if (Machine.Find("node") is not { } node)
        {
            Console.WriteLine("typecheck: not measured, because there is no Node.js on PATH to measure against");
            return 3;
        }

        Console.WriteLine(Machine.Describe());
        var folder = Directory.CreateTempSubdirectory("k6-benchmark-").FullName;
        try
        {
            var plan = Write(folder);
            var output = Path.Combine(folder, "obj", "k6");
            EditorConfiguration.Write(output, NodeTools.TypesDirectories);
            var options = new TypeCheckOptions
            {
                ProjectDirectory = folder,
                OutputDirectory = output,
                TypesDirectories = NodeTools.TypesDirectories,
                CompilerPath = NodeTools.TypeScript,
            };
            Console.WriteLine(Line("first check", await CheckAsync(plan, options, TypeCheckOutcome.Checked)));

            var (ours, theirs, nothing) = (new List<double>(), new List<double>(), new List<double>());
            var version = Machine.Run(Machine.Command(null, [node, NodeTools.TypeScriptOnNode, "--version"])).Output.Trim().Split(' ')[^1];
            for (var round = 0; round < Rounds; round++)
            {
                File.AppendAllText(plan.Tests[round].Scenarios[0].File, "// changed\n");
                ours.Add(await CheckAsync(plan, options, TypeCheckOutcome.Checked));
                nothing.Add(await CheckAsync(plan, options, TypeCheckOutcome.UpToDate));
                theirs.Add(Machine.Run(Machine.Command(null, [node, NodeTools.TypeScriptOnNode, "-p", Path.Combine(output, TypeChecker.ConfigurationName)])).Wall.TotalMilliseconds);
            }

            Console.WriteLine(Line("nothing changed", Machine.Median(nothing)));
            Console.WriteLine(Line("one scenario changed", Machine.Median(ours)));
            Console.WriteLine(Line($"TypeScript {version} on Node.js", Machine.Median(theirs)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"typecheck: ratio {Machine.Median(theirs) / Machine.Median(ours):0.00} (goal {Goal:0.00}) against TypeScript {version} on Node.js, {Rounds} rounds"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Line(string what, double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{Scenarios} scenarios, {what}: {milliseconds:0} ms");

    private static async Task<double> CheckAsync(LoadPlan plan, TypeCheckOptions options, TypeCheckOutcome expected)
    {
        var diagnostics = new List<Diagnostic>();
        var clock = Stopwatch.StartNew();
        var outcome = await TypeChecker.CheckAsync(plan, options, diagnostics);
        var took = clock.Elapsed.TotalMilliseconds;
        return outcome == expected && diagnostics.Count == 0
            ? took
            : throw new BenchmarkException($"the check was {outcome}, not {expected}: {string.Join(", ", diagnostics)}");
    }

    private static LoadPlan Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "lib"));
        File.WriteAllText(Path.Combine(folder, "lib", "shop.ts"), """
            import http, { type RefinedResponse } from 'k6/http';
            export interface Product { readonly id: number; readonly name: string; readonly price: number }
            export class Shop {
              constructor(private readonly base: string) {}
              product(id: number): Product { return this.get(`/products/${id}`).json() as unknown as Product; }
              get(path: string): RefinedResponse<'text'> { return http.get(`${this.base}${path}`, { tags: { name: path }, responseType: 'text' }); }
            }

            """);
        var place = new SourceLocation(Path.Combine(folder, "Load.csproj"), 1, 1);
        var tests = Enumerable.Range(1, Scenarios).Select(number =>
        {
            var file = Path.Combine(folder, $"scenario{number}.ts");
            File.WriteAllText(file, $$"""
                import { check, group, sleep } from 'k6';
                import { Trend } from 'k6/metrics';
                import type { Options } from 'k6/options';
                import { Shop } from './lib/shop.ts';
                const trend = new Trend('shop_{{number}}', true);
                export const options: Options = { scenarios: { s{{number}}: { executor: 'constant-vus', vus: {{number}}, duration: '1m' } }, thresholds: { checks: ['rate>0.99'] } };
                export function setup(): { token: string } { return { token: __ENV.TOKEN ?? 'none' }; }
                export default function (data: ReturnType<typeof setup>): void {
                  const shop = new Shop(__ENV.BASE_URL);
                  group('browse', () => {
                    const response = shop.get(`/search?q=${data.token}`);
                    trend.add(response.timings.duration);
                    check(response, { 'status is 200': (r) => r.status === 200, 'has a price': () => shop.product({{number}}).price > 0 });
                  });
                  sleep(Math.random());
                }

                """);
            return new TestPlan { Name = $"scenario{number}", Scenarios = [new ScenarioPlan { Name = $"scenario{number}", File = file, Location = place }] };
        });
        return new LoadPlan { Project = "Load", ProjectFile = place.File, Tests = [.. tests] };
    }
}
