namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of the applications under test.</content>
internal static partial class Rules
{
    /// <summary>The program of a service cannot be started.</summary>
    public static readonly DiagnosticRule ServiceNotStarted = new("KSDK0501", DiagnosticSeverity.Error, "a service cannot be started");

    /// <summary>A service ended before it was healthy.</summary>
    public static readonly DiagnosticRule ServiceExitedEarly = new("KSDK0502", DiagnosticSeverity.Error, "a service ended before it was healthy");

    /// <summary>A service did not become healthy in time.</summary>
    public static readonly DiagnosticRule ServiceNotHealthy = new("KSDK0503", DiagnosticSeverity.Error, "a service did not become healthy");

    /// <summary>The port of a service is taken.</summary>
    public static readonly DiagnosticRule ServicePortTaken = new("KSDK0504", DiagnosticSeverity.Error, "the port of a service is taken");

    /// <summary>A service ended while load was on it.</summary>
    public static readonly DiagnosticRule ServiceCrashed = new("KSDK0505", DiagnosticSeverity.Error, "a service ended during a run");

    /// <summary>A program that was built without optimisation is measured.</summary>
    public static readonly DiagnosticRule DebugBuildUnderLoad = new("KSDK0506", DiagnosticSeverity.Warning, "a Debug build is under load");

    /// <summary>A service did not end in time and was killed.</summary>
    public static readonly DiagnosticRule ServiceKilled = new("KSDK0507", DiagnosticSeverity.Warning, "a service had to be killed");

    /// <summary>The command that stops a service failed.</summary>
    public static readonly DiagnosticRule ServiceNotStopped = new("KSDK0508", DiagnosticSeverity.Warning, "a service could not be stopped");

    /// <summary>Scripts refused the certificate of a service.</summary>
    public static readonly DiagnosticRule CertificateNotTrusted = new("KSDK0509", DiagnosticSeverity.Warning, "the certificate of a service is not trusted");

    /// <summary>A warm-up made no iteration, so it warmed nothing.</summary>
    public static readonly DiagnosticRule WarmUpWithoutIterations = new("KSDK0510", DiagnosticSeverity.Warning, "a warm-up completed no iteration");

    /// <summary>Scenarios of one run ask for warm-ups of different lengths.</summary>
    public static readonly DiagnosticRule WarmUpsDiffer = new("KSDK0511", DiagnosticSeverity.Error, "scenarios of one run warm up differently");

    /// <summary>The machine had hardly any memory left.</summary>
    public static readonly DiagnosticRule MemoryExhausted = new("KSDK0512", DiagnosticSeverity.Warning, "the machine ran out of memory");

    /// <summary>A trace or a dump of a service was taken when a threshold was crossed.</summary>
    public static readonly DiagnosticRule EvidenceTaken = new("KSDK0520", DiagnosticSeverity.Info, "evidence of a crossed threshold was taken");

    /// <summary>A trace or a dump of a service was asked for and could not be taken.</summary>
    public static readonly DiagnosticRule EvidenceNotTaken = new("KSDK0521", DiagnosticSeverity.Warning, "evidence of a crossed threshold could not be taken");
}
