using System.Text.Json.Nodes;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>
/// <c>load-performance.json</c> for GitLab's <c>artifacts:reports:load_performance</c>. Its widget reads these four figures of k6's summary and no others; of several
/// tests it gets the sums, and the percentiles of the slowest, since percentiles cannot be added.
/// </summary>
internal static class GitLabReport
{
    /// <summary>Writes the file, or removes an older one when no test made a request: the widget would show nonsense.</summary>
    /// <param name="result">The result.</param>
    /// <param name="file">Absolute path of the file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(LoadTestResult result, string file)
    {
        var tests = result.Tests.Where(test => Value(test, "http_reqs", "count") > 0).ToList();
        if (tests.Count == 0)
        {
            File.Delete(file);
            return;
        }

        var report = new JsonObject
        {
            ["metrics"] = new JsonObject
            {
                ["http_reqs"] = new JsonObject
                {
                    ["count"] = tests.Sum(test => Value(test, "http_reqs", "count")),
                    ["rate"] = tests.Sum(test => Value(test, "http_reqs", "rate")),
                },
                ["http_req_waiting"] = new JsonObject
                {
                    ["p(90)"] = tests.Max(test => Value(test, "http_req_waiting", "p(90)")),
                    ["p(95)"] = tests.Max(test => Value(test, "http_req_waiting", "p(95)")),
                },
                ["checks"] = new JsonObject
                {
                    ["passes"] = tests.Sum(test => Value(test, "checks", "passes")),
                    ["fails"] = tests.Sum(test => Value(test, "checks", "fails")),
                },
            },
        };
        TextFile.Write(file, report.ToJsonString(new() { WriteIndented = true }) + "\n");
    }

    private static double Value(TestResult test, string metric, string statistic) =>
        test.Metrics.GetValueOrDefault(metric)?.Values.GetValueOrDefault(statistic) is { } value && double.IsFinite(value) ? value : 0;
}
