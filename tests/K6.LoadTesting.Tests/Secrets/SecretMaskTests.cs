using System.IO.Compression;
using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Tests.Secrets;

[TestClass]
public sealed class SecretMaskTests : IDisposable
{
    private const string Value = "p\"<lant>&ed/ +secrét";

    private static readonly SecretMask Mask = SecretMask.Of(new Dictionary<string, string> { ["TOKEN"] = Value }, []);

    private readonly string _folder = Directory.CreateTempSubdirectory("k6-secrets").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("as it is", Value)]
    [DataRow(".NET's JSON", "p\\u0022\\u003Clant\\u003E\\u0026ed/ \\u002Bsecr\\u00E9t")]
    [DataRow("Go's JSON", "p\\\"\\u003clant\\u003e\\u0026ed/ +secrét")]
    [DataRow("JSON.stringify", "p\\\"<lant>&ed/ +secrét")]
    [DataRow("JSON in Go's JSON", "p\\\\\\\"\\u003clant\\u003e\\u0026ed/ +secrét")]
    [DataRow("an address", "p%22%3Clant%3E%26ed%2F%20%2Bsecr%C3%A9t")]
    [DataRow("a form", "p%22%3Clant%3E%26ed%2F+%2Bsecr%C3%A9t")]
    [DataRow("CSV", "p\"\"<lant>&ed/ +secrét")]
    [DataRow("base64", "cCI8bGFudD4mZWQvICtzZWNyw6l0")]
    public void A_secret_is_found_in_the_spellings_of_outputs(string what, string spelling)
    {
        Assert.AreEqual("a *** b ***", Mask.Text($"a {spelling} b {spelling}"), what);
        Assert.AreEqual("a *** b ***", Encoding.UTF8.GetString(Mask.Bytes(Encoding.UTF8.GetBytes($"a {spelling} b {spelling}"))!), what);
    }

    [TestMethod]
    public void What_holds_no_secret_stays_as_it_is() => Assert.IsNull(Mask.Bytes("p\"<lant>"u8));

    [TestMethod]
    public void Of_two_secrets_that_overlap_the_longer_one_goes_first()
    {
        var mask = SecretMask.Of(new Dictionary<string, string> { ["A"] = "abcdef", ["B"] = "xabcdefx" }, []);
        Assert.AreEqual("*** ***", mask.Text("xabcdefx abcdef"));
    }

    [TestMethod]
    [DataRow("short")]
    [DataRow("1234567890")]
    public void What_cannot_be_told_from_figures_is_left_with_a_warning_that_holds_no_value(string value)
    {
        var diagnostics = new List<Diagnostic>();
        Assert.IsTrue(SecretMask.Of(new Dictionary<string, string> { ["PIN"] = value }, diagnostics).IsEmpty);
        Assert.AreEqual("KSDK0156", diagnostics.Single().Code);
        Assert.DoesNotContain(value + " ", diagnostics.Single().Message.Replace("so short", "", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Files_are_cleaned_zipped_ones_too_and_across_reads_and_what_is_no_text_stays()
    {
        var large = new string('x', (1 << 20) - 5) + Value + new string('y', 3_000_000) + Value;
        File.WriteAllText(Path.Combine(_folder, "large.txt"), large);
        using (var zip = new GZipStream(File.Create(Path.Combine(_folder, "samples.csv.gz")), CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes($"http_reqs,1,\"http://h/?t={Uri.EscapeDataString(Value)}\"\n"));
        }

        File.WriteAllText(Path.Combine(_folder, "dump"), "\0" + Value);
        File.WriteAllText(Path.Combine(_folder, "clean.json"), "{}");
        var changed = File.GetLastWriteTimeUtc(Path.Combine(_folder, "clean.json"));

        var found = SecretSweep.Clean(_folder, Mask);

        Assert.AreEqual(large.Replace(Value, "***", StringComparison.Ordinal), File.ReadAllText(Path.Combine(_folder, "large.txt")));
        using var unzip = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(_folder, "samples.csv.gz")), CompressionMode.Decompress));
        Assert.AreEqual("http_reqs,1,\"http://h/?t=***\"\n", unzip.ReadToEnd());
        Assert.AreEqual("\0" + Value, File.ReadAllText(Path.Combine(_folder, "dump")));
        Assert.AreEqual(changed, File.GetLastWriteTimeUtc(Path.Combine(_folder, "clean.json")));
        Assert.HasCount(2, found);
        Assert.Contains("large.txt had the value of TOKEN", found[0].Message);
        Assert.HasCount(4, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Half_a_gzip_is_cleaned_as_far_as_it_can_be_read()
    {
        var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.NoCompression))
        {
            zip.Write(Encoding.UTF8.GetBytes(Value + "\n" + new string('x', 500_000)));
        }

        var file = Path.Combine(_folder, "samples.csv.gz");
        File.WriteAllBytes(file, bytes.ToArray()[..200_000]);
        Assert.HasCount(1, SecretSweep.Clean(_folder, Mask));
        using var unzip = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        Assert.StartsWith("***\nxxx", unzip.ReadToEnd());
    }

    [TestMethod]
    public void Values_come_from_variables_files_and_user_secrets()
    {
        var file = Path.Combine(_folder, "token");
        File.WriteAllText(file, "of-file\n");
        var secrets = Path.Combine(_folder, "secrets.json");
        File.WriteAllText(secrets, """{ /* mine */ "Shop:ApiToken": "flat", "Db": { "Password": "nested" } }""");
        var place = new SourceLocation("/p.csproj", 1, 1);
        var values = SecretValues.Read(
            [
                new("A", SecretSource.Environment, "VARIABLE", place),
                new("B", SecretSource.File, file, place),
                new("C", SecretSource.UserSecret, "shop:apitoken", place) { File = secrets },
                new("D", SecretSource.UserSecret, "Db:Password", place) { File = secrets },
            ],
            new Dictionary<string, string> { ["VARIABLE"] = "of-variable" });
        Assert.AreEqual("of-variable of-file flat nested", string.Join(' ', values.Values));
    }

    [TestMethod]
    public void A_secret_that_is_not_there_is_an_error_at_its_item()
    {
        var place = new SourceLocation("/p.csproj", 7, 5);
        foreach (var secret in new[]
        {
            new SecretPlan("A", SecretSource.Environment, "NOT_SET", place),
            new SecretPlan("A", SecretSource.File, Path.Combine(_folder, "missing"), place),
            new SecretPlan("A", SecretSource.UserSecret, "Key", place) { File = Path.Combine(_folder, "missing.json") },
        })
        {
            var error = Assert.ThrowsExactly<LoadTestException>(() => SecretValues.Read([secret], new Dictionary<string, string>()));
            Assert.AreEqual("KSDK0155", error.Diagnostic.Code);
            Assert.AreEqual(place, error.Diagnostic.Location);
        }
    }

    [TestMethod]
    public void Half_a_secrets_file_is_an_error_without_its_content()
    {
        var file = Path.Combine(_folder, "secrets.json");
        File.WriteAllText(file, "{ \"Key\": \"planted");
        var error = Assert.ThrowsExactly<LoadTestException>(
            () => SecretValues.Read([new("A", SecretSource.UserSecret, "Key", new("/p", 1, 1)) { File = file }], new Dictionary<string, string>()));
        Assert.DoesNotContain("planted", error.Message);
    }
}
