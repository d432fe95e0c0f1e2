// MSBuild looks for this attribute by namespace and name only, so that a task assembly may declare it and still load in an
// MSBuild that does not know it yet. It keeps a task in the process under -mt; without it the task goes to a task host, which
// drops the events of the terminal logger.
namespace Microsoft.Build.Framework;

/// <summary>Marks a task that neither reads nor changes the process's current directory, environment or culture.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
