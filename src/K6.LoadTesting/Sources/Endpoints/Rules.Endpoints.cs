namespace K6.LoadTesting.Diagnostics;

// Declared requests: K6Endpoint items, and the scenarios that consist of them.
internal static partial class Rules
{
    /// <summary>An endpoint of a scenario that does not exist, or that is a script.</summary>
    public static readonly DiagnosticRule EndpointWithoutScenario = new("KSDK0140", DiagnosticSeverity.Error, "endpoint without a scenario");

    /// <summary>An endpoint that does not say method and address.</summary>
    public static readonly DiagnosticRule InvalidRequest = new("KSDK0141", DiagnosticSeverity.Error, "unreadable request");

    /// <summary>Two endpoints that results could not tell apart, or a name that they cannot carry.</summary>
    public static readonly DiagnosticRule AmbiguousEndpoint = new("KSDK0142", DiagnosticSeverity.Error, "endpoint needs a name");

    /// <summary>A weight that is no number of 0 or more, or journeys with several.</summary>
    public static readonly DiagnosticRule InvalidWeight = new("KSDK0143", DiagnosticSeverity.Error, "invalid weight");

    /// <summary>Weights that sum to zero.</summary>
    public static readonly DiagnosticRule WeightsSumToZero = new("KSDK0144", DiagnosticSeverity.Error, "weights sum to zero");

    /// <summary>A value that a template asks for and nobody declares.</summary>
    public static readonly DiagnosticRule UnknownParameter = new("KSDK0145", DiagnosticSeverity.Error, "unknown parameter");

    /// <summary>A parameter whose values cannot be read.</summary>
    public static readonly DiagnosticRule InvalidParameter = new("KSDK0146", DiagnosticSeverity.Error, "unreadable parameter");

    /// <summary>A parameter that nothing asks for.</summary>
    public static readonly DiagnosticRule UnusedParameter = new("KSDK0147", DiagnosticSeverity.Warning, "unused parameter");

    /// <summary>An expectation that cannot be read.</summary>
    public static readonly DiagnosticRule InvalidExpectation = new("KSDK0148", DiagnosticSeverity.Error, "unreadable expectation");

    /// <summary>A capture that cannot be read, or that no later request could use.</summary>
    public static readonly DiagnosticRule InvalidCapture = new("KSDK0149", DiagnosticSeverity.Error, "invalid capture");

    /// <summary>A header or a part of a query that cannot be read.</summary>
    public static readonly DiagnosticRule InvalidHeader = new("KSDK0166", DiagnosticSeverity.Error, "unreadable header or query");

    /// <summary>A body that is not what it should be, or two of them.</summary>
    public static readonly DiagnosticRule InvalidBody = new("KSDK0167", DiagnosticSeverity.Error, "invalid body");

    /// <summary>A file that should be a body and does not exist.</summary>
    public static readonly DiagnosticRule MissingBodyFile = new("KSDK0168", DiagnosticSeverity.Error, "missing body file");

    /// <summary>A scenario that is only a name and has no endpoints.</summary>
    public static readonly DiagnosticRule ScenarioWithoutEndpoints = new("KSDK0169", DiagnosticSeverity.Error, "scenario without requests");

    /// <summary>A scenario of endpoints without a load.</summary>
    public static readonly DiagnosticRule ScenarioWithoutLoad = new("KSDK0170", DiagnosticSeverity.Error, "scenario without a load");

    /// <summary>A script that exists already and would be overwritten.</summary>
    public static readonly DiagnosticRule EjectWouldOverwrite = new("KSDK0172", DiagnosticSeverity.Error, "script exists already");

    /// <summary>No scenario is made of requests.</summary>
    public static readonly DiagnosticRule NothingToEject = new("KSDK0173", DiagnosticSeverity.Error, "nothing to eject");

    /// <summary>A declaration that cannot be changed to include the script.</summary>
    public static readonly DiagnosticRule EjectByHand = new("KSDK0174", DiagnosticSeverity.Warning, "project has to be changed by hand");

    /// <summary>Metadata of requests on a scenario that is a script.</summary>
    public static readonly DiagnosticRule RequestMetadataOfScript = new("KSDK0171", DiagnosticSeverity.Error, "metadatum of declared requests");
}
