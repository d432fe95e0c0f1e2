namespace K6.LoadTesting.Diagnostics;

/// <summary>An expected failure that ends the stage at once; carries what to tell the user.</summary>
public sealed class LoadTestException : Exception
{
    internal LoadTestException(Diagnostic diagnostic, Exception? inner = null)
        : base(diagnostic.Message, inner) => Diagnostic = diagnostic;

    /// <summary>What to tell the user.</summary>
    public Diagnostic Diagnostic { get; }
}
