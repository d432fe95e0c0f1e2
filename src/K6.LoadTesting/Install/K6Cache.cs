using System.Text.Json;
using K6.LoadTesting.Bundling;

namespace K6.LoadTesting.Install;

/// <summary>
/// The installed programs of a user: a folder for each, named by version, platform and the sum of the file that it came from. What is in it was
/// verified and moved into place as a whole.
/// </summary>
/// <param name="Root">Absolute path.</param>
internal sealed record K6Cache(string Root)
{
    private static readonly string ProgramName = OperatingSystem.IsWindows() ? "k6.exe" : "k6";

    /// <summary>The user's own; null without a home folder. Never a folder that other users can write to.</summary>
    public static string? DefaultDirectory { get; } = UserCache() is { } cache ? Path.Combine(cache, "k6sdk", "k6") : null;

    /// <summary>The cache at a folder, or the user's own; null without a home folder.</summary>
    public static K6Cache? At(string directory) =>
        directory.Length > 0 ? new K6Cache(Path.GetFullPath(directory)) : DefaultDirectory is { } folder ? new K6Cache(folder) : null;

    /// <summary>Absolute path of the folder that keeps modules which scripts import from addresses.</summary>
    public string Imports => Path.Combine(Root, "imports");

    /// <summary>Absolute path of an installed program; null when it is not installed.</summary>
    /// <param name="version"><c>K6Version</c>; empty for the default.</param>
    /// <param name="sha256"><c>K6Sha256</c>; empty for the known sum.</param>
    public string? Find(string version, string sha256)
    {
        version = version.Length > 0 ? version.TrimStart('v') : K6Releases.DefaultVersion;
        var sum = sha256.Length > 0 ? sha256.Trim().ToLowerInvariant() : K6Releases.Sha256(version, K6Releases.Platform);
        if (sum is null || sum.Length != 64)
        {
            return null;
        }

        var program = ProgramIn(FolderOf(version, sum));
        return File.Exists(program) ? program : null;
    }

    /// <summary>Folder of a program.</summary>
    internal string FolderOf(string version, string sha256) => Path.Combine(Root, $"{version}-{K6Releases.Platform}-{sha256[..16]}");

    /// <summary>The program in its folder.</summary>
    internal static string ProgramIn(string folder) => Path.Combine(folder, ProgramName);

    /// <summary>What is remembered of an installation; null when there is none that can be read.</summary>
    internal static InstalledK6? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(RecordIn(folder)), WebJson.Instance.InstalledK6);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Remembers an installation.</summary>
    internal static void Write(string folder, InstalledK6 record) => File.WriteAllBytes(RecordIn(folder), JsonSerializer.SerializeToUtf8Bytes(record, WebJson.Instance.InstalledK6));

    /// <summary>The file beside the program that says what it is.</summary>
    private static string RecordIn(string folder) => Path.Combine(folder, "installed.json");

    private static string? UserCache()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local ? local : null;
        }

        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given && Path.IsPathFullyQualified(given))
        {
            return given;
        }

        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache")
            : null;
    }
}

/// <summary>What was installed: <c>installed.json</c>.</summary>
/// <param name="Version">Version that the program says it has.</param>
/// <param name="Source">Where its file came from.</param>
/// <param name="Sha256">Sum of that file.</param>
/// <param name="ProgramSha256">Sum of the program in it.</param>
internal sealed record InstalledK6(string Version, string Source, string Sha256, string ProgramSha256);
