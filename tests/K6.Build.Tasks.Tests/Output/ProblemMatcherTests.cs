using System.Diagnostics;
using System.Text.RegularExpressions;
using K6.Build.Tasks.Tests.Targets;

namespace K6.Build.Tasks.Tests.Output;

/// <summary>
/// Errors of a build become annotations of GitHub by the problem matcher that actions/setup-dotnet registers (its <c>.github/csc.json</c>), so that we report none
/// ourselves. Its regular expression has changed; these are the old one and that of v5.
/// </summary>
[TestClass]
public sealed class ProblemMatcherTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(@"^(.*)\((\d+)(?:,\d+|,\d+,\d+)?\):\s+(error|warning)\s+([a-zA-Z]+(?<!MSB)\d+):\s*(.*?)\s+\[(.*?)\]$", 1, 2, 3, 4, DisplayName = "before v5")]
    [DataRow(@"^\s*(?:\d+>\s*)?([^\s].*)\((\d+)(?:,(\d+))?(?:,\d+)*\):\s+(error|warning)\s+([a-zA-Z]+(?<!MSB)\d*):\s*(.*?)\s+\[(.*?)\]$", 1, 2, 4, 5, DisplayName = "v5")]
    public void Errors_and_warnings_in_the_project_file_itself_match(string pattern, int file, int line, int severity, int code)
    {
        var project = _folder.Write("load.proj", InProcessBuild.Wrap(
            """
            <ItemGroup>
              <K6Scenario Include="browse.ts" Vus="many" Duration="1s" />
            </ItemGroup>
            <PropertyGroup><K6Sampels>true</K6Sampels></PropertyGroup>
            """));
        _folder.Write("browse.ts", "export default function () {}");

        var output = Build(project);

        var matches = output.Split('\n').Select(text => Regex.Match(text.TrimEnd('\r'), pattern)).Where(match => match.Success).ToList();
        var found = matches.Select(match => $"{match.Groups[severity].Value} {match.Groups[code].Value} {Path.GetFileName(match.Groups[file].Value.Trim())} {match.Groups[line].Value}").Order();
        Assert.AreEqual("error KSDK0104 load.proj 7\nwarning KSDK0107 load.proj 9", string.Join('\n', found), output);
        Assert.DoesNotContain("::error", output);
        Assert.DoesNotContain("##vso", output);
    }

    [TestMethod]
    public void An_error_without_a_place_of_its_own_is_at_the_project_and_matches_too()
    {
        var project = _folder.Write("load.proj", InProcessBuild.Wrap(""));

        Assert.MatchesRegex(@"load\.proj\(1(,1)?\): error KSDK\d{4}: ", Build(project));
    }

    // What a CI system gets: MSBuild's own words, once.
    private static string Build(string project)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "msbuild", project, "-t:K6Validate", "-nologo", "-v:minimal", "-tl:off", "-clp:NoSummary", "-nodeReuse:false",
                $"-p:_K6TasksAssembly={typeof(ValidateLoadTests).Assembly.Location}",
            },
        };
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["GITHUB_ACTIONS"] = "true";
        using var process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd();
    }
}
