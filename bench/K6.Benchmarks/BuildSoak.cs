using System.Diagnostics;
using System.Globalization;

namespace K6.Benchmarks;

/// <summary>
/// Load tests one after the other in one MSBuild process that is used again and again, and beside it a project without load tests in a process of its own: memory, threads and open files in the
/// last third against the first, and what a build leaves in the memory of each. The process is MSBuild's server, which keeps a thread for every build that it ever did; a worker node ends by
/// itself now and then, when the build that it worked for ends a moment too soon for it.
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
        using var plain = new PlainProject();
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{"s",6} {"builds",7} {"resident MB",12} {"threads",8} {"files",6} {"sockets",8} {"without load tests",19}");
        var (ours, theirs, clock, next) = (new Server(project.Folder), new Server(plain.Folder), Stopwatch.StartNew(), 0.0);
        try
        {
            while (clock.Elapsed.TotalMinutes < minutes)
            {
                ours.Build(project.Command("-t:LoadTest", "-m:1", "-nodeReuse:true"));
                theirs.Build(plain.Command());
                if (clock.Elapsed.TotalSeconds >= next)
                {
                    var last = ours.Samples[^1];
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{clock.Elapsed.TotalSeconds,6:0} {ours.Samples.Count,7} {last.Resident,12:0.0} {last.Threads,8:0} {last.Files,6:0} {last.Sockets,8:0} {theirs.Samples[^1].Resident,16:0.0} MB"));
                    next += minutes * 60 / 15;
                }
            }
        }
        finally
        {
            ours.Kill();
            theirs.Kill();
        }

        if (Math.Min(ours.Samples.Count, theirs.Samples.Count) < 6)
        {
            throw new BenchmarkException("too few builds to compare");
        }

        // Without what MSBuild itself keeps of every build.
        var (memory, threads, files) = (ours.Growth(s => s.Resident, theirs.KeptOfABuild), ours.Growth(s => s.Threads), ours.Growth(s => s.Files));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ours.Samples.Count} builds, {ours.Others} of them while there was another node, {ours.Lost} (without load tests {theirs.Lost}) that ended with 1 and without an error; last third against first third: memory {ours.Growth(s => s.Resident):0.00}, threads {threads:0.00}, open files and sockets {files:0.00}; memory of the process without load tests {theirs.Growth(s => s.Resident):0.00}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a build leaves {ours.KeptOfABuild * 1000:0} kB in the process, one of a project without load tests {theirs.KeptOfABuild * 1000:0} kB; at most {Most:0.00} is flat"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"soak-builds: ratio {memory:0.00} (goal 1.00) against its own first third, without what MSBuild keeps of any build, {ours.Samples.Count} rounds"));
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

    /// <summary>A server of MSBuild's that serves one project.</summary>
    private sealed class Server(string salt)
    {
        private int _node;

        private int Third => Samples.Count / 3;

        public List<Sample> Samples { get; } = [];

        /// <summary>Builds during which there was another one.</summary>
        public int Others { get; private set; }

        /// <summary>Builds that ended with 1 and without an error.</summary>
        public int Lost { get; private set; }

        /// <summary>MB that a build leaves, from the median of the last third and that of the one before: what the process needs once is over by then.</summary>
        public double KeptOfABuild => (Median(Samples.TakeLast(Third), s => s.Resident) - Median(Samples.TakeLast(2 * Third).Take(Third), s => s.Resident)) / Third;

        /// <summary>The last third against the first, where each build may leave so much.</summary>
        public double Growth(Func<Sample, double> of, double ofEachBuild = 0) =>
            (Median(Samples.TakeLast(Third), of) - (2 * Third * ofEachBuild)) / Math.Max(1, Median(Samples.Take(Third), of));

        public void Build(ProcessStartInfo build)
        {
            build.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1";
            build.Environment["MSBUILDNODEHANDSHAKESALT"] = salt;
            try
            {
                Machine.Run(build);
            }
            catch (BenchmarkException failed) when (!failed.Message.Contains("error ", StringComparison.Ordinal))
            {
                // Seen once in some hundred builds of either project, without an error and with nothing missing; why MSBuild's client ends with 1 is not known.
                Console.WriteLine($"after {Samples.Count} builds: {failed.Message.Trim()}");
                Lost++;
            }

            var now = Nodes(salt);

            // On a busy machine MSBuild takes another one when the first does not answer in time, and somebody may shut nodes down.
            if (!now.Contains(_node))
            {
                if (_node != 0)
                {
                    Console.WriteLine($"the node {_node} is gone after {Samples.Count} builds: begun again with {now.FirstOrDefault()}");
                }

                Samples.Clear();
                _node = now.Count > 0 ? now[0] : throw new BenchmarkException("MSBuild kept no node");
            }

            Others += now.Count - 1;
            Samples.Add(Look(_node));
        }

        private static double Median(IEnumerable<Sample> samples, Func<Sample, double> of) => Machine.Median(samples.Select(of));

        public void Kill()
        {
            foreach (var left in Nodes(salt))
            {
                using var process = Process.GetProcessById(left);
                process.Kill();
                process.WaitForExit();
            }
        }
    }

    /// <summary>A project of the .NET SDK in which 'LoadTest' does nothing.</summary>
    private sealed class PlainProject : IDisposable
    {
        private readonly string _file;

        public PlainProject()
        {
            _file = Path.Combine(Folder, "Plain.csproj");
            File.WriteAllText(_file, """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                  </PropertyGroup>
                  <Target Name="LoadTest" />
                </Project>
                """);
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("k6-benchmark-").FullName;

        public ProcessStartInfo Command() => BuildProject.Command(_file, "-t:LoadTest", "-m:1", "-nodeReuse:true");

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
