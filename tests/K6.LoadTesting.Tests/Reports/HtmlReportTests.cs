using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.History;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;
using TestResult = K6.LoadTesting.Results.TestResult;

namespace K6.LoadTesting.Tests.Reports;

[TestClass]
public partial class HtmlReportTests
{
    private const string Hostile = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & \u001b[31mred\u001b[0m \u0001 \ud800 ]]> \u202egnp 🛒";

    [TestMethod]
    public void Sections_come_in_the_order_in_which_people_ask()
    {
        var page = Render(LongRun.Failed(seconds: 60, endpoints: 3));

        CollectionAssert.AreEqual(
            new[] { "✗ checkout failed", "checkout ✗ failed", "Thresholds", "Over time", "Response times", "Endpoints", "Scenarios", "Checks", "Exceptions and warnings", "Environment" },
            Headings(page).ToArray());
    }

    [TestMethod]
    public void What_changed_stands_third_with_the_noise_and_the_smallest_change_that_would_be_seen()
    {
        var result = LongRun.Failed(60, 0);
        var page = Render(result with { Tests = [result.Tests[0] with { Regressions = [SampleResult.Change(RegressionVerdict.Improved) with { Statistic = "med", Change = -0.2 }, SampleResult.Change(RegressionVerdict.Regressed, ThresholdSeverity.Error)] }] });

        CollectionAssert.AreEqual(new[] { "✗ checkout failed", "checkout ✗ failed", "Thresholds", "What changed", "Over time" }, Headings(page).Take(5).ToArray());
        var section = page.Descendants("section").Single(one => one.Element("h3")?.Value == "What changed");
        CollectionAssert.AreEqual(
            new[]
            {
                "✗ worse http_req_duration p(95) Shop.LoadTests.csproj(21,5) 300 ms of 10 runs 412 ms +37.5 % 4.2 % +10 % +10 %",
                "✓ better http_req_duration med Shop.LoadTests.csproj(21,5) 300 ms of 10 runs 412 ms -20 % 4.2 % +10 % +10 %",
            },
            section.Descendants("tbody").Single().Elements("tr").Select(Text).ToArray());
        var bars = section.Descendants("svg").Select(svg => svg.Elements("rect").Select(rect => ((string)rect.Attribute("class")!, (double)rect.Attribute("width")!)).ToList()).ToList();
        CollectionAssert.AreEqual(new[] { "track bad at", "track good at" }, bars.Select(bar => string.Join(' ', bar.Select(one => one.Item1))).ToArray());
        Assert.AreEqual(2 * 0.042 / 0.3 / 1.15 * 60, bars[0][0].Item2, 0.01, "the band of the noise, on a scale that ends at three times what is allowed");
        Assert.AreEqual(60, bars[0][1].Item2, "beyond that scale");
        Assert.DoesNotContain("What changed", Text(Render(result).Root!));
    }

    [TestMethod]
    public void The_reasons_of_a_failure_are_the_first_thing_to_read_with_their_codes_and_places()
    {
        var reasons = Render(LongRun.Failed(60, 0)).Descendants("ul").First(list => (string?)list.Attribute("class") == "reasons");

        Assert.AreEqual("http_req_duration p(95) = 116 ms, limit p(95)<80 KSDK0320 Shop.LoadTests.csproj(14,5)", Text(reasons.Elements("li").First()));
    }

    [TestMethod]
    public void A_passed_result_tells_how_close_it_was()
    {
        var result = SampleResult.Create(SampleResult.Passed() with
        {
            Thresholds = [SampleResult.Threshold("http_req_duration", "p(95)", "<", 500, 412.37), SampleResult.Threshold("http_req_duration", "max", "<", 5000, 700)],
        });

        Assert.Contains("All 2 thresholds held; the closest is http_req_duration p(95) with 412 ms of 500 ms.", Text(Render(result).Root!));
    }

