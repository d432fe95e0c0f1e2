using System.Runtime.Versioning;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Install;

namespace K6.LoadTesting.Tests.Install;

/// <summary>Everything against a server of the tests: nothing here reaches beyond 127.0.0.1.</summary>
[TestClass]
[UnsupportedOSPlatform("windows")]
public sealed class K6InstallerTests : IDisposable
{
    private const string Version = "9.1.0";

    private static readonly string Asset = $"/v{Version}/k6-v{Version}-{(K6Releases.FileName("", K6Releases.Platform) ?? "")["k6-v-".Length..]}";

    private readonly string _folder = Directory.CreateTempSubdirectory("k6-install").FullName;
    private readonly byte[] _release = OperatingSystem.IsWindows() ? [] : Archives.Release(Version);
    private readonly List<string> _told = [];

    private string Cache => Path.Combine(_folder, "cache");

    [TestInitialize]
    public void Check()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("the k6 of these tests is a shell script");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task A_release_of_a_mirror_is_downloaded_once_and_found_from_then_on()
    {
        using var mirror = Good();
        var first = await InstallAsync(mirror.Url);
        var second = await InstallAsync(mirror.Url);

        Assert.IsTrue(first.Installed);
        Assert.AreEqual(first with { Installed = false }, second);
        Assert.AreEqual(Asset, mirror.Requests.Single().Target);
        Assert.AreEqual(first.Path, new K6Cache(Cache).Find(Version, Archives.Sum(_release)));
        Assert.IsNull(new K6Cache(Cache).Find(Version, new string('0', 64)), "A build of another sum is another program.");
        Assert.HasCount(1, Directory.GetDirectories(Cache));
        Assert.IsEmpty(Directory.GetFiles(Cache, "*.part"));
    }

    [TestMethod]
    public async Task A_file_a_folder_and_a_file_address_need_no_server()
    {
        var file = Path.Combine(_folder, Path.GetFileName(Asset));
        await File.WriteAllBytesAsync(file, _release);
        foreach (var url in new[] { file, _folder, new Uri(file).AbsoluteUri, Path.GetFileName(file) })
        {
            Assert.IsTrue((await InstallAsync(url)).Installed, url);
            Directory.Delete(Cache, recursive: true);
        }

        Assert.IsTrue(File.Exists(file));
    }

    [TestMethod]
    public async Task A_tampered_file_is_refused_before_anything_looks_into_it()
    {
        var tampered = _release.ToArray();
        tampered[^20] ^= 1;
        using var mirror = new Mirror(_ => new MirrorAnswer(tampered));
        await FailsAsync("KSDK0012", mirror.Url, Archives.Sum(tampered));
        Assert.IsEmpty(Directory.GetDirectories(Cache));
        Assert.IsEmpty(Directory.GetFiles(Cache, "*.part"), "The next attempt must not go on with it.");
    }

    [TestMethod]
    public async Task A_download_that_is_cut_off_goes_on_where_it_was()
    {
        using var mirror = new Mirror(request => request.Number == 1 ? new MirrorAnswer(_release[..50_000], Length: _release.Length) : MirrorAnswer.Rest(_release, request.From));
        Assert.IsTrue((await InstallAsync(mirror.Url)).Installed);
        Assert.AreEqual("0 50000", string.Join(' ', mirror.Requests.Select(request => request.From)));
    }

    [TestMethod]
    public async Task A_download_that_an_earlier_build_began_goes_on_and_one_of_another_file_starts_again()
    {
        using var mirror = Good();
        var part = Path.Combine(Cache, $"{Version}-{K6Releases.Platform}-{Archives.Sum(_release)[..16]}.part");
        Directory.CreateDirectory(Cache);
        await File.WriteAllBytesAsync(part, _release[..1000]);
        await InstallAsync(mirror.Url);
        Assert.AreEqual(1000, mirror.Requests.Single().From);

        Directory.Delete(Cache, recursive: true);
        Directory.CreateDirectory(Cache);
        await File.WriteAllBytesAsync(part, new byte[1000]);
        await InstallAsync(mirror.Url);
        Assert.AreEqual("1000 1000 0", string.Join(' ', mirror.Requests.Select(request => request.From)));

        Directory.Delete(Cache, recursive: true);
        Directory.CreateDirectory(Cache);
        await File.WriteAllBytesAsync(part, new byte[_release.Length + 5]);
        Assert.IsTrue((await InstallAsync(mirror.Url)).Installed, "A part that is longer than the file.");
    }

