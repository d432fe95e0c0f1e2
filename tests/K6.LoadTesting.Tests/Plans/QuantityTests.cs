using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class QuantityTests
{
    [TestMethod]
    [DataRow("500", "http_req_duration", "p(95)", 500)]
    [DataRow("500ms", "http_req_duration", "p(95)", 500)]
    [DataRow("1.5 s", "http_req_duration", "avg", 1500)]
    [DataRow("2m", "iteration_duration", "max", 120_000)]
    [DataRow("250us", "http_req_sending", "med", 0.25)]
    [DataRow("250µs", "http_req_sending", "med", 0.25)]
    [DataRow("1%", "http_req_failed", "rate", 0.01)]
    [DataRow("0.1%", "http_req_failed", "rate", 0.001)]
    [DataRow("99.9 %", "checks", "rate", 0.999)]
    [DataRow("0.01", "checks", "rate", 0.01)]
    [DataRow("100%", "checks", "rate", 1)]
    [DataRow("100/s", "http_reqs", "rate", 100)]
    [DataRow("100 /s", "http_reqs", "rate", 100)]
    [DataRow("1e3", "http_reqs", "count", 1000)]
    [DataRow("20MB", "data_received", "count", 20_000_000)]
    [DataRow("512B", "data_sent", "count", 512)]
    [DataRow("1.5kB/s", "data_sent", "rate", 1500)]
    [DataRow("50", "vus", "value", 50)]
    [DataRow("0.1", "browser_web_vital_cls", "p(75)", 0.1)]
    [DataRow("2s", "checkout_time", "p(95)", 2000)]
    [DataRow("5%", "login_failed", "rate", 0.05)]
    [DataRow("5/s", "orders", "rate", 5)]
    [DataRow("7", "orders", "count", 7)]
    public void A_limit_becomes_k6s_unit_of_the_statistic(string text, string metric, string statistic, double expected)
    {
        var value = Quantity.TryParse(text, BuiltInMetrics.Find(metric), statistic, out var error);

        Assert.IsNull(error);
        Assert.AreEqual(expected, value);
    }

    [TestMethod]
    [DataRow("fast", "http_req_duration", "avg", "not a limit")]
    [DataRow("", "http_req_duration", "avg", "500ms")]
    [DataRow("1,5s", "http_req_duration", "avg", "not a")]
    [DataRow("1m30s", "http_req_duration", "avg", "not a limit")]
    [DataRow("5min", "http_req_duration", "avg", "'min'")]
    [DataRow("5KB", "data_sent", "count", "'KB'")]
    [DataRow("5ms", "http_req_failed", "rate", "share of 1")]
    [DataRow("5/s", "checks", "rate", "share of 1")]
    [DataRow("5%", "http_req_duration", "p(95)", "a time")]
    [DataRow("5s", "http_reqs", "count", "plain number")]
    [DataRow("5/s", "http_reqs", "count", "plain number")]
    [DataRow("5kB", "data_sent", "rate", "500kB/s")]
    [DataRow("5s", "browser_web_vital_cls", "avg", "plain number")]
    [DataRow("5", "http_req_failed", "rate", "write 5%")]
    [DataRow("150%", "http_req_failed", "rate", "between 0 and 1")]
    [DataRow("-1%", "http_req_failed", "rate", "between 0 and 1")]
    public void A_limit_that_does_not_fit_says_what_does(string text, string metric, string statistic, string words)
    {
        Assert.IsNull(Quantity.TryParse(text, BuiltInMetrics.Find(metric), statistic, out var error));
        Assert.Contains(words, error!);
    }

    [TestMethod]
    [DataRow("Vuss", "Vus")]
    [DataRow("sateges", "Stages")]
    [DataRow("Iteratoins", "Iterations")]
    [DataRow("vus", "Vus")]
    [DataRow("Colour", null)]
    public void The_nearest_name_is_found_where_there_is_one(string name, string? nearest) =>
        Assert.AreEqual(nearest, NearestName.Of(name, ["Vus", "Stages", "Iterations", "Duration"]));

    [TestMethod]
    public void Swapped_neighbours_are_one_edit() => Assert.AreEqual(1, NearestName.Distance("ratse", "rates"));
}
