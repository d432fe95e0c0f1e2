using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Install;

/// <summary>Which k6 to install, from where, to where.</summary>
internal sealed partial record K6InstallRequest
{
    /// <summary><c>K6Version</c>, without a <c>v</c>; empty for <see cref="K6Releases.DefaultVersion"/>.</summary>
    public string Version { get; init; } = "";

    /// <summary>
    /// <c>K6DownloadUrl</c>: an archive or a program (an address or a local file), or a mirror that has the releases below it; empty for the project's own releases.
    /// </summary>
    public string Url { get; init; } = "";

    /// <summary><c>K6Sha256</c> of the downloaded file, 64 hexadecimal digits; empty for the sum that is known of the version.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary><c>K6CacheDirectory</c>, absolute; empty for the user's own (<see cref="K6Cache.DefaultDirectory"/>).</summary>
    public string CacheDirectory { get; init; } = "";

    /// <summary>Absolute path of the folder that a relative <see cref="Url"/> starts from.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Time without a single byte after which a connection counts as dead.</summary>
    internal TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Pause before the first new attempt; each further one doubles it.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Opens the file that a download goes to.</summary>
    internal Func<string, Stream> Open { get; init; } = file => new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Says what is to be installed, or throws.</summary>
    /// <exception cref="LoadTestException">A property is malformed, or no sum is known.</exception>
    internal K6Target Resolve()
    {
        var version = Version.Trim() is { Length: > 0 } given ? given.TrimStart('v') : K6Releases.DefaultVersion;
        if (!VersionForm().IsMatch(version))
        {
            throw Invalid($"K6Version is '{Version}', which is no version of k6; write it like {K6Releases.DefaultVersion}.");
        }

        var file = K6Releases.FileName(version, K6Releases.Platform);
        if (file is null && Url.Length == 0)
        {
            throw Invalid($"k6 is not released for {K6Releases.Platform}. Build it yourself and name it with K6Path, or give K6DownloadUrl and K6Sha256.");
        }

        var sum = Sha256.Trim().ToLowerInvariant();
        if (sum.Length > 0 && !SumForm().IsMatch(sum))
        {
            throw Invalid($"K6Sha256 is '{Sha256}'; a SHA-256 sum has 64 hexadecimal digits.");
        }

        sum = sum.Length > 0 ? sum : K6Releases.Sha256(version, K6Releases.Platform) ?? throw new LoadTestException(Rules.K6SumUnknown.At(
            null,
            $"The SHA-256 sum of k6 {version} for {K6Releases.Platform} is not known to this K6.Sdk, and nothing is installed without one. "
            + $"Take it from k6-v{version}-checksums.txt of the release ({K6Releases.DefaultUrl}/v{version}/) and give it: -p:K6Sha256=…, or use K6Version {K6Releases.DefaultVersion}."));
        return new K6Target(version, sum, Source(version, file), K6Cache.At(CacheDirectory) ?? throw Invalid("There is no home folder for a cache of programs. Name a folder: -p:K6CacheDirectory=/path."));
    }

    private K6Source Source(string version, string? file)
    {
        var url = Url.Trim() is { Length: > 0 } given ? given : K6Releases.DefaultUrl;
        if (!url.Contains("://", StringComparison.Ordinal))
        {
            return new K6Source(null, LocalFile(Path.GetFullPath(url, ProjectDirectory), version, file));
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "file"))
        {
            throw Invalid($"K6DownloadUrl is '{url}'; it takes an http or https address, or the path of a file or folder.");
        }

        if (uri.UserInfo.Length > 0)
        {
            // Properties are in binary logs and on command lines.
            throw Invalid($"K6DownloadUrl has a user name or password for {uri.Host} in it, and properties end up in logs. Download the file by other means and give its path instead.");
        }

        if (uri.IsFile)
        {
            return new K6Source(null, LocalFile(uri.LocalPath, version, file));
        }

        return new K6Source(IsFileName(uri.AbsolutePath) ? uri : new Uri($"{url.TrimEnd('/')}/v{version}/{file}"), null);
    }

    private static string LocalFile(string path, string version, string? file)
    {
        if (File.Exists(path))
        {
            return path;
        }

        string[] candidates = file is null ? [] : [Path.Combine(path, file), Path.Combine(path, $"v{version}", file)];
        return candidates.FirstOrDefault(File.Exists) ?? throw new LoadTestException(Rules.K6DownloadFailed.At(
            null, $"K6DownloadUrl is '{path}', and there is no such file{(Directory.Exists(path) ? $" as {file} in that folder" : "")}."));
    }

    // A mirror's address has folders only; a file's ends in a kind of archive, or is a program.
    private static bool IsFileName(string path) =>
        path.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".exe", StringComparison.OrdinalIgnoreCase);

    private static LoadTestException Invalid(string message) => new(Rules.K6InstallInvalid.At(null, message));

    [GeneratedRegex(@"^\d{1,4}\.\d{1,4}\.\d{1,4}(-[0-9A-Za-z.]{1,40})?$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionForm();

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex SumForm();
}

/// <summary>What is to be installed.</summary>
/// <param name="Version">Version without a <c>v</c>.</param>
/// <param name="Sha256">Sum of the file.</param>
/// <param name="Source">Where the file is.</param>
/// <param name="Cache">Where the program goes.</param>
internal sealed record K6Target(string Version, string Sha256, K6Source Source, K6Cache Cache)
{
    /// <summary>Folder of this very program; another file of the same version has another.</summary>
    public string Folder { get; } = Cache.FolderOf(Version, Sha256);
}

/// <summary>Where a file comes from: one of the two.</summary>
/// <param name="Address">Address.</param>
/// <param name="File">Absolute path.</param>
internal sealed record K6Source(Uri? Address, string? File)
{
    /// <summary>For messages: without a query, which may hold a signature.</summary>
    public override string ToString() => File ?? Address!.GetLeftPart(UriPartial.Path);
}
