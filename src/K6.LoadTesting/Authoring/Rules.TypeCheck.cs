namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of type checking: 0034 to 0039. What the compiler finds keeps its own codes.</content>
internal static partial class Rules
{
    /// <summary>The TypeScript compiler is not there, so that scripts are not checked.</summary>
    public static readonly DiagnosticRule CompilerMissing = new("KSDK0034", DiagnosticSeverity.Warning, "The scripts were not type-checked");

    /// <summary>The TypeScript compiler cannot be started, or ended in a way of its own.</summary>
    public static readonly DiagnosticRule CompilerFailed = new("KSDK0035", DiagnosticSeverity.Error, "The TypeScript compiler does not work");
}