    [TestMethod]
    public void Nothing_that_comes_from_outside_becomes_markup()
    {
        var result = LongRun.Failed(60, 2);
        var test = result.Tests[0] with
        {
            Checks = [new CheckResult(Hostile, Hostile, 1, 1)],
            Errors = [new ErrorResult(Hostile, 1, Hostile, Hostile, 1, 1, Hostile)],
            Scenarios = [new ScenarioResult(Hostile, Hostile, Hostile, Hostile, 1)],
            Endpoints = [new EndpointResult(Hostile, Hostile, 1, 1, 1, new Dictionary<string, double> { ["p(95)"] = 1 })],
            Metrics = result.Tests[0].Metrics.Append(new(Hostile, new MetricResult { Type = Hostile, Contains = Hostile, Values = new Dictionary<string, double> { [Hostile] = 1 } })).ToDictionary(),
            Thresholds = [result.Tests[0].Thresholds[0] with { Metric = Hostile, Expression = Hostile, Message = Hostile, File = Hostile, Statistic = Hostile }],
            Regressions = [SampleResult.Change(RegressionVerdict.Ok) with { Metric = Hostile, Statistic = Hostile, File = Hostile }],
            LogTail = [Hostile],
        };
        var text = HtmlReport.Render(result with
        {
            Project = Hostile,
            ProjectFile = Hostile,
            Tests = [test],
            Commit = new CommitInfo(Hostile, Hostile),
            Machine = new MachineInfo(Hostile, Hostile, Hostile, 1, 1, Hostile),
            Files = [Hostile, "javascript:alert(1)"],
            Diagnostics = [new ReportedDiagnostic(Hostile, DiagnosticSeverity.Error, Hostile, Hostile, Hostile, 1, 1), new ReportedDiagnostic(Hostile, DiagnosticSeverity.Warning, Hostile, test.Name, null, null, null)],
        });

        var page = Parse(text);
        var known = new[] { "html", "head", "meta", "title", "style", "body", "a", "header", "p", "main", "section", "article", "h1", "h2", "h3", "span", "ul", "li", "code", "div", "dl", "dt", "dd", "small", "table", "caption", "thead", "tbody", "tr", "th", "td", "br", "svg", "g", "rect", "line", "path", "circle", "text", "tspan", "title", "figure", "figcaption", "details", "summary", "pre", "b" };
        Assert.AreEqual("", string.Join(' ', page.Descendants().Select(element => element.Name.LocalName).Except(known)));
        Assert.IsFalse(page.Descendants().Attributes().Any(attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
        Assert.IsTrue(page.Descendants("a").All(link => ((string)link.Attribute("href")!) is ['#', ..] or ['.', '/', ..] or "loadtest.json"), "links stay on the page or beside it");
        Assert.AreEqual(Hostile.Replace("\u001b[31m", "").Replace("\u001b[0m", "").Replace("\u0001", "\\u0001").Replace("\ud800", "\\ud800").Replace("\u202e", "\\u202e"), page.Descendants("p").First().Value, "and nothing is lost");
    }

    [TestMethod]
    public void The_page_loads_and_runs_nothing()
    {
        var page = Render(LongRun.Failed(60, 2));

        var policy = (string)page.Descendants("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!;
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline';", policy);
        Assert.IsFalse(page.Descendants().Any(element => element.Name.LocalName is "script" or "link" or "iframe" or "img" or "object" or "use"));
        Assert.DoesNotContain("url(", page.ToString());
        Assert.DoesNotContain("@import", page.ToString());
    }

    [TestMethod]
    public void Whoever_cannot_see_the_charts_gets_their_figures()
    {
        var page = Render(LongRun.Failed(600, 5));

        Assert.AreEqual("en", (string?)page.Root!.Attribute("lang"));
        foreach (var chart in page.Descendants("svg").Where(svg => svg.Parent!.Name != "svg"))
        {
            Assert.IsTrue((string?)chart.Attribute("aria-hidden") == "true" || ((string?)chart.Attribute("role") == "img" && ((string)chart.Attribute("aria-label")!).Length > 20));
        }

        Assert.IsTrue(page.Descendants("table").All(table => table.Element("caption")!.Value.Length > 5), "every table has a name");
        Assert.IsTrue(page.Descendants("th").All(head => head.Attribute("scope") is not null));
        Assert.IsTrue(page.Descendants("div").Where(div => (string?)div.Attribute("class") == "scroll").All(div => (string?)div.Attribute("tabindex") == "0"), "what scrolls can be scrolled by keyboard");
        var figures = page.Descendants("table").Single(table => table.Element("caption")!.Value.StartsWith("Figures over time", StringComparison.Ordinal));
        Assert.IsLessThanOrEqualTo(30, figures.Element("tbody")!.Elements("tr").Count());
        Assert.AreEqual("until median p(95) p(99) requests/s failed virtual users", Text(figures.Element("thead")!));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        CollectionAssert.AllItemsAreUnique(ids);
    }

    [TestMethod]
    public void Bars_are_a_column_that_a_narrow_page_can_leave_out_as_a_whole()
    {
        var result = LongRun.Failed(60, 3);
        var page = Render(result with
        {
            Tests =
            [
                result.Tests[0] with
                {
                    Thresholds = [.. result.Tests[0].Thresholds, SampleResult.Threshold("http_req_failed", "rate", "<=", 0, 0)],
                    Regressions = [SampleResult.Change(RegressionVerdict.Ok), SampleResult.Change(RegressionVerdict.NoBaseline) with { Change = null, Noise = null }],
                },
            ],
        });

        var tables = page.Descendants("table").Where(table => table.Descendants("thead").Descendants("th").Skip(1).Any(head => head.Value.Length == 0)).ToList();
        Assert.HasCount(4, tables, "thresholds, changes, endpoints, checks");
        foreach (var row in tables.SelectMany(table => table.Element("tbody")!.Elements("tr").Select(row => (row, table))))
        {
            var heads = row.table.Element("thead")!.Descendants("th").Select((head, index) => index > 0 && head.Value.Length == 0).ToArray();
            CollectionAssert.AreEqual(heads, row.row.Elements().Select(cell => (string?)cell.Attribute("class") == "bar").ToArray(), Text(row.row));
        }
    }

    [TestMethod]
    [DataRow("light")]
    [DataRow("dark")]
    public void Texts_and_lines_stand_out_from_the_page(string scheme)
    {
        var style = Render(SampleResult.Mixed()).Descendants("style").Single().Value;
        var blocks = Colours().Matches(style).Select(block => Colour().Matches(block.Value).ToDictionary(colour => colour.Groups[1].Value, colour => colour.Groups[2].Value)).ToList();
        var colours = blocks[scheme == "light" ? 0 : 1];

        foreach (var text in new[] { "text", "quiet", "good", "bad", "warn", "a" })
        {
            Assert.IsGreaterThanOrEqualTo(4.5, Contrast(colours[text], colours["page"]), $"{text} on the page");
            Assert.IsGreaterThanOrEqualTo(4.5, Contrast(colours[text], colours["raised"]), $"{text} on a raised part");
        }

        foreach (var line in new[] { "a", "b", "c", "bad" })
        {
            Assert.IsGreaterThanOrEqualTo(3, Contrast(colours[line], colours["page"]), $"the line {line}");
        }
    }

    [TestMethod]
    public void An_hour_with_a_hundred_endpoints_stays_below_500_kB()
    {
        var text = HtmlReport.Render(LongRun.Failed(3600, 100));

        Assert.IsLessThan(500_000, System.Text.Encoding.UTF8.GetByteCount(text));
        var points = Parse(text).Descendants("path").Max(path => ((string)path.Attribute("d")!).Split('M', 'L').Length);
        Assert.IsLessThanOrEqualTo(302, points);
        Assert.Contains("A point covers 12 s.", text);
    }

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(5, true)]
    public void Periods_of_more_than_a_second_are_named(int period, bool isNamed)
    {
        var result = LongRun.Failed(60, 0);
        var timeline = result.Tests[0].Timeline!;
        var test = result.Tests[0] with { Timeline = timeline with { PeriodSeconds = period, Seconds = [.. timeline.Seconds.Select(end => end * period)] } };
        Assert.AreEqual(isNamed, HtmlReport.Render(result with { Tests = [test] }).Contains("A point covers 5 s.", StringComparison.Ordinal));
    }

    [TestMethod]
    public void The_moment_of_a_breach_is_marked_and_explained()
    {
        var page = Render(LongRun.Failed(60, 0));

        Assert.AreEqual("1", page.Descendants("text").Single(text => (string?)text.Attribute("class") == "breach").Value);
        Assert.AreEqual("1 36 s: http_req_duration p(95)<80 was crossed, and stayed so.", Text(page.Descendants("ul").Single(list => (string?)list.Attribute("class") == "marks")));
    }

    [TestMethod]
    public void A_warm_up_is_shaded_before_zero_and_there_is_none_without_one()
    {
        var result = LongRun.Failed(60, 0);
        Assert.IsFalse(Render(result).Descendants("rect").Any(IsWarmUp));

        var timeline = result.Tests[0].Timeline! with { Seconds = [.. Enumerable.Range(-19, 15).Select(i => (double)i)] };
        var page = Render(result with { Tests = [result.Tests[0] with { WarmUp = new WarmUpResult { Seconds = 15, Timeline = timeline } }] });

        Assert.AreEqual("25%", (string?)page.Descendants("rect").Single(IsWarmUp).Attribute("width"), "20 of 80 seconds");
        Assert.Contains("warm-up of 15 s", Text(page.Root!));
        Assert.IsNotEmpty(page.Descendants("path").Where(path => ((string?)path.Attribute("class"))?.Contains("cold", StringComparison.Ordinal) == true));
        var ticks = page.Descendants("text").Where(text => (string?)text.Attribute("text-anchor") == "middle" && (string?)text.Attribute("class") == "tick").Select(text => text.Value).ToList();
        Assert.Contains("−0:15", ticks);
        Assert.Contains("0:00", ticks);
        static bool IsWarmUp(XElement rect) => (string?)rect.Attribute("class") == "warmup";
    }

    [TestMethod]
    public void The_inside_of_a_service_is_drawn_on_the_axis_of_the_load_with_its_limits_breaches_and_log()
    {
        var result = LongRun.Failed(60, 0);
        var limit = SampleResult.Threshold("service:shop-api.gc.pause", "max", "<", 20, 31) with { Verdict = ThresholdVerdict.Failed, Reported = DiagnosticSeverity.Error, CrossedAtSeconds = 30 };
        var page = Render(result with { Tests = [WithInside(result.Tests[0], 60) with { Thresholds = [.. result.Tests[0].Thresholds, limit], Noisy = true, }] });

        var inside = page.Descendants("section").Single(section => section.Element("h3")?.Value == "Inside of shop-api");
        var titles = inside.Descendants("text").Where(text => (string?)text.Attribute("class") == "title").Select(text => text.Value).ToList();
        CollectionAssert.AreEqual(new[] { "CPU, cores", "Memory", "GC pause in each second", "Errors and warnings in its log per second" }, titles);
        Assert.AreEqual("50%", (string?)inside.Descendants("line").Single(line => (string?)line.Attribute("class") == "breach").Attribute("x1"), "30 of 60 seconds");
        Assert.Contains("max limit 20 ms", Text(inside));
        Assert.Contains("Order 17 was lost", Text(inside));
        Assert.IsTrue(inside.Descendants("a").Any(link => (string?)link.Attribute("href") == "./checkout/services/shop-api.log"));
        CollectionAssert.AreEqual(new[] { "cpu", "gc.heap", "gc.pause", "log.errors", "working_set" }, inside.Descendants("th").Where(head => (string?)head.Attribute("scope") == "row").Select(head => head.Element("code")?.Value).OfType<string>().ToArray());
        var slow = page.Descendants("section").Single(section => section.Element("h3")?.Value == "Slowest requests");
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", Text(slow));
        Assert.DoesNotContain("GET GET", Text(slow));
        Assert.Contains("noisy", Text(page.Descendants("section").Single(section => section.Element("h3")?.Value == "Who made the load")));
    }

    [TestMethod]
    public void An_hour_with_a_hundred_endpoints_and_the_inside_of_a_service_stays_below_500_kB()
    {
        var result = LongRun.Failed(3600, 100);
        var text = HtmlReport.Render(result with { Tests = [WithInside(result.Tests[0], 3600)] });
        Assert.IsLessThan(500_000, System.Text.Encoding.UTF8.GetByteCount(text));
    }

    private static TestResult WithInside(TestResult test, int seconds)
    {
        return test with
        {
            Monitored =
            [
                Monitored(MonitoredKind.Machine, "machine", ("cpu", 0.7), ("memory.available", 4e9)),
                Monitored(MonitoredKind.Service, "shop-api", ("cpu", 0.5), ("gc.heap", 4e7), ("gc.pause", 8), ("log.errors", 2), ("working_set", 1.5e8), ("exceptions", 0)),
                Monitored(MonitoredKind.Engine, "engine", ("cpu", 0.9), ("working_set", 9e7)),
            ],
            ServiceLogs = [new ServiceLogResult { Name = "shop-api", File = "checkout/services/shop-api.log", Lines = 40, Errors = 2, Events = [new ServiceLogEvent(1.5, "error", "fail: Orders[7] Order 17 was lost", 2)] }],
            SlowestRequests = [new SlowRequest("GET /products", "GET", 200, "checkout", 12.3, 812, "0af7651916cd43dd8448eb211c80319c")],
        };

        MonitoredResult Monitored(MonitoredKind kind, string name, params (string Metric, double Middle)[] metrics) => new()
        {
            Kind = kind,
            Name = name,
            Metrics = metrics.ToDictionary(one => one.Metric, one => new MetricResult { Type = "trend", Contains = "default", Values = new Dictionary<string, double> { ["avg"] = one.Middle, ["med"] = one.Middle, ["p(95)"] = one.Middle, ["max"] = one.Middle * 1.3 } }),
            Timeline = new Timeline
            {
                PeriodSeconds = 1,
                Seconds = [.. Enumerable.Range(1, seconds).Select(i => i - 0.4)],
                Series = metrics.ToDictionary(one => one.Metric, IReadOnlyList<double?> (one) => [.. Enumerable.Range(0, seconds).Select(i => (double?)(one.Middle * (1 + (0.3 * Math.Sin(i * 0.7)))))]),
            },
        };
    }

    [TestMethod]
    public void A_stall_does_not_press_everything_else_to_the_ground_and_is_told()
    {
        var result = LongRun.Failed(200, 0);
        var series = result.Tests[0].Timeline!.Series.ToDictionary();
        series["http_req_duration.p(99)"] = [.. series["http_req_duration.p(99)"].Select((value, i) => i == 100 ? 90_000 : value)];
        var page = Render(result with { Tests = [result.Tests[0] with { Timeline = result.Tests[0].Timeline! with { Series = series } }] });

        Assert.Contains("beyond the scale, up to 1m 30s", Text(page.Root!));
        Assert.DoesNotContain("90 s", string.Join(' ', page.Descendants("text").Select(text => text.Value)));
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(double.NegativeInfinity)]
    [DataRow(-3.0)]
    [DataRow(0.0)]
    [DataRow(1e300)]
    public void Odd_values_never_become_coordinates(double odd)
    {
        var result = LongRun.Failed(30, 2);
        var test = result.Tests[0];
        var text = HtmlReport.Render(result with
        {
            Tests =
            [
                test with
                {
                    LoadSeconds = odd,
                    Regressions = [SampleResult.Change(RegressionVerdict.Ok) with { Change = odd }, SampleResult.Change(RegressionVerdict.Ok) with { Noise = odd }, SampleResult.Change(RegressionVerdict.Ok) with { Allowed = odd, Actual = odd, Baseline = odd }],
                    Thresholds = [.. test.Thresholds.Select(one => one with { Actual = odd, CrossedAtSeconds = 0 }), .. test.Thresholds.Select(one => one with { Limit = odd })],
                    Endpoints = [.. test.Endpoints.Select(one => one with { Rate = odd, FailedShare = odd, Duration = one.Duration.ToDictionary(value => value.Key, _ => odd) })],
                    Metrics = test.Metrics.ToDictionary(metric => metric.Key, metric => metric.Value with { Values = metric.Value.Values.ToDictionary(value => value.Key, _ => odd), Distribution = metric.Value.Distribution?.Select(point => new[] { point[0], odd }).ToArray() }),
                    Timeline = test.Timeline! with { Series = test.Timeline.Series.ToDictionary(one => one.Key, IReadOnlyList<double?> (one) => [.. one.Value.Select((value, i) => i % 3 == 0 ? odd : i % 3 == 1 ? null : value)]) },
                },
            ],
        });

        foreach (var attribute in Parse(text).Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "d" or "x" or "x1" or "x2" or "y" or "y1" or "y2" or "width" or "height" or "cx"))
        {
            Assert.IsFalse(NotFinite().IsMatch(attribute.Value), $"{attribute} in {attribute.Parent}");
        }
    }

    [TestMethod]
    [DataRow(3, 0)]
    [DataRow(1000, 1)]
    public void A_handful_of_requests_has_percentiles_but_no_histogram(int requests, int charts)
    {
        var result = LongRun.Failed(30, 2);
        var test = result.Tests[0];
        var page = Render(result with
        {
            Tests =
            [
                test with { Metrics = test.Metrics.ToDictionary(metric => metric.Key, metric => metric.Value with { Values = metric.Value.Values.ToDictionary(value => value.Key, value => value.Key == "count" ? requests : value.Value) }) },
            ],
        });

        Assert.AreEqual(charts, page.Descendants().Count(element => element.Attribute("class")?.Value == "distribution"));
        Assert.Contains("slowest", Text(page.Root!));
    }

    [TestMethod]
    public void A_run_shorter_than_a_period_says_that_nothing_was_recorded_over_time()
    {
        var page = Render(SampleResult.Create(SampleResult.Passed() with { DurationSeconds = 0.2, LoadSeconds = 0.2 }));

        Assert.Contains("Nothing was recorded over time", Text(page.Root!));
        Assert.Contains("200 ms", Text(page.Root!));
    }

    [TestMethod]
    public void A_run_of_one_period_is_a_dot()
    {
        var page = Render(LongRun.Failed(1, 0));

        Assert.IsTrue(page.Descendants("path").Any(path => (string)path.Attribute("class")! == "line dot a" && ((string)path.Attribute("d")!).EndsWith("h.01", StringComparison.Ordinal)));
        Assert.IsFalse(Render(LongRun.Failed(60, 0)).Descendants("path").Any(path => ((string)path.Attribute("class")!).Contains("dot", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_share_of_one_is_at_the_top_of_its_chart()
    {
        var result = LongRun.Failed(30, 0);
        var series = result.Tests[0].Timeline!.Series.ToDictionary();
        series["http_req_failed.rate"] = [.. series["http_req_failed.rate"].Select(_ => (double?)1)];
        var page = Render(result with { Tests = [result.Tests[0] with { Timeline = result.Tests[0].Timeline! with { Series = series } }] });

        var ticks = page.Descendants("text").Where(text => (string?)text.Attribute("class") == "tick").Select(text => text.Value).ToList();
        Assert.Contains("100 %", ticks);
        Assert.DoesNotContain("200 %", ticks);
        Assert.DoesNotContain("150 %", ticks);
    }

    [TestMethod]
    public void A_result_without_tests_and_one_outside_of_them_still_make_a_page()
    {
        Assert.AreEqual("✗ No load test ran", Headings(Render(SampleResult.Create())).First());
        var outside = SampleResult.Create(SampleResult.Passed()) with
        {
            Verdict = Verdict.Failed,
            Diagnostics = [new ReportedDiagnostic("KSDK0503", DiagnosticSeverity.Error, "Shop.Api did not become healthy.", null, null, null, null)],
        };
        var page = Render(outside);
        Assert.Contains("Shop.Api did not become healthy.", Text(page.Root!));
    }

    [TestMethod]
    public void A_value_that_rounds_to_its_limit_is_written_out()
    {
        var page = Render(SampleResult.Create(SampleResult.Passed() with
        {
            Thresholds = [SampleResult.Threshold("http_req_duration", "p(95)", "<", 500, 500.0004) with { Verdict = ThresholdVerdict.Failed, Reported = DiagnosticSeverity.Error }],
        }));

        Assert.Contains("500.0004 ms < 500 ms", Text(page.Root!));
    }

    private static XDocument Render(LoadTestResult result) => Parse(HtmlReport.Render(result));

    // The page is well-formed XML, too, so that its structure can be tested.
    private static XDocument Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static IEnumerable<string> Headings(XDocument page) =>
        page.Descendants().Where(element => element.Name.LocalName is "h1" or "h2" or "h3").Select(Text);

    private static string Text(XElement element) => Spaces().Replace(
        string.Join(' ', element.DescendantNodes().OfType<XText>().Where(text => text.Parent!.Name != "style").Select(text => text.Value.Trim())), " ").Replace(" ,", ",").Trim();

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

        static double Luminance(string colour)
        {
            double Channel(int at)
            {
                var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
                return value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
            }

            return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
        }
    }

    [GeneratedRegex(@":root \{[^}]*--page[^}]*\}")]
    private static partial Regex Colours();

    [GeneratedRegex("--([a-z]+): (#[0-9a-f]{6})")]
    private static partial Regex Colour();

    [GeneratedRegex(@"NaN|Infinity|∞|E\+")]
    private static partial Regex NotFinite();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
