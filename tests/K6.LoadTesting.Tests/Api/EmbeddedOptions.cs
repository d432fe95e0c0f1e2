using K6.LoadTesting.Bundling;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Tests.Bundling;

namespace K6.LoadTesting.Tests.Api;

/// <summary>Options for the embedded engine, with tools where the package would put them.</summary>
internal static class EmbeddedOptions
{
    public static K6Options In(string folder)
    {
        var tools = Path.Combine(folder, "tools");
        Copy(TestTools.Esbuild, Path.Combine(tools, "esbuild", EsbuildProgram.Platform, Path.GetFileName(TestTools.Esbuild)));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(TestTools.Embedded)!, "*", SearchOption.AllDirectories))
        {
            Copy(file, Path.Combine(tools, "embedded", Path.GetRelativePath(Path.GetDirectoryName(TestTools.Embedded)!, file)));
        }

        return new K6Options { Directory = folder, ToolsDirectory = tools, Engine = EngineChoice.Embedded };
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }
}
