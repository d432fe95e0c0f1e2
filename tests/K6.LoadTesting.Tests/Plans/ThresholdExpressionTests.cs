using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

[TestClass]
public sealed class ThresholdExpressionTests
{
    [TestMethod]
    [DataRow("p(95)<500", "p(95)", "<", 500)]
    [DataRow(" p(95)  <  500 ", "p(95)", "<", 500)]
    [DataRow("avg\t<\t5", "avg", "<", 5)]
    [DataRow("p(99.99)<=1", "p(99.99)", "<=", 1)]
    [DataRow("p(1e1)<5", "p(10)", "<", 5)]
    [DataRow("p(+5)<5", "p(5)", "<", 5)]
    [DataRow("p(0x1p4)<5", "p(16)", "<", 5)]
    [DataRow("p(-0)<5", "p(0)", "<", 5)]
    [DataRow("p<500", "p(0)", "<", 500)]
    [DataRow("max<=5", "max", "<=", 5)]
    [DataRow("min>=-1", "min", ">=", -1)]
    [DataRow("med>.5", "med", ">", 0.5)]
    [DataRow("count===0", "count", "===", 0)]
    [DataRow("value==+5", "value", "==", 5)]
    [DataRow("rate!=1_000", "rate", "!=", 1000)]
    [DataRow("avg<5e2", "avg", "<", 500)]
    [DataRow("avg<1.", "avg", "<", 1)]
    [DataRow("avg<0x1P-2", "avg", "<", 0.25)]
    [DataRow("avg<0x_1p4", "avg", "<", 16)]
    [DataRow("avg<iNf", "avg", "<", double.PositiveInfinity)]
    [DataRow("avg<infinity", "avg", "<", double.PositiveInfinity)]
    [DataRow("avg<NaN", "avg", "<", double.NaN)]
    public void An_expression_is_read_as_k6_reads_it(string text, string statistic, string op, double limit)
    {
        var expression = ThresholdExpression.TryParse(text, out var error);

        Assert.IsNull(error);
        Assert.AreEqual(new ThresholdExpression(statistic, op, limit), expression);
    }

    [TestMethod]
    [DataRow("", "no operator")]
    [DataRow("p(95)=500", "no operator")]
    [DataRow("p(95", "no operator")]
    [DataRow("p(95)<500ms", "'500ms'")]
    [DataRow("p(95)<500;", "'500;'")]
    [DataRow("avg<1 && max<2", "declare one threshold for each")]
    [DataRow("avg<0x10", "'0x10'")]
    [DataRow("avg<1__0", "'1__0'")]
    [DataRow("avg<1_", "'1_'")]
    [DataRow("avg<_1", "'_1'")]
    [DataRow("avg<1e_5", "'1e_5'")]
    [DataRow("avg<1e", "'1e'")]
    [DataRow("avg<1e999", "'1e999'")]
    [DataRow("avg<.", "'.'")]
    [DataRow("avg<- 1", "'- 1'")]
    [DataRow("avg<>5", "'>5'")]
    [DataRow("avg <= = 5", "'= 5'")]
    [DataRow("avg=<5", "'avg='")]
    [DataRow("avg!==5", "'avg!'")]
    [DataRow("p( 95 )<5", "without spaces")]
    [DataRow("p()<5", "percentile")]
    [DataRow("p(-1)<5", "0 to 100")]
    [DataRow("p(101)<5", "0 to 100")]
    [DataRow("p(NaN)<5", "0 to 100")]
    [DataRow("p(Inf)<5", "0 to 100")]
    [DataRow("p(95))<5", "percentile")]
    [DataRow("p(95)x<5", "'p(95)x'")]
    [DataRow("p (95)<5", "p(95)")]
    [DataRow("P(95)<5", "Did you mean 'p(95)'?")]
    [DataRow("p95<5", "Did you mean 'p(95)'?")]
    [DataRow("median<5", "Did you mean 'med'?")]
    [DataRow("mean<5", "Did you mean 'avg'?")]
    [DataRow("cuont<5", "Did you mean 'count'?")]
    [DataRow("Rate<5", "Did you mean 'rate'?")]
    public void What_k6_refuses_is_refused_with_what_to_write(string text, string words)
    {
        Assert.IsNull(ThresholdExpression.TryParse(text, out var error));
        Assert.Contains(words, error!);
    }

    [TestMethod]
    [DataRow(nameof(MetricType.Counter), "count rate", "value avg p(95)")]
    [DataRow(nameof(MetricType.Gauge), "value", "count min rate")]
    [DataRow(nameof(MetricType.Rate), "rate", "count value avg")]
    [DataRow(nameof(MetricType.Trend), "avg min med max p(95) p(0)", "count rate value")]
    public void A_type_of_metric_has_its_own_statistics(string name, string valid, string invalid)
    {
        var type = Enum.Parse<MetricType>(name);
        Assert.IsTrue(valid.Split(' ').All(statistic => ThresholdExpression.Fits(statistic, type)));
        Assert.IsFalse(invalid.Split(' ').Any(statistic => ThresholdExpression.Fits(statistic, type)));
    }

    [TestMethod]
    [DataRow(500, "avg<500")]
    [DataRow(0.1, "avg<0.1")]
    [DataRow(1e-5, "avg<0.00001")]
    [DataRow(123456789012, "avg<123456789012")]
    [DataRow(1e300, "avg<1E+300")]
    public void An_expression_is_written_so_that_k6_reads_the_same_number(double limit, string written)
    {
        var expression = new ThresholdExpression("avg", "<", limit);

        Assert.AreEqual(written, expression.ToString());
        Assert.AreEqual(expression, ThresholdExpression.TryParse(written, out _));
    }

    [TestMethod]
    public void Every_metric_of_k6_is_known_with_its_type_and_contents()
    {
        Assert.HasCount(37, BuiltInMetrics.Names);
        Assert.AreEqual(new BuiltInMetric("http_req_duration", MetricType.Trend, MetricContents.Time), BuiltInMetrics.Find("http_req_duration"));
        Assert.AreEqual(new BuiltInMetric("data_sent", MetricType.Counter, MetricContents.Data), BuiltInMetrics.Find("data_sent"));
        Assert.AreEqual(new BuiltInMetric("browser_web_vital_cls", MetricType.Trend, MetricContents.Default), BuiltInMetrics.Find("browser_web_vital_cls"));
        Assert.IsNull(BuiltInMetrics.Find("orders"));
    }
}