    [TestMethod]
    public async Task A_server_without_ranges_sends_all_of_it_again()
    {
        using var mirror = new Mirror(request => request.Number == 1 ? new MirrorAnswer(_release[..50_000], Length: _release.Length) : new MirrorAnswer(_release));
        Assert.IsTrue((await InstallAsync(mirror.Url)).Installed);
    }

    [TestMethod]
    public async Task A_server_that_always_cuts_off_is_given_up_and_what_came_is_kept()
    {
        using var mirror = new Mirror(request => MirrorAnswer.Rest(_release, request.From) with { Body = _release[(int)request.From..((int)request.From + 1000)], Length = _release.Length - request.From });
        await FailsAsync("KSDK0013", mirror.Url, "6 times");
        Assert.HasCount(6, mirror.Requests);
        Assert.AreEqual(6000, new FileInfo(Directory.GetFiles(Cache, "*.part").Single()).Length);
    }

    [TestMethod]
    public async Task A_server_that_stops_sending_is_asked_again_for_the_rest()
    {
        using var mirror = new Mirror(request => request.Number == 1
            ? new MirrorAnswer(_release[..50_000], Length: _release.Length, Hangs: true)
            : MirrorAnswer.Rest(_release, request.From));
        Assert.IsTrue((await InstallAsync(mirror.Url, stall: TimeSpan.FromSeconds(1))).Installed);
        Assert.AreEqual(50_000, mirror.Requests.Last().From);
    }

    [TestMethod]
    public async Task A_server_that_never_answers_is_given_up()
    {
        using var mirror = new Mirror(_ => new MirrorAnswer([], Length: 1000, Hangs: true));
        await FailsAsync("KSDK0013", mirror.Url, "no byte came for 0.1 s", stall: TimeSpan.FromSeconds(0.1));
    }

    [TestMethod]
    public async Task Redirections_are_followed_and_a_circle_ends()
    {
        using var mirror = new Mirror(request => request.Target.StartsWith("/real", StringComparison.Ordinal) ? new MirrorAnswer(_release) : MirrorAnswer.Redirect("/real?signature=secret"));
        Assert.IsTrue((await InstallAsync(mirror.Url)).Installed);

        using var circle = new Mirror(request => MirrorAnswer.Redirect(request.Target));
        Directory.Delete(Cache, recursive: true);
        await FailsAsync("KSDK0013", circle.Url, "in a circle");
    }

    [TestMethod]
    public async Task A_missing_file_is_an_error_at_once_and_a_server_in_trouble_is_asked_again()
    {
        using var missing = new Mirror(_ => MirrorAnswer.NotFound);
        await FailsAsync("KSDK0013", missing.Url + "/k6.zip?signature=secret", "k6.zip cannot be downloaded: the server answers 404");
        Assert.HasCount(1, missing.Requests);

        using var busy = new Mirror(request => request.Number < 3 ? new MirrorAnswer([], "503 Service Unavailable") : new MirrorAnswer(_release));
        Assert.IsTrue((await InstallAsync(busy.Url)).Installed);
    }

    [TestMethod]
    public async Task Nobody_there_is_an_error_that_names_proxies_and_mirrors() =>
        await FailsAsync("KSDK0013", "http://127.0.0.1:1", "HTTPS_PROXY");

    [TestMethod]
    public async Task A_full_disk_is_an_error_that_names_the_folder_and_the_way_out()
    {
        using var mirror = Good();
        var error = await FailsAsync("KSDK0014", mirror.Url, "No space left on device", open: _ => new FullDisk());
        Assert.Contains("K6CacheDirectory", error.Message);
        Assert.Contains(Cache, error.Message);
        Assert.HasCount(1, mirror.Requests);
    }

