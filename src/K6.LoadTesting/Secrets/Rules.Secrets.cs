namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of secrets.</content>
internal static partial class Rules
{
    /// <summary>A <c>K6Secret</c> that contradicts itself, or <c>K6SecretSource</c> with a value in it.</summary>
    public static readonly DiagnosticRule InvalidSecret = new("KSDK0154", DiagnosticSeverity.Error, "invalid secret");

    /// <summary>A secret whose value is not there when the load test runs.</summary>
    public static readonly DiagnosticRule SecretMissing = new("KSDK0155", DiagnosticSeverity.Error, "secret without a value");

    /// <summary>A secret that outputs cannot be searched for.</summary>
    public static readonly DiagnosticRule SecretNotMasked = new("KSDK0156", DiagnosticSeverity.Warning, "secret cannot be masked");

    /// <summary>k6 is too old to be told <c>K6SecretSource</c>.</summary>
    public static readonly DiagnosticRule SecretSourceNotOfEngine = new("KSDK0157", DiagnosticSeverity.Error, "the engine cannot take the source of secrets");

    /// <summary>The value of a secret was in an output, and was taken out.</summary>
    public static readonly DiagnosticRule SecretInOutput = new("KSDK0319", DiagnosticSeverity.Warning, "secret in an output");
}
