using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace K6.Benchmarks;

/// <summary>A project in the project door, with the SDK as it is packed, in a folder of its own. Builds of it are what a user would type.</summary>
internal sealed class BuildProject : IDisposable
{
    // What users get, the assemblies that were compiled ahead of time with it.
    private static readonly Lazy<string> Package = new(() =>
    {
        var (feed, sdk) = (Path.Combine(AppContext.BaseDirectory, "feed"), Path.Combine(AppContext.BaseDirectory, "sdk"));
        foreach (var old in new[] { feed, sdk }.Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        Machine.Run(Machine.Command(null, ["dotnet", "pack", Path.Combine(EngineBuild.Root(), "src", "K6.Sdk"), "-c", "Release", "-o", feed, "-v:q", "-nologo", "-nodeReuse:false"]));
        ZipFile.ExtractToDirectory(Directory.EnumerateFiles(feed, "K6.Sdk.*.nupkg").Single(), sdk);
        return sdk;
    });

    /// <param name="items">Content of the project.</param>
    /// <param name="files">Files beside it.</param>
    public BuildProject(string items, params IEnumerable<(string Name, string Text)> files)
    {
        var sdk = Package.Value;
        File.WriteAllText(File_, $"""
            <Project>
              <PropertyGroup>
                <K6TypeScriptPath>{NodeTools.TypeScript}</K6TypeScriptPath>
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

    /// <summary>A file that has a project run on real k6. A property of the command line would make every other command plan anew.</summary>
    public static (string Name, string Text) OnK6 => ("Directory.Build.props", "<Project><PropertyGroup><K6Engine>k6</K6Engine></PropertyGroup></Project>");

    public string Folder { get; } = Directory.CreateTempSubdirectory("k6-benchmark-").FullName;

    public string Output => Path.Combine(Folder, "obj", "k6");

    private string File_ => Path.Combine(Folder, "Load.csproj");

    /// <summary>The command of a build; without arguments that of an editor's build key.</summary>
    public ProcessStartInfo Command(params string[] arguments) => Command(File_, arguments);

    /// <summary>The same of another project.</summary>
    public static ProcessStartInfo Command(string project, params string[] arguments)
    {
        var start = Machine.Command(null, ["dotnet", "build", project, "-nologo", "-tl:off", "-v:m", .. arguments]);
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

    /// <summary>The time of one task as MSBuild's own summary tells it.</summary>
    public static double Milliseconds(string output, string task) =>
        double.Parse(Regex.Match(output, $@"(\d+) ms +{task} ").Groups[1].Value, CultureInfo.InvariantCulture);

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
