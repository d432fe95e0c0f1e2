using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Reports.Html;
using K6.LoadTesting.Results;
using K6.LoadTesting.Sources.OpenApi;
using K6.LoadTesting.Tests.Reports;

namespace K6.LoadTesting.Tests.Results;

[TestClass]
public sealed class EndpointCoverageTests
{
    private static readonly OperationList Shop = new("shop", "shop.yaml", "BASE_URL", null, "",
        [new("GET", "/products", "listProducts", "/shop.yaml", 5, 3), new("GET", "/products/{id}", "getProduct", "/shop.yaml", 9, 3), new("POST", "/orders", "placeOrder", "/shop.yaml", 14, 3)]);

    private static readonly SourceLocation Place = new("/Shop.csproj", 4, 5);

    [TestMethod]
    public void Coverage_is_what_all_tests_touched()
    {
        var coverage = EndpointCoverage.Of([Shop], [Test("a", new TouchedOperation("shop", "GET", "/products", true)), Test("b", new TouchedOperation("shop", "GET", "/products", false), new TouchedOperation("shop", "POST", "/orders", false))]).Single();

        Assert.AreEqual((2, 3, 2 / 3d), (coverage.Touched, coverage.Total, coverage.Share));
        CollectionAssert.AreEqual(new[] { "a b True", " False", "b False" }, coverage.Operations.Select(one => $"{string.Join(' ', one.Tests)} {one.Succeeded}").ToArray());
    }

    [TestMethod]
    public void Too_little_is_an_error_that_names_what_is_missing_and_what_never_succeeded_a_warning()
    {
        var coverage = EndpointCoverage.Of([Shop], [Test("a", new TouchedOperation("shop", "GET", "/products", true), new TouchedOperation("shop", "POST", "/orders", false))]);
        var diagnostics = EndpointCoverage.Judge(coverage, Plan(0.7)).ToList();

        CollectionAssert.AreEqual(new[] { Rules.OperationNeverSucceeded.Code, Rules.CoverageTooLow.Code }, diagnostics.Select(one => one.Code).ToArray());
        Assert.Contains("POST /orders of shop.yaml was called and never answered with success", diagnostics[0].Message);
        Assert.Contains("touched 2 of 3 operations of shop.yaml (66.7 %), and K6MinimumEndpointCoverage is 70 %. Not touched: GET /products/{id}.", diagnostics[1].Message);
        Assert.IsTrue(diagnostics.TrueForAll(one => one.Location == Place));
        Assert.HasCount(1, EndpointCoverage.Judge(coverage, Plan(0.66)).ToList(), "enough is enough");
        Assert.HasCount(1, EndpointCoverage.Judge(coverage, Plan(null)).ToList());
    }

    [TestMethod]
    public void The_page_and_the_text_tell_of_it()
    {
        var result = SampleResult.Mixed() with { Coverage = EndpointCoverage.Of([Shop], [Test("a", new TouchedOperation("shop", "GET", "/products", true))]) };

        var page = HtmlReport.Render(result);
        Assert.Contains("The load touched 1 of 3 operations", page);
        Assert.Contains("<code>GET /products/{id}</code>", page);
        Assert.IsTrue(page.IndexOf("/products/{id}", StringComparison.Ordinal) < page.IndexOf("listProducts", StringComparison.Ordinal), "what was not touched comes first");
        Assert.Contains("1 of 3 operations of shop.yaml were touched (33.3 %)", string.Join('\n', VerdictText.Render(result)));
    }

    private static LoadTesting.Results.TestResult Test(string name, params TouchedOperation[] operations) =>
        new() { Name = name, Verdict = Verdict.Passed, Outcome = EngineOutcome.Completed, Operations = operations };

    private static LoadPlan Plan(double? minimum) => new()
    {
        Project = "Shop",
        ProjectFile = "/Shop.csproj",
        OpenApi = [new OpenApiPlan { Name = "shop", File = "/shop.yaml", Location = Place }],
        Settings = new RunSettings { MinimumEndpointCoverage = minimum },
    };
}
