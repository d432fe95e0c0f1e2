using Microsoft.Build.Construction;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Exceptions;
using Microsoft.Build.Execution;

namespace K6.Build.Tasks.Declarations;

/// <summary>The <c>K6*</c> item elements of a project and of everything that it imports.</summary>
internal sealed class LogicalElements
{
    // Conditions cost an instance of the project, so it is only made where there is one to look at.
    private readonly Lazy<ProjectInstance> _instance;
    private readonly IReadOnlyList<ProjectItemElement> _elements;

    public LogicalElements(Project project)
    {
        _instance = new(() => project.CreateProjectInstance());
        _elements = [.. project.GetLogicalProject().OfType<ProjectItemElement>()
            .Where(element => element.ItemType.StartsWith("K6", StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>Those in targets.</summary>
    public IEnumerable<ProjectItemElement> InTargets => _elements.Where(IsInTarget);

    /// <summary>Those outside of targets whose conditions hold.</summary>
    public IEnumerable<ProjectItemElement> Evaluated => _elements.Where(element => !IsInTarget(element) && HoldsWithParents(element));

    /// <summary>Whether an element names an item outright, without a glob or an empty property.</summary>
    public bool HasLiteral(ProjectItemElement element) =>
        _instance.Value.ExpandString(element.Include).Split(';').Any(part => part.Trim() is { Length: > 0 } name && name.AsSpan().IndexOfAny('*', '?') < 0);

    private static bool IsInTarget(ProjectElement element) => element.AllParents.OfType<ProjectTargetElement>().Any();

    private bool HoldsWithParents(ProjectItemElement element)
    {
        for (ProjectElement? current = element; current is not null; current = current.Parent)
        {
            if (!string.IsNullOrEmpty(current.Condition) && !Holds(current))
            {
                return false;
            }

            // The first When whose condition holds is taken; Otherwise is, when none does.
            if (current.Parent is ProjectChooseElement choose
                && choose.WhenElements.TakeWhile(when => when != current).Any(when => string.IsNullOrEmpty(when.Condition) || Holds(when)))
            {
                return false;
            }
        }

        return true;
    }

    // Item elements are evaluated after all properties, so that the project's final properties are the right ones; only the
    // properties that name the file itself are gone by then.
    private bool Holds(ProjectElement element)
    {
        var file = element.ContainingProject.FullPath;
        var condition = element.Condition
            .Replace("$(MSBuildThisFileDirectory)", Path.GetDirectoryName(file) + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase)
            .Replace("$(MSBuildThisFileFullPath)", file, StringComparison.OrdinalIgnoreCase)
            .Replace("$(MSBuildThisFileName)", Path.GetFileNameWithoutExtension(file), StringComparison.OrdinalIgnoreCase)
            .Replace("$(MSBuildThisFile)", Path.GetFileName(file), StringComparison.OrdinalIgnoreCase);
        try
        {
            return _instance.Value.EvaluateCondition(condition);
        }
        catch (InvalidProjectFileException)
        {
            return false;
        }
    }
}
