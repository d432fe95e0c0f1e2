using K6.Build.Tasks.Output;
using K6.LoadTesting.Diagnostics;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks;

/// <summary>
/// What the tasks have in common: expected failures become coded errors, anything else is a bug and stays an exception.
/// Every path that a task receives is absolute, since a task under <c>-mt</c> does not own the current directory.
/// </summary>
public abstract class K6Task : Microsoft.Build.Utilities.Task
{
    /// <summary>Absolute path of the project file; where a diagnostic without a place of its own is reported.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary><c>1</c> when MSBuild writes to its terminal logger (<c>$(_MSBUILDTLENABLED)</c>).</summary>
    public string TerminalLogger { get; set; } = "";

    /// <inheritdoc />
    public sealed override bool Execute()
    {
        using var _ = Guard();
        try
        {
            ExecuteCore();
        }
        catch (LoadTestException failure)
        {
            Report(failure.Diagnostic);
        }
        catch (OperationCanceledException)
        {
            // Somebody stopped the build; MSBuild says so.
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Report(Rules.FileAccess.At(null, $"{failure.Message} Check the path, its permissions and the free space, then build again."));
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>Does the work; reports what goes wrong.</summary>
    protected abstract void ExecuteCore();

    /// <summary>What is in force while the task works.</summary>
    private protected virtual IDisposable? Guard() => null;

    /// <summary>Where text for people goes.</summary>
    protected BuildOutput CreateOutput(TimeSpan? progressInterval = null) =>
        new(BuildEngine, TerminalLogger == "1", progressInterval ?? TimeSpan.FromSeconds(10));

    /// <summary>Reports one diagnostic as MSBuild's own error or warning.</summary>
    protected void Report(Diagnostic diagnostic) => DiagnosticLogger.Write(Log, diagnostic, ProjectFile);

    /// <summary>Reports them all.</summary>
    /// <returns>Whether none of them is an error.</returns>
    protected bool Report(IEnumerable<Diagnostic> diagnostics)
    {
        var fine = true;
        foreach (var diagnostic in diagnostics)
        {
            Report(diagnostic);
            fine &= diagnostic.Severity != DiagnosticSeverity.Error;
        }

        return fine;
    }
}
