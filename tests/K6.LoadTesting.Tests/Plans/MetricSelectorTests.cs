using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class MetricSelectorTests
{
    [TestMethod]
    [DataRow("http_reqs", "http_reqs")]
    [DataRow(" http_reqs ", "http_reqs")]
    [DataRow("http_reqs{ b:2 , a: 1 }", "http_reqs{a:1,b:2}")]
    [DataRow("http_reqs{a:\"x y\"}", "http_reqs{a:x y}")]
    [DataRow("http_reqs{a:'x y'}", "http_reqs{a:x y}")]
    [DataRow("http_reqs{\"a\":1}", "http_reqs{a:1}")]
    [DataRow("http_reqs{group:::login}", "http_reqs{group:::login}")]
    [DataRow("http_reqs{name:http://127.0.0.1:80/ok}", "http_reqs{name:http://127.0.0.1:80/ok}")]
    [DataRow("http_reqs{a:1,a:2}", "http_reqs{a:2}")]
    [DataRow("http_reqs{a:1|2}", "http_reqs{a:1|2}")]
    [DataRow("_a", "_a")]
    public void A_selector_has_one_canonical_form(string text, string canonical)
    {
        var selector = MetricSelector.TryParse(text, out var error);

        Assert.IsNull(error);
        Assert.AreEqual(canonical, selector!.ToString());
    }

    [TestMethod]
    [DataRow("", "not the name of a metric")]
    [DataRow("a", "not the name of a metric")]
    [DataRow("1a", "not the name of a metric")]
    [DataRow("my-metric", "not the name of a metric")]
    [DataRow("my.metric{a:1}", "not the name of a metric")]
    [DataRow("http_reqs{a:1", "closing brace")]
    [DataRow("http_reqs{a:1}x", "closing brace")]
    [DataRow("http_reqsa:1}", "not the name of a metric")]
    [DataRow("http_reqs{}", "not a tag")]
    [DataRow("http_reqs{a}", "'a'")]
    [DataRow("http_reqs{a:}", "'a:'")]
    [DataRow("http_reqs{:1}", "':1'")]
    [DataRow("http_reqs{a:1,}", "not a tag")]
    [DataRow("http_reqs{c:p,q}", "none with a comma")]
    [DataRow("http_reqs{vu:1}", "'vu'")]
    [DataRow("http_reqs{iter:1}", "'iter'")]
    public void What_k6_refuses_or_ignores_is_refused(string text, string words)
    {
        Assert.IsNull(MetricSelector.TryParse(text, out var error));
        Assert.Contains(words, error!);
    }

    [TestMethod]
    public void A_tag_is_added_in_its_order_and_taken_away()
    {
        var selector = MetricSelector.TryParse("http_reqs{name:a,status:200}", out _)!;

        Assert.AreEqual("http_reqs{name:a,scenario:browse,status:200}", selector.With("scenario", "browse").ToString());
        Assert.AreEqual("http_reqs{status:200}", selector.Without("name").ToString());
    }
}
