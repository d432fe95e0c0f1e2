using System.Diagnostics;
using System.Globalization;

namespace K6.Benchmarks;

/// <summary>
/// Load tests one after the other in one MSBuild process that is used again and again: its memory, threads and open files in the last third against the first. The process is
/// MSBuild's server; a worker node ends by itself now and then, when the build that it worked for ends a moment too soon for it.
/// </summary>
internal static class BuildSoak
{
    private const double Most = 1.15;

    /// <summary>Runs and prints. 0 flat, 1 when something grew, 3 where there is no <c>/proc</c>.</summary>
    public static int Run(double minutes)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("soak-builds: not measured, because it looks into /proc");
            return 3;
        }

        using var server = new LocalServer();
        using var project = new BuildProject(
            $"""<K6EnvironmentVariable Include="BASE_URL" Value="{server.Address}" /><K6Scenario Include="browse.ts" Vus="2" Iterations="20" />""",
            [("browse.ts", BuildProject.Script("0.01"))]);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{"s",6} {"builds",7} {"resident MB",12} {"threads",8} {"files",6} {"sockets",8}");
        var (samples, clock, next, node, others, lost) = (new List<Sample>(), Stopwatch.StartNew(), 0.0, 0, 0, 0);
        try
        {
            while (clock.Elapsed.TotalMinutes < minutes)
            {
                var build = project.Command("-t:LoadTest", "-m:1", "-nodeReuse:true");
                build.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1";
                build.Environment["MSBUILDNODEHANDSHAKESALT"] = project.Folder;
                try
                {
                    Machine.Run(build);
                }
                catch (BenchmarkException failed) when (failed.Message.Contains("Build succeeded.", StringComparison.Ordinal))
                {
                    // Seen once in a thousand builds, with no error and with nothing missing; why MSBuild's client ends with 1 is not known.
                    Console.WriteLine($"after {samples.Count} builds: {failed.Message.Trim()}");
                    lost++;
                }

                var now = Nodes(project.Folder);
                // On a busy machine MSBuild takes another one when the first does not answer in time, and somebody may shut nodes down.
                if (!now.Contains(node))
                {
                    if (node != 0)
                    {
                        Console.WriteLine($"the node {node} is gone after {samples.Count} builds: begun again with {now.FirstOrDefault()}");
                    }

                    samples.Clear();
                    node = now.Count > 0 ? now[0] : throw new BenchmarkException("MSBuild kept no node");
                }

                others += now.Count - 1;
                samples.Add(Look(node));
                if (clock.Elapsed.TotalSeconds >= next)
                {
                    var last = samples[^1];
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0} {samples.Count,7} {last.Resident,12:0.0} {last.Threads,8:0} {last.Files,6:0} {last.Sockets,8:0}"));
                    next += minutes * 60 / 15;
                }
            }
        }
        finally
        {
            foreach (var left in Nodes(project.Folder))
            {
                using var process = Process.GetProcessById(left);
                process.Kill();
                process.WaitForExit();
            }
        }

        var third = samples.Count / 3;
        if (third == 0)
        {
            throw new BenchmarkException("too few builds to compare");
        }

        double Growth(Func<Sample, double> of) => Machine.Median(samples.TakeLast(third).Select(of)) / Math.Max(1, Machine.Median(samples.Take(third).Select(of)));
        var (memory, threads, files) = (Growth(s => s.Resident), Growth(s => s.Threads), Growth(s => s.Files));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{samples.Count} builds, {others} of them while there was another node, {lost} that ended with 1 after they succeeded; last third against first third: memory {memory:0.00}, threads {threads:0.00}, open files and sockets {files:0.00}; at most {Most:0.00} is flat"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"soak-builds: ratio {memory:0.00} (goal 1.00) against its own first third, {samples.Count} rounds"));
        return memory <= Most && threads <= Most && files <= Most ? 0 : 1;
    }

    private static List<int> Nodes(string salt) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && Read(id, "cmdline").Contains("/nodemode:8", StringComparison.Ordinal) && Read(id, "environ").Contains(salt, StringComparison.Ordinal)),
    ];

    private static Sample Look(int id)
    {
        using var process = Process.GetProcessById(id);
        var files = Directory.EnumerateFiles($"/proc/{id}/fd").Select(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.FullName ?? "").ToList();
        // MSBuild's server keeps a thread of this name for each build that it ever did, whatever the build was of.
        var threads = Directory.EnumerateDirectories($"/proc/{id}/task").Select(thread => Read(id, $"task/{Path.GetFileName(thread)}/comm")).Count(name => !name.StartsWith("In-proc Node", StringComparison.Ordinal));
        return new Sample(process.WorkingSet64 / 1e6, threads, files.Count, files.Count(file => file.Contains("socket:", StringComparison.Ordinal)));
    }

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private sealed record Sample(double Resident, double Threads, double Files, double Sockets);
}
