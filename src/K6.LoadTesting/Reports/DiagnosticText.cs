using System.Globalization;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Reports;

/// <summary>A diagnostic as a line, in the format of compilers and builds.</summary>
internal static class DiagnosticText
{
    /// <summary><c>file(line,column): error KSDK0320: text</c>; without a place <c>error KSDK0320: text</c>.</summary>
    public static string Line(ReportedDiagnostic diagnostic)
    {
        var place = diagnostic switch
        {
            { File: null } => "",
            { Line: null } => $"{diagnostic.File}: ",
            { Column: null } => string.Create(CultureInfo.InvariantCulture, $"{diagnostic.File}({diagnostic.Line}): "),
            _ => string.Create(CultureInfo.InvariantCulture, $"{diagnostic.File}({diagnostic.Line},{diagnostic.Column}): "),
        };
        var severity = diagnostic.Severity switch
        {
            DiagnosticSeverity.Error => "error",
            DiagnosticSeverity.Warning => "warning",
            _ => "info",
        };
        return $"{place}{severity} {diagnostic.Code}: {Named(diagnostic.Message, diagnostic.Test)}";
    }

    /// <summary>A message that tells which test it is about: a threshold without a scope is crossed once per test.</summary>
    public static string Named(string message, string? test) =>
        test is null || message.Contains(test, StringComparison.Ordinal) ? message : $"{test}: {message}";
}
