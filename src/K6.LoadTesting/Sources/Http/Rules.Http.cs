namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of <c>.http</c> files: 0601 to 0629.</content>
internal static partial class Rules
{
    /// <summary>A file that cannot be read, or whose encoding is another.</summary>
    public static readonly DiagnosticRule HttpUnreadable = new("KSDK0601", DiagnosticSeverity.Error, "the file cannot be read");

    /// <summary>A request line with an unknown method, without an address, or with a wrong version.</summary>
    public static readonly DiagnosticRule HttpRequestLine = new("KSDK0602", DiagnosticSeverity.Error, "malformed request line");

    /// <summary>A line among the headers that is none.</summary>
    public static readonly DiagnosticRule HttpHeader = new("KSDK0603", DiagnosticSeverity.Error, "malformed header");

    /// <summary>A line that starts with @ and defines nothing.</summary>
    public static readonly DiagnosticRule HttpVariable = new("KSDK0604", DiagnosticSeverity.Error, "malformed variable");

    /// <summary>A placeholder that names nothing.</summary>
    public static readonly DiagnosticRule HttpUnknownVariable = new("KSDK0605", DiagnosticSeverity.Error, "unknown variable");

    /// <summary>Variables that use each other.</summary>
    public static readonly DiagnosticRule HttpCycle = new("KSDK0606", DiagnosticSeverity.Error, "variables use each other");

    /// <summary>A text that variables make longer than anybody can mean.</summary>
    public static readonly DiagnosticRule HttpTooLong = new("KSDK0607", DiagnosticSeverity.Error, "variables make a text too long");

    /// <summary>A function that does not exist, or whose arguments cannot be read.</summary>
    public static readonly DiagnosticRule HttpFunction = new("KSDK0608", DiagnosticSeverity.Error, "unknown function, or wrong arguments");

    /// <summary>A reference to a request that has no answer there.</summary>
    public static readonly DiagnosticRule HttpReference = new("KSDK0609", DiagnosticSeverity.Error, "a reference to a request leads nowhere");

    /// <summary>A name of a request that is taken or cannot be one.</summary>
    public static readonly DiagnosticRule HttpName = new("KSDK0610", DiagnosticSeverity.Error, "the name of a request is taken or cannot be one");

    /// <summary>Something of other editors that is not done, or done otherwise.</summary>
    public static readonly DiagnosticRule HttpUnsupported = new("KSDK0611", DiagnosticSeverity.Warning, "not done by a load test");

    /// <summary>An annotation that cannot be read.</summary>
    public static readonly DiagnosticRule HttpAnnotation = new("KSDK0612", DiagnosticSeverity.Error, "an annotation cannot be read");

    /// <summary>An environment file that is none.</summary>
    public static readonly DiagnosticRule HttpEnvironmentFile = new("KSDK0613", DiagnosticSeverity.Error, "malformed environment file");

    /// <summary>An environment that no file has.</summary>
    public static readonly DiagnosticRule HttpEnvironment = new("KSDK0614", DiagnosticSeverity.Error, "unknown environment");

    /// <summary>A secret that only an editor can find.</summary>
    public static readonly DiagnosticRule HttpSecretProvider = new("KSDK0615", DiagnosticSeverity.Error, "a secret of a provider is not declared");

    /// <summary>A file without requests.</summary>
    public static readonly DiagnosticRule HttpNoRequests = new("KSDK0616", DiagnosticSeverity.Error, "no requests");

    /// <summary>Requests with one title.</summary>
    public static readonly DiagnosticRule HttpSameTitle = new("KSDK0617", DiagnosticSeverity.Warning, "two requests have one title");

    /// <summary>A variable that is used above its definition.</summary>
    public static readonly DiagnosticRule HttpLateVariable = new("KSDK0618", DiagnosticSeverity.Warning, "a variable is used above its definition");

    /// <summary>A body in a file that does not exist or is not known at build time.</summary>
    public static readonly DiagnosticRule HttpBodyFile = new("KSDK0619", DiagnosticSeverity.Error, "the file of a body is missing");

    /// <summary>An address that is none.</summary>
    public static readonly DiagnosticRule HttpAddress = new("KSDK0620", DiagnosticSeverity.Error, "the address of a request cannot be one");

    /// <summary>A secret that is written in the file.</summary>
    public static readonly DiagnosticRule HttpSecret = new("KSDK0621", DiagnosticSeverity.Warning, "a secret is written down in the file");
}
