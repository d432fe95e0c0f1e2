namespace K6.LoadTesting.Diagnostics;

/// <summary>An expected failure that ends the stage at once; carries what to tell the user.</summary>
internal sealed class LoadTestException(Diagnostic diagnostic, Exception? inner = null)
    : Exception(diagnostic.Message, inner)
{
    /// <summary>What to tell the user.</summary>
    public Diagnostic Diagnostic { get; } = diagnostic;
}
