using System.Formats.Tar;
using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Install;

namespace K6.LoadTesting.Tests.Install;

[TestClass]
public sealed class K6UnpackerTests : IDisposable
{
    private static readonly string Name = OperatingSystem.IsWindows() ? "k6.exe" : "k6";

    private readonly string _folder = Directory.CreateTempSubdirectory("k6-unpack").FullName;

    private string Program => Path.Combine(_folder, "in", "program");

    [TestInitialize]
    public void Make() => Directory.CreateDirectory(Path.Combine(_folder, "in"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void The_program_of_a_tar_a_zip_or_no_archive_at_all_is_written_and_may_be_executed()
    {
        byte[][] files =
        [
            Archives.Tar(File("x/README"), File($"k6-v2.2.0/{Name}")),
            Archives.Zip(("x/README", [1], 0), ($"k6-v2.2.0/{Name}", "k6"u8.ToArray(), 0x81ED)),
            "k6"u8.ToArray(),
        ];
        foreach (var file in files)
        {
            Unpack(file);
            Assert.AreEqual("k6", System.IO.File.ReadAllText(Program));
            Assert.HasCount(1, Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Where(System.IO.File.Exists));
            if (!OperatingSystem.IsWindows())
            {
                Assert.IsTrue(System.IO.File.GetUnixFileMode(Program).HasFlag(UnixFileMode.OtherExecute));
            }

            System.IO.File.Delete(Program);
        }
    }

    [TestMethod]
    public void Names_that_lead_out_of_the_folder_write_nothing_there()
    {
        Unpack(Archives.Tar(File($"../../{Name}"), File("../../evil"), File("/tmp/evil")));
        Assert.HasCount(1, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
        Assert.IsFalse(System.IO.File.Exists(Path.Combine(_folder, "..", "evil")));
    }

    [TestMethod]
    public void What_is_no_program_is_refused_and_says_why()
    {
        Refused("holds no k6", Archives.Tar(File("readme")));
        Refused("holds no k6", Archives.Zip(("readme", [1], 0)));
        Refused("more than one", Archives.Tar(File($"a/{Name}"), File($"b/{Name}")));
        Refused("no file", Archives.Tar(new PaxTarEntry(TarEntryType.SymbolicLink, $"a/{Name}") { LinkName = "/bin/sh" }));
        Refused("no file", Archives.Zip(($"a/{Name}", "/bin/sh"u8.ToArray(), 0xA1FF)));
        Refused("No k6 can be taken out", Archives.Release("2.2.0")[..2000]);
        Refused("No k6 can be taken out", Archives.Zip(($"a/{Name}", new byte[5000], 0))[..100]);
    }

    [TestMethod]
    public void What_does_not_end_is_cut_off()
    {
        byte[][] files = [Archives.Tar(File(Name, new byte[100_000])), Archives.Zip((Name, new byte[100_000], 0)), new byte[100_000], Archives.Tar(File("other", new byte[100_000]), File(Name))];
        foreach (var file in files)
        {
            Refused("larger than any k6", file, maxBytes: 50_000);
        }
    }

    private static PaxTarEntry File(string name, byte[]? content = null) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content ?? Encoding.UTF8.GetBytes("k6")) };

    private void Unpack(byte[] file, long maxBytes = 1 << 20) => K6Unpacker.Unpack(new MemoryStream(file), "k6.tar.gz", Program, maxBytes);

    private void Refused(string reason, byte[] file, long maxBytes = 1 << 20)
    {
        var error = Assert.ThrowsExactly<LoadTestException>(() => Unpack(file, maxBytes));
        Assert.AreEqual("KSDK0015", error.Diagnostic.Code);
        Assert.Contains(reason, error.Message);
        System.IO.File.Delete(Program);
    }
}
