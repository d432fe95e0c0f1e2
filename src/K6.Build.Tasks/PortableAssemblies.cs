using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace K6.Build.Tasks;

/// <summary>
/// Where the tasks of a platform find the assemblies of others: <c>tasks/linux-x64</c> has only what was compiled ahead of time, and everything else is in
/// <c>tasks/net10.0</c> beside it. MSBuild looks in the folder of the tasks alone.
/// </summary>
internal static class PortableAssemblies
{
    private const string Folder = "net10.0";

    // A module initializer, since any task may be the first one, and their base class is MSBuild's.
#pragma warning disable CA2255 // This is no library: MSBuild loads it, and nobody else.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Use()
    {
        var own = typeof(PortableAssemblies).Assembly;
        var folder = Path.GetDirectoryName(own.Location);
        if (string.IsNullOrEmpty(folder) || Path.GetFileName(folder) == Folder)
        {
            return;
        }

        AssemblyLoadContext.GetLoadContext(own)!.Resolving += (context, name) =>
            Path.Combine(Path.GetDirectoryName(folder)!, Folder, name.Name + ".dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }
}
