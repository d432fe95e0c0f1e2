using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace K6.Benchmarks;

/// <summary>A project in the project door, with the SDK from source as a release build, in a folder of its own. Builds of it are what a user would type.</summary>
internal sealed class BuildProject : IDisposable
{
    private static readonly Lazy<string> Tasks = new(() =>
    {
        var root = EngineBuild.Root();
        foreach (var project in (string[])["K6.Build.Tasks", "K6.Embedded"])
        {
            Machine.Run(Machine.Command(null, ["dotnet", "build", Path.Combine(root, "src", project), "-c", "Release", "-v:q", "-nologo", "-nodeReuse:false"]));
        }

        return Path.Combine(root, "src", "K6.Build.Tasks", "bin", "Release", "net10.0", "K6.Build.Tasks.dll");
    });

    /// <param name="items">Content of the project.</param>
    /// <param name="files">Files beside it.</param>
    public BuildProject(string items, params IEnumerable<(string Name, string Text)> files)
    {
        var sdk = Path.Combine(EngineBuild.Root(), "src", "K6.Sdk");
        File.WriteAllText(File_, $"""
            <Project>
              <PropertyGroup>
                <_K6TasksAssembly>{Tasks.Value}</_K6TasksAssembly>
                <_K6EmbeddedEngine>{Path.Combine(EngineBuild.Root(), "src", "K6.Embedded", "bin", "Release", "net10.0", "K6.Embedded.dll")}</_K6EmbeddedEngine>
                <K6EsbuildPath>{NodeTools.Esbuild}</K6EsbuildPath>
                <K6TypeScriptPath>{NodeTools.TypeScript}</K6TypeScriptPath>
                <_K6TypesDirectory>{string.Join(';', NodeTools.TypesDirectories)}</_K6TypesDirectory>
              </PropertyGroup>
              <Import Project="{Path.Combine(sdk, "Sdk", "Sdk.props")}" />
              <ItemGroup>
                {items}
              </ItemGroup>
              <Import Project="{Path.Combine(sdk, "Sdk", "Sdk.targets")}" />
            </Project>
            """);
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(Folder, name), text);
        }

        Build();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("k6-benchmark-").FullName;

    public string Output => Path.Combine(Folder, "obj", "k6");

    private string File_ => Path.Combine(Folder, "Load.csproj");

    /// <summary>The command of a build; without arguments that of an editor's build key.</summary>
    public ProcessStartInfo Command(params string[] arguments)
    {
        var start = Machine.Command(null, ["dotnet", "build", File_, "-nologo", "-tl:off", "-v:m", .. arguments]);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    /// <summary>Builds it.</summary>
    public Usage Build(params string[] arguments) => Machine.Run(Command(arguments));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A script that asks for one path, and waits a little.</summary>
    public static string Script(string wait) => $$"""
        import http from 'k6/http';
        import { sleep } from 'k6';
        export default function (): void {
          http.get(`${__ENV.BASE_URL}/`);
          {{(wait.Length > 0 ? $"sleep({wait});" : "sleep(0);")}}
        }

        """;

    /// <summary>Milliseconds in a table.</summary>
    public static string Row(string what, double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{what,-60} {milliseconds,8:0} ms");

    /// <summary>How alike two halves of the same measurements are: rounds 1, 3, 5 … against 2, 4, 6 ….</summary>
    public static double SameAgain(IReadOnlyList<double> values) =>
        Machine.Median(values.Where((_, index) => index % 2 == 0)) / Machine.Median(values.Where((_, index) => index % 2 == 1));

    /// <summary>Times of targets and tasks as MSBuild's own summary tells them.</summary>
    public static string Summary(string output)
    {
        var text = new StringBuilder();
        foreach (var line in output.Split('\n').Where(line => line.Contains(" ms  ", StringComparison.Ordinal)).Select(line => line.Trim()).TakeLast(14))
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }
}
