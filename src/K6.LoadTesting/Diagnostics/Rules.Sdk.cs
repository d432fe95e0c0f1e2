namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of the build itself: 0030 to 0049.</content>
internal static partial class Rules
{
    /// <summary>The .NET SDK, or the MSBuild of Visual Studio, is older than the tasks can run in. Reported by the targets.</summary>
    public static readonly DiagnosticRule SdkTooOld = new("KSDK0030", DiagnosticSeverity.Error, "The .NET SDK is too old");

    /// <summary>A file or folder that the build needs cannot be read or written.</summary>
    public static readonly DiagnosticRule FileAccess = new("KSDK0031", DiagnosticSeverity.Error, "A file cannot be read or written");

    /// <summary>The project of a <c>K6Service</c> item does not exist or did not build.</summary>
    public static readonly DiagnosticRule ServiceNotBuilt = new("KSDK0032", DiagnosticSeverity.Error, "A service did not build");

    /// <summary>The package has no esbuild for the platform, and no other was named.</summary>
    public static readonly DiagnosticRule PlatformNotSupported = new("KSDK0033", DiagnosticSeverity.Error, "No esbuild for this platform");

    /// <summary>The verdict is failed and nothing was reported: a mistake of ours.</summary>
    public static readonly DiagnosticRule VerdictWithoutReason = new("KSDK0901", DiagnosticSeverity.Error, "A failed verdict without a reason");
}
