using System.Runtime.CompilerServices;
using Microsoft.Build.Locator;

// A build in this process changes the current directory.
[assembly: DoNotParallelize]

namespace K6.Build.Tasks.Tests;

internal static class InstalledMSBuild
{
    // Before any type of MSBuild is touched.
    [ModuleInitializer]
    internal static void Register() => MSBuildLocator.RegisterDefaults();
}
