namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of the installation of k6: 0011 to 0019.</content>
internal static partial class Rules
{
    /// <summary>No SHA-256 sum is known, and none was given.</summary>
    public static readonly DiagnosticRule K6SumUnknown = new("KSDK0011", DiagnosticSeverity.Error, "the sum of k6 is not known");

    /// <summary>A file is not what its sum says.</summary>
    public static readonly DiagnosticRule K6SumDiffers = new("KSDK0012", DiagnosticSeverity.Error, "the sum of k6 differs");

    /// <summary>The file cannot be had.</summary>
    public static readonly DiagnosticRule K6DownloadFailed = new("KSDK0013", DiagnosticSeverity.Error, "k6 cannot be downloaded");

    /// <summary>The cache cannot be written.</summary>
    public static readonly DiagnosticRule K6CacheNotWritable = new("KSDK0014", DiagnosticSeverity.Error, "the cache of programs cannot be written");

    /// <summary>There is no usable k6 in the archive.</summary>
    public static readonly DiagnosticRule K6ArchiveInvalid = new("KSDK0015", DiagnosticSeverity.Error, "the archive has no usable k6");

    /// <summary>A property of the installation is malformed.</summary>
    public static readonly DiagnosticRule K6InstallInvalid = new("KSDK0016", DiagnosticSeverity.Error, "a property of K6Install is malformed");

    /// <summary>K6Version is set, and another version runs.</summary>
    public static readonly DiagnosticRule K6VersionDiffers = new("KSDK0017", DiagnosticSeverity.Warning, "another version than K6Version runs");
}
