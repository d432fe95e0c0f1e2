using System.Globalization;

namespace K6.Sdk.Tests;

/// <summary>
/// Whatever ends a load test, nothing of it is left: no service, no engine, nothing that they started, no watcher. Six rounds, one of each ending;
/// <c>K6SDK_LIFECYCLE_ROUNDS</c> asks for more, at other moments.
/// </summary>
[TestClass]
public sealed class LifecycleTests
{
    private static readonly string[] Endings = ["success", "failure", "cancel", "kill", "crash", "node"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Nothing_is_left_after_mixed_endings()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("looks into /proc");
        }

        using var consumer = new Consumer();
        Write(consumer);
        consumer.Dotnet("build", "load", "-t:LoadTest", "-tl:off", "-p:Length=1s").Succeeded();

        var rounds = int.Parse(Environment.GetEnvironmentVariable("K6SDK_LIFECYCLE_ROUNDS") ?? "6", CultureInfo.InvariantCulture);
        for (var round = 0; round < rounds; round++)
        {
            var ending = Endings[round % Endings.Length];
            var seen = new List<string>();
            var run = Run(consumer, ending, TimeSpan.FromMilliseconds(round * 211 % 2000), seen);
            TestContext.WriteLine($"round {round + 1}: {ending}, exit code {run.ExitCode}");
            var left = await LeftAsync(consumer.Root);
            if (ending is "cancel" or "kill" or "node")
            {
                Assert.IsGreaterThan(2, seen.Count, "there was something to be left");
            }

            Assert.IsEmpty(left, $"after {ending}, round {round + 1}:\n{string.Join('\n', left)}\n{run.Output}");
            switch (ending)
            {
                case "success":
                    run.Succeeded();
                    break;
                case "failure":
                    run.FailedWith("KSDK0320");
                    break;
                case "crash":
                    run.FailedWith("KSDK0505", "exit code");
                    break;
                default:
                    Assert.AreNotEqual(0, run.ExitCode, run.Output);
                    break;
            }
        }
    }

    private static DotnetRun Run(Consumer consumer, string ending, TimeSpan after, List<string> seen) => Dotnet.Run(
        consumer.Root,
        PackedSdk.Packages,
        ending is "cancel" or "kill" or "node" ? "load: running on" : null,
        ["build", "load", "-t:LoadTest", "-tl:off", $"-p:Length={(ending is "success" or "failure" ? "2s" : "60s")}", $"-p:Limit={(ending == "failure" ? "1us" : "60s")}", $"-p:Crash={(ending == "crash" ? "yes" : "no")}"],
        ending == "node" ? new Dictionary<string, string> { ["MSBUILDNOINPROCNODE"] = "1" } : null,
        build => _ = Task.Run(async () =>
        {
            await Task.Delay(after);
            seen.AddRange(Of(consumer.Root));
            foreach (var process in ending == "node" ? Nodes(build) : [build])
            {
                Kill(ending == "cancel" ? "INT" : "KILL", process);
            }
        }));

    // What works somewhere in the folder of the test or names it, and watchers whose owner is gone.
    private static async Task<IReadOnlyList<string>> LeftAsync(string folder)
    {
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            var left = Of(folder);
            if (left.Count == 0 || DateTime.UtcNow > end)
            {
                return left;
            }

            await Task.Delay(200);
        }
    }

    private static List<string> Of(string folder) =>
    [
        .. Processes()
            .Where(process => Read(process, "cmdline").Contains(folder, StringComparison.Ordinal) || WorkingFolder(process).StartsWith(folder, StringComparison.Ordinal) || IsForgottenWatcher(process))
            .Select(process => $"{process}: {Read(process, "cmdline")} in {WorkingFolder(process)}"),
    ];

    private static bool IsForgottenWatcher(int process)
    {
        const string Name = "k6sdk-watcher-of-";
        var command = Read(process, "cmdline");
        return command.IndexOf(Name, StringComparison.Ordinal) is >= 0 and var at
            && !Directory.Exists($"/proc/{command[(at + Name.Length)..].Split(' ')[0]}");
    }

    // The worker nodes of a build are its children.
    private static IEnumerable<int> Nodes(int build) =>
        Processes().Where(process => Read(process, "cmdline").Contains("/nodemode:1", StringComparison.Ordinal) && Parent(process) == build);

    private static int Parent(int process) =>
        Read(process, "stat") is { Length: > 0 } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(process => int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && id != Environment.ProcessId);

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}").Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string WorkingFolder(int process)
    {
        try
        {
            return Directory.ResolveLinkTarget($"/proc/{process}/cwd", returnFinalTarget: false)?.FullName ?? "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static void Kill(string signal, int process)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static void Write(Consumer consumer)
    {
        consumer.WriteService("web");
        consumer.Write("web/Program.cs", """
            var app = WebApplication.CreateBuilder(args).Build();
            // A child of the service is of the load test too.
            using var child = System.Diagnostics.Process.Start("sleep", "300");
            app.MapGet("/health", () => "fine");
            app.MapGet("/hello", () => "hello");
            app.MapGet("/crash", () => Environment.Exit(7));
            app.Run();
            """);
        consumer.Write("load/Load.csproj", """
            <Project Sdk="K6.Sdk/$VERSION$">
              <PropertyGroup>
                <Limit Condition="'$(Limit)' == ''">60s</Limit>
                <Crash Condition="'$(Crash)' == ''">no</Crash>
                <K6StopTimeout>5s</K6StopTimeout>
              </PropertyGroup>
              <ItemGroup>
                <K6Service Include="../web/web.csproj" HealthPath="/health" />
                <K6Service Include="helper" Command="sleep" Arguments="300" Scheme="tcp" HealthCommand="true" />
                <K6EnvironmentVariable Include="CRASH" Value="$(Crash)" />
                <K6Scenario Include="load.js" Vus="2" Duration="$(Length)" GracefulStop="1s" />
                <K6Threshold Include="http_req_duration" Statistic="max" Below="$(Limit)" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("load/load.js", """
            import http from 'k6/http';
            import { sleep } from 'k6';
            export default function () {
              http.get(`${__ENV.BASE_URL}/hello`);
              if (__ENV.CRASH === 'yes' && __ITER === 5) http.get(`${__ENV.BASE_URL}/crash`);
              sleep(0.1);
            }
            """);
    }
}
