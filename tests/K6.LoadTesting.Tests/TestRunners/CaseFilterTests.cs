using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.TestRunners;

namespace K6.LoadTesting.Tests.TestRunners;

/// <summary>The filter of dotnet test, read as VSTest reads it for unit tests.</summary>
[TestClass]
public sealed class CaseFilterTests
{
    private static readonly LoadTestCase Run = new() { Test = "browse", ClassName = "Shop.LoadTests.browse.Run" };
    private static readonly LoadTestCase Limit = new() { Test = "browse", Threshold = "http_req_duration p(95)", ClassName = "Shop.LoadTests.browse.Thresholds" };

    [TestMethod]
    [DataRow("", true, true)]
    [DataRow("browse", true, true)]
    [DataRow("BROWSE.run", true, false)]
    [DataRow("checkout", false, false)]
    [DataRow("FullyQualifiedName~Thresholds", false, true)]
    [DataRow("FullyQualifiedName=Shop.LoadTests.browse.Run.browse", true, false)]
    [DataRow("FullyQualifiedName!~Thresholds", true, false)]
    [DataRow("Name=browse", true, false)]
    [DataRow(@"Name=http_req_duration p\(95\)", false, true)]
    [DataRow(@"DisplayName=browse: http_req_duration p\(95\)", false, true)]
    [DataRow("TestCategory=k6", true, true)]
    [DataRow("TestCategory=threshold", false, true)]
    [DataRow("TestCategory!=threshold", true, false)]
    [DataRow("ClassName=Shop.LoadTests.browse.Run", true, false)]
    [DataRow("Priority=1", false, false)]
    [DataRow("Priority!=1", true, true)]
    [DataRow("Name=checkout|Name=browse&TestCategory=run", true, false)]
    [DataRow("(Name=checkout | Name=browse) & TestCategory=threshold", false, false)]
    public void A_filter_selects_what_it_selects_of_unit_tests(string filter, bool run, bool limit)
    {
        Assert.AreEqual((run, limit), (CaseFilter.Parse(filter).Matches(Run), CaseFilter.Parse(filter).Matches(Limit)));
    }

    [TestMethod]
    [DataRow("Name=")]
    [DataRow("=browse")]
    [DataRow("(Name=browse")]
    [DataRow("Name=browse)")]
    [DataRow("Name=browse&")]
    [DataRow("Name!browse")]
    public void What_is_no_filter_is_a_coded_error(string filter)
    {
        var failure = Assert.ThrowsExactly<LoadTestException>(() => CaseFilter.Parse(filter));

        Assert.AreEqual(Rules.InvalidTestFilter.Code, failure.Diagnostic.Code);
        StringAssert.Contains(failure.Message, filter);
    }
}
