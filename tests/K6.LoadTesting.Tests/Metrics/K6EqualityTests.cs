using System.Text.Json;
using K6.LoadTesting.Gates;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Engines;
using K6.LoadTesting.Tests.Results;

namespace K6.LoadTesting.Tests.Metrics;

/// <summary>With real k6; inconclusive without.</summary>
[TestClass]
public class K6EqualityTests
{
    [TestMethod]
    public async Task Every_metric_submetric_and_threshold_recomputed_from_the_samples_equals_k6s_own_to_the_last_digit()
    {
        var k6 = await EngineLab.K6Async();
        using var server = new LoopbackServer();
        using var lab = new EngineLab().Write(
            $$$"""
            import http from 'k6/http';
            import { check, group, sleep } from 'k6';
            import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
            const steps = new Trend('steps', true), sizes = new Trend('sizes'), baskets = new Counter('baskets');
            const queue = new Gauge('queue'), cached = new Rate('cached'), never = new Trend('never');
            const grid = []; for (let p = 2; p <= 98; p += 2) grid.push(`p(${p})`);
            export const options = {
              scenarios: {
                browse: { executor: 'constant-vus', vus: 3, duration: '2s', exec: 'browse' },
                buy: { executor: 'constant-arrival-rate', rate: 20, duration: '2s', preAllocatedVUs: 3, exec: 'buy' },
              },
              summaryTrendStats: ['avg', 'min', 'med', 'max', 'count', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'p(33.3)', ...grid],
              thresholds: {
                http_req_duration: ['p(95)<500', 'avg<0.1', 'p(99.9)<1000'],
                'http_req_duration{scenario:browse}': ['p(90)<500', 'med>100'],
                'http_req_failed{scenario:buy}': ['rate<0.01'],
                'http_reqs{status:500}': ['count<10'],
                'http_reqs{more:x & y = z}': ['rate>0'],
                'steps{kind:fast}': ['max<10'],
                'checks{check:is 200}': ['rate>0.9'],
                'group_duration{group:::page}': ['p(50)<900'],
                'iteration_duration{scenario:buy}': ['avg<5000'],
                'queue{kind:slow}': ['value<50'],
                'data_received{scenario:buy}': ['count>1'],
                'dropped_iterations': [], 'iterations{scenario:browse}': [], never: ['p(95)<1'], cached: ['rate>0.2'],
              },
            };
            const url = 'http://127.0.0.1:{{{server.Port}}}';
            export function setup() { http.get(url + '/setup'); }
            export function browse() {
              group('page', () => {
                const page = http.get(url + '/ok', { tags: { name: 'a page, "quoted"', more: 'x & y = z' } });
                check(page, { 'is 200': (r) => r.status === 200, small: (r) => r.body.length < 60 });
              });
              steps.add(__ITER * 1.25, { kind: __ITER % 2 ? 'fast' : 'slow' });
              sizes.add(__ITER / 8 - 3);
              baskets.add(2.5);
              queue.add(__ITER + 0.5, { kind: __ITER % 3 ? 'fast' : 'slow' });
              cached.add(__ITER % 3);
              sleep(0.002);
            }
            export function buy() { check(http.get(url + (__ITER % 2 ? '/fail' : '/ok')), { 'is 200': (r) => r.status === 200 }); }
            // What the entry module does: numbers that k6's own JSON.stringify would print wrong in the last digit go as text.
            const exact = (key, value) => typeof value === 'number' && Number(String(value)) !== value ? value.toPrecision(17) : value;
            export function handleSummary(data) { return { [__ENV.K6SDK_SUMMARY]: JSON.stringify(data, exact) }; }
            """);
        lab.Settings = lab.Settings with { Samples = true };

        var run = await lab.RunAsync(k6);

        Assert.IsNotNull(run.SummaryFile, run.ErrorMessage);
        var summary = Summary.Read(run.SummaryFile);
        var requests = summary.Metrics
            .Select(metric => new StatisticsRequest(metric.Key, metric.Value.Type, [.. metric.Value.Values.Keys]))
            .ToList();
        var computed = SampleStatistics.Compute(run.SamplesFile!, requests, summary.LoadSeconds);
        var compared = 0;
        foreach (var request in requests)
        {
            var metric = summary.Metrics[request.Key];
            foreach (var (statistic, value) in metric.Values)
            {
                Assert.AreEqual(value, computed[request.Key][statistic], $"{request.Key} {statistic}");
                compared++;
            }

            foreach (var (expression, holds) in metric.Thresholds)
            {
                var threshold = ThresholdExpression.TryParse(expression, out _)!;
                var actual = SampleStatistics.Compute(
                    run.SamplesFile!, [new StatisticsRequest(request.Key, metric.Type, [threshold.Statistic])], summary.LoadSeconds)[request.Key][threshold.Statistic];
                Assert.AreEqual(holds, ThresholdEvaluator.Holds(actual, threshold.Operator, threshold.Limit), $"{request.Key} {expression}: {actual}");
                compared++;
            }
        }

        Assert.IsGreaterThan(800, compared);
        Assert.IsGreaterThan(100, summary.Metrics["http_reqs"].Values["count"]);
        Assert.IsFalse(summary.Metrics["http_req_duration"].Thresholds["avg<0.1"]);
    }

    [TestMethod]
    public async Task K6_prints_some_numbers_wrong_in_the_last_digit_and_seventeen_digits_right()
    {
        var k6 = await EngineLab.K6Async();
        using var lab = new EngineLab().Write(
            """
            export const options = { iterations: 1 };
            export default function () {}
            const value = 65.62489 + (163.997774 - 65.62489) * (219.78000000000003 - 219);
            export function handleSummary() { return { [__ENV.K6SDK_SUMMARY]: JSON.stringify({ value, text: value.toPrecision(17) }) }; }
            """);

        var run = await lab.RunAsync(k6);

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(run.SummaryFile!));
        var right = 65.62489 + ((163.997774 - 65.62489) * (219.78000000000003 - 219));
        Assert.AreEqual(Math.BitIncrement(right), document.RootElement.GetProperty("value").GetDouble());
        Assert.AreEqual(right, double.Parse(document.RootElement.GetProperty("text").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }
}
