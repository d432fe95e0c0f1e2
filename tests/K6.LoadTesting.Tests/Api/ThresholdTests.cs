namespace K6.LoadTesting.Tests.Api;

[TestClass]
public sealed class ThresholdTests
{
    [TestMethod]
    [DataRow("http_req_duration: p(95)<500")]
    [DataRow("http_req_duration{name:GET /carts/{id}}: p(99.9)<500")]
    [DataRow("http_req_failed{a:b,c:d}: rate<=0.01")]
    [DataRow("service:shop-api.cpu: avg<0.8")]
    [DataRow("my_counter: count>10")]
    public void A_threshold_in_words_of_k6_reads_back_as_it_was_written(string text) =>
        Assert.AreEqual(text, Threshold.Parse(text).ToString());

    [TestMethod]
    public void What_is_said_fluently_is_what_k6_is_told()
    {
        Assert.AreEqual("http_req_duration: p(95)<500", Threshold.On("http_req_duration").Percentile(95).Below("500ms").ToString());
        Assert.AreEqual("http_req_duration: p(95)<500", Threshold.On("http_req_duration").Percentile(95).Below(TimeSpan.FromSeconds(0.5)).ToString());
        Assert.AreEqual("http_req_duration{name:login}: max<=1500", Threshold.On("http_req_duration").Tagged("name", "login").Maximum().AtMost("1.5s").ToString());
        Assert.AreEqual("http_req_failed: rate<0.01", Threshold.On("http_req_failed").Below("1%").ToString());
        Assert.AreEqual("http_reqs: count>100", Threshold.On("http_reqs").Count().Above(100).ToString());
        Assert.AreEqual("data_received: count>=5000000", Threshold.On("data_received").Count().AtLeast("5MB").ToString());
    }

    [TestMethod]
    public void What_comes_after_the_limit_is_kept()
    {
        var threshold = Threshold.Parse("checks: rate>0.9").Named("checks hold").WithMessage("look at the log").AbortingOnFail("10s");

        Assert.AreEqual("checks hold", threshold.Metadata["Name"]);
        Assert.AreEqual("look at the log", threshold.Metadata["Message"]);
        Assert.AreEqual("true", threshold.Metadata["AbortOnFail"]);
        Assert.AreEqual("10s", threshold.Metadata["DelayAbortEval"]);
    }

    [TestMethod]
    [DataRow("http_req_duration", "colon")]
    [DataRow("http_req_duration{name:login} p(95)<500", "colon")]
    [DataRow("http_req_duration: p95<500", "p(95)")]
    [DataRow("http_req_duration: p(95)<500ms", "no units")]
    [DataRow("http_req_duration: rate<0.1", "has no rate")]
    [DataRow("http req: p(95)<500", "not the name of a metric")]
    public void A_malformed_threshold_says_what_is_wrong(string text, string why)
    {
        var refused = Assert.ThrowsExactly<FormatException>(() => Threshold.Parse(text));

        StringAssert.Contains(refused.Message, why);
        Assert.IsFalse(Threshold.TryParse(text, out var none, out var error));
        Assert.IsNull(none);
        Assert.AreEqual(refused.Message, error);
    }

    [TestMethod]
    public void A_limit_that_does_not_fit_its_metric_is_refused_where_it_is_said()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Threshold.On("http_req_duration").Percentile(95).Below("5%")).Message, "5%");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Threshold.On("http_req_duration").Below("5ms")).Message, "which Statistic");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Threshold.On("http_req_failed").Below("1%").AsWarning().AbortingOnFail()).Message, "warning cannot stop");
        Assert.ThrowsExactly<ArgumentException>(() => Threshold.On("http_req_duration{").Tagged("a", "b"));
    }
}