    [TestMethod]
    public async Task A_cache_that_cannot_be_written_is_an_error_and_one_that_need_not_be_is_none()
    {
        using var mirror = Good();
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");
        await FailsAsync("KSDK0014", mirror.Url, "K6CacheDirectory", cache: Path.Combine(file, "cache"));
        Assert.IsEmpty(mirror.Requests);

        await InstallAsync(mirror.Url);
        var before = Directory.GetLastWriteTimeUtc(Cache);
        File.Delete(Directory.GetFiles(Cache, "*.lock").Single());
        File.SetUnixFileMode(Cache, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.IsFalse((await InstallAsync(mirror.Url)).Installed);
        Assert.IsEmpty(Directory.GetFiles(Cache), "Not even a lock was taken.");
        File.SetUnixFileMode(Cache, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [TestMethod]
    public async Task Several_at_once_download_once()
    {
        using var mirror = Good();
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => InstallAsync(mirror.Url))));
        Assert.HasCount(1, mirror.Requests);
        Assert.HasCount(1, all.Where(one => one.Installed));
        Assert.HasCount(1, all.Select(one => one.Path).Distinct());
    }

    [TestMethod]
    public async Task A_program_that_somebody_changed_is_installed_again()
    {
        using var mirror = Good();
        var k6 = await InstallAsync(mirror.Url);
        await File.AppendAllTextAsync(k6.Path, "# changed");
        Assert.IsTrue((await InstallAsync(mirror.Url)).Installed);
        Assert.HasCount(1, Directory.GetDirectories(Cache));
    }

    [TestMethod]
    public async Task What_says_another_version_or_is_no_k6_is_not_kept()
    {
        using var mirror = Good();
        await FailsAsync("KSDK0015", mirror.Url + Asset, $"it is k6 {Version}, and K6Version is 9.2.0", version: "9.2.0");
        var other = "#!/bin/sh\necho hello\n"u8.ToArray();
        using var another = new Mirror(_ => new MirrorAnswer(other));
        await FailsAsync("KSDK0004", another.Url, "is not k6", sum: Archives.Sum(other));
        Assert.IsEmpty(Directory.GetDirectories(Cache));
    }

    [TestMethod]
    public async Task A_cancelled_download_ends_at_once_and_is_kept()
    {
        using var cancellation = new CancellationTokenSource();
        using var mirror = new Mirror(_ => new MirrorAnswer(_release[..50_000], Length: _release.Length, Hangs: true));
        var progress = new Progress(received => { if (received == 50_000) { cancellation.Cancel(); } });
        await Assert.ThrowsAsync<OperationCanceledException>(() => K6Installer.InstallAsync(Request(mirror.Url), progress, _told.Add, cancellation.Token));
        Assert.AreEqual(50_000, new FileInfo(Directory.GetFiles(Cache, "*.part").Single()).Length);
    }

    private Mirror Good() => new(request => MirrorAnswer.Rest(_release, request.From));

    private K6InstallRequest Request(string url, string? sum = null, string version = Version, TimeSpan? stall = null, string? cache = null, Func<string, Stream>? open = null)
    {
        var request = new K6InstallRequest
        {
            Version = version,
            Url = url,
            Sha256 = sum ?? Archives.Sum(_release),
            CacheDirectory = cache ?? Cache,
            ProjectDirectory = _folder,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            StallTimeout = stall ?? TimeSpan.FromSeconds(30),
        };
        return open is null ? request : request with { Open = open };
    }

    private Task<K6Installation> InstallAsync(string url, TimeSpan? stall = null) =>
        K6Installer.InstallAsync(Request(url, stall: stall), null, _told.Add, CancellationToken.None);

    private async Task<LoadTestException> FailsAsync(
        string code, string url, string text, string? sum = null, string version = Version, TimeSpan? stall = null, string? cache = null, Func<string, Stream>? open = null)
    {
        var error = await Assert.ThrowsExactlyAsync<LoadTestException>(
            () => K6Installer.InstallAsync(Request(url, sum, version, stall, cache, open), null, _told.Add, CancellationToken.None));
        Assert.AreEqual(code, error.Diagnostic.Code, error.Message);
        Assert.Contains(text, error.Message);
        Assert.DoesNotContain("secret", error.Message + string.Concat(_told));
        return error;
    }

    private sealed class Progress(Action<long> report) : IProgress<(long Received, long? Total)>
    {
        public void Report((long Received, long? Total) value) => report(value.Received);
    }

    /// <summary>Takes some bytes, and then no more.</summary>
    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device : 'k6'", 28);
    }
}
