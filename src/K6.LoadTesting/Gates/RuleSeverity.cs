using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Gates;

/// <summary>Severities as the user tuned them (<c>K6RuleSeverity</c>).</summary>
internal static class RuleSeverity
{
    /// <summary>Severity of a diagnostic after tuning; null when its rule is turned off.</summary>
    public static DiagnosticSeverity? Of(string code, DiagnosticSeverity untuned, RunSettings settings) =>
        settings.RuleSeverities.TryGetValue(code, out var tuned) ? tuned : untuned;

    /// <summary>The diagnostic after tuning; null when its rule is turned off.</summary>
    public static Diagnostic? Tuned(Diagnostic diagnostic, RunSettings settings) =>
        Of(diagnostic.Code, diagnostic.Severity, settings) is { } severity ? diagnostic with { Severity = severity } : null;
}
