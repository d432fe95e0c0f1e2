using System.Runtime.CompilerServices;
using Microsoft.Build.Locator;

[assembly: Parallelize(Scope = ExecutionScope.MethodLevel)]

namespace K6.Build.Tasks.Tests;

internal static class InstalledMSBuild
{
    // Before any type of MSBuild is touched.
    [ModuleInitializer]
    internal static void Register() => MSBuildLocator.RegisterDefaults();
}
