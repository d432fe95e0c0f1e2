namespace K6.LoadTesting.Diagnostics;

/// <summary>A place in a file that a person can open.</summary>
/// <param name="File">Absolute path of the file.</param>
/// <param name="Line">Line, from 1; 0 when only the file is known.</param>
/// <param name="Column">Column in characters (UTF-16 code units), from 1; 0 when unknown.</param>
public sealed record SourceLocation(string File, int Line, int Column)
{
    /// <inheritdoc />
    public override string ToString() => Line == 0 ? File : $"{File}({Line},{Column})";
}
