using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Data;

/// <summary>Collects what is wrong with one data file; ends reading when it is clear that the whole file is.</summary>
internal sealed class DataProblems(string file, ICollection<Diagnostic> diagnostics)
{
    private const int Most = 20;
    private int count;

    /// <summary>Whether there was an error.</summary>
    public bool Any => count > 0;

    /// <summary>Reports at a line.</summary>
    /// <exception cref="DataUnreadableException">It is one error too many.</exception>
    public void Add(DiagnosticRule rule, long line, string message, long column = 1)
    {
        count++;
        diagnostics.Add(rule.At(new SourceLocation(file, (int)Math.Min(line, int.MaxValue), (int)Math.Min(column, int.MaxValue)),
            count < Most ? message : $"{message} More errors of this file are not shown."));
        if (count == Most)
        {
            throw new DataUnreadableException();
        }
    }

    /// <summary>Reports what makes the rest of the file unreadable.</summary>
    public DataUnreadableException End(DiagnosticRule rule, long line, string message, long column = 1)
    {
        Add(rule, line, message, column);
        return new DataUnreadableException();
    }
}

/// <summary>A data file was given up; why was reported.</summary>
internal sealed class DataUnreadableException : Exception;
