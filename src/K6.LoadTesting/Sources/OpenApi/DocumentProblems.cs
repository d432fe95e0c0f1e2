using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Collects what is wrong with a document: each thing once, and of each rule the first ones.</summary>
internal sealed class DocumentProblems(ICollection<Diagnostic> diagnostics)
{
    private const int Most = 10;
    private readonly Dictionary<string, int> counts = [];
    private readonly HashSet<(string Code, SourceLocation Place)> said = [];

    /// <summary>Whether there was an error.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Reports at a place.</summary>
    public void Add(DiagnosticRule rule, SourceLocation place, string message)
    {
        HasErrors |= rule.Severity == DiagnosticSeverity.Error;
        if (!said.Add((rule.Code, place)))
        {
            return;
        }

        var count = counts[rule.Code] = counts.GetValueOrDefault(rule.Code) + 1;
        if (count <= Most)
        {
            diagnostics.Add(rule.At(place, count < Most ? message : $"{message} More of {rule.Code} in this document are not shown."));
        }
    }
}
