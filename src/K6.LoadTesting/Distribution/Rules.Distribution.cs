namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of archives and of runs on many machines: 0390 to 0396.</content>
internal static partial class Rules
{
    /// <summary>Only k6 makes archives.</summary>
    public static readonly DiagnosticRule ArchiveNeedsK6 = new("KSDK0390", DiagnosticSeverity.Error, "an archive is made by k6, and there is none");

    /// <summary>k6 could not make the archive.</summary>
    public static readonly DiagnosticRule ArchiveFailed = new("KSDK0391", DiagnosticSeverity.Error, "the archive could not be made");

    /// <summary>The value of a secret is in the archive.</summary>
    public static readonly DiagnosticRule SecretInArchive = new("KSDK0392", DiagnosticSeverity.Error, "the archive holds a secret");

    /// <summary>A property of K6Distributed is malformed or does not fit the load.</summary>
    public static readonly DiagnosticRule DistributedInvalid = new("KSDK0393", DiagnosticSeverity.Error, "a property of K6Distributed does not fit");

    /// <summary>A service would be started by the build, and runners elsewhere cannot reach it.</summary>
    public static readonly DiagnosticRule ServiceNotReachable = new("KSDK0394", DiagnosticSeverity.Error, "runners cannot reach the service");

    /// <summary>Something of the project does not happen in a run on many machines.</summary>
    public static readonly DiagnosticRule NotDistributed = new("KSDK0395", DiagnosticSeverity.Warning, "this does not happen on many machines");
}
