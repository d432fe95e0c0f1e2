using K6.Embedded.Tests.Runtime;

namespace K6.Embedded.Tests.Modules;

[TestClass]
[DoNotParallelize]
public sealed class HostObjectTests
{
    private const int Objects = 20_000;

    // A table beside the realm once kept 25 bytes and more for each of them, for as long as the virtual user lived.
    [TestMethod]
    [DataRow("http.cookieJar()")]
    [DataRow("new http.CookieJar()")]
    [DataRow("http.file('x')")]
    [DataRow("http.expectedStatuses(200)")]
    public void Nothing_is_kept_of_objects_that_a_script_has_dropped(string make)
    {
        using var harness = ScriptHarness.Load($"import http from 'k6/http'; export default function () {{ for (let i = 0; i < {Objects}; i++) {make}; }}");
        harness.Run();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        harness.Run();
        harness.Run();

        Assert.IsLessThan(2 * Objects * 10, GC.GetTotalMemory(forceFullCollection: true) - before);
    }
}
