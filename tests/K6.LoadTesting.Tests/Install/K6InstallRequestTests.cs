using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Install;

namespace K6.LoadTesting.Tests.Install;

[TestClass]
public sealed class K6InstallRequestTests
{
    [TestMethod]
    public void Every_platform_of_the_default_version_has_a_sum_and_every_sum_is_one()
    {
        string[] platforms = ["linux-x64", "linux-arm64", "osx-x64", "osx-arm64", "win-x64", "win-arm64"];
        foreach (var platform in platforms)
        {
            Assert.IsNotNull(K6Releases.Sha256(K6Releases.DefaultVersion, platform), platform);
        }

        Assert.AreEqual("k6-v2.2.0-macos-arm64.zip", K6Releases.FileName("2.2.0", "osx-arm64"));
        Assert.IsEmpty(K6Releases.Known.Where(one => !Regex.IsMatch(one.Key + one.Value, @"^k6-v\d\.\d\.\d-[a-z0-9-]+\.(tar\.gz|zip)[0-9a-f]{64}$")));
        Assert.HasCount(K6Releases.Known.Count, K6Releases.Known.Values.Distinct());
    }

    [TestMethod]
    public void The_page_has_the_sums_of_the_table()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "getting-k6.md"));
        Assert.IsEmpty(K6Releases.Known.Where(one => !page.Contains($"| `{one.Key}` | `{one.Value}` |", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_version_without_a_known_sum_is_installed_with_one_that_is_given()
    {
        Fails("KSDK0011", "k6-v1.4.0-checksums.txt", new() { Version = "1.4.0", ProjectDirectory = "/p" });
        var target = new K6InstallRequest { Version = "v1.4.0", Sha256 = new string('A', 64), ProjectDirectory = "/p", CacheDirectory = "/c" }.Resolve();
        Assert.AreEqual("1.4.0", target.Version);
        Assert.AreEqual(new string('a', 64), target.Sha256);
    }

    [TestMethod]
    [DataRow("https://mirror.example/k6/", "https://mirror.example/k6/v2.2.0/k6-v2.2.0-")]
    [DataRow("https://mirror.example/own/k6-custom.tar.gz?x=1", "https://mirror.example/own/k6-custom.tar.gz")]
    [DataRow("", "https://github.com/grafana/k6/releases/download/v2.2.0/k6-v2.2.0-")]
    public void An_address_is_a_mirror_or_a_file(string url, string start)
    {
        var source = new K6InstallRequest { Url = url, ProjectDirectory = "/p", CacheDirectory = "/c" }.Resolve().Source;
        Assert.StartsWith(start, source.ToString());
        Assert.DoesNotContain("x=1", source.ToString());
    }

    [TestMethod]
    [DataRow("K6Version", "../../evil", "", "")]
    [DataRow("K6Version", "latest", "", "")]
    [DataRow("K6Sha256", "", "", "abc")]
    [DataRow("K6DownloadUrl", "", "ftp://mirror/k6.zip", "")]
    public void What_is_malformed_is_an_error_that_names_the_property(string property, string version, string url, string sum) =>
        Fails("KSDK0016", property, new() { Version = version, Url = url, Sha256 = sum, ProjectDirectory = "/p" });

    [TestMethod]
    public void A_password_in_an_address_is_refused_and_not_repeated() =>
        Assert.DoesNotContain("hunter2", Fails("KSDK0016", "user name or password for mirror.example", new() { Url = "https://me:hunter2@mirror.example/k6.zip", ProjectDirectory = "/p" }).Message);

    [TestMethod]
    public void A_file_that_is_not_there_is_an_error() =>
        Fails("KSDK0013", "no such file", new() { Url = "nowhere/k6.zip", ProjectDirectory = Path.GetTempPath() });

    private static LoadTestException Fails(string code, string text, K6InstallRequest request)
    {
        var error = Assert.ThrowsExactly<LoadTestException>(() => request.Resolve());
        Assert.AreEqual(code, error.Diagnostic.Code, error.Message);
        Assert.Contains(text, error.Message);
        return error;
    }
}
