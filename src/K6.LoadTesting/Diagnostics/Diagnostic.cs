namespace K6.LoadTesting.Diagnostics;

/// <summary>How much a diagnostic weighs.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Worth knowing; changes nothing.</summary>
    Info,

    /// <summary>The outcome stands, but somebody should look.</summary>
    Warning,

    /// <summary>The build fails.</summary>
    Error,
}

/// <summary>A rule that has a code: one row of <c>docs/codes.md</c>.</summary>
/// <param name="Code"><c>KSDK</c> and four digits; never reused.</param>
/// <param name="Severity">Severity when nothing tunes it.</param>
/// <param name="Title">One short phrase, the heading of the row.</param>
internal sealed record DiagnosticRule(string Code, DiagnosticSeverity Severity, string Title)
{
    /// <summary>Reports the rule, at its own severity unless another is given. Words of scripts and servers may have line breaks, colours and other controls in them; a message is one clean line.</summary>
    public Diagnostic At(SourceLocation? location, string message, DiagnosticSeverity? severity = null) =>
        new(Code, severity ?? Severity, PlainText.OneLine(message), location);
}

/// <summary>Something to tell the user: what happened, why, and what to do, on one line.</summary>
/// <param name="Code"><c>KSDK</c> and four digits, or the tool's own code (<c>TS2322</c>).</param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Message">One line, without the code and without a trailing line break.</param>
/// <param name="Location">Where, when there is a place.</param>
public sealed record Diagnostic(string Code, DiagnosticSeverity Severity, string Message, SourceLocation? Location = null);
