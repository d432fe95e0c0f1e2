using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace K6.Faults.Tests;

/// <summary>A build of the lab's project in a process of its own, which leads a group as a command in a terminal does.</summary>
internal sealed class Build : IDisposable
{
    private static readonly string[] NotInherited = ["MSBUILD", "_MSBUILD", "VSTEST", "TESTINGPLATFORM", "K6_", "COREHOST_", "DOTNET_HOST_PATH", "GITHUB_", "CI"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Build(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _ended.TrySetResult(_process.ExitCode);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Exit code: 128 and the number of the signal that ended it.</summary>
    public Task<int> Ended => _ended.Task;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static Build Start(Lab lab, params string[] properties) => Start(lab, [], [], properties);

    /// <param name="lab">The lab.</param>
    /// <param name="launcher">What starts <c>dotnet</c>, such as a shell with limits.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="properties">Arguments of the build; a name that ends with .proj is another project.</param>
    public static Build Start(Lab lab, string[] launcher, (string Name, string Value)[] environment, params string[] properties)
    {
        var project = lab.PathOf(properties.FirstOrDefault(property => property.EndsWith(".proj", StringComparison.Ordinal)) ?? "load.proj");
        string[] reuse = properties.Contains("-nodeReuse:true") ? [] : ["-nodeReuse:false"];
        string[] command = ["setsid", .. launcher, Lab.Dotnet, "msbuild", project, "-t:LoadTest", "-nologo", "-tl:off", "-v:m", .. reuse, $"-p:Url={lab.Server.Url}", $"-p:K6Engine={lab.Engine}", .. properties.Where(property => property.StartsWith('-'))];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = lab.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => (string)e.Key).Where(name => NotInherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))))
        {
            start.Environment.Remove(name);
        }

        start.Environment["TMPDIR"] = lab.Temp;
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new Build(start);
    }

    /// <summary>Runs a build to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(Lab lab, params string[] properties)
    {
        using var build = Start(lab, properties);
        return (await build.EndAsync(), build.Output);
    }

    /// <summary>Waits for a text in the output.</summary>
    public async Task SaysAsync(string text)
    {
        for (var clock = Stopwatch.StartNew(); !Output.Contains(text, StringComparison.Ordinal); await Task.Delay(20))
        {
            Assert.IsFalse(Ended.IsCompleted || clock.Elapsed > Patience, $"it never said {text}:\n{Output}");
        }
    }

    /// <summary>Signals the build alone; a Ctrl-C goes to all of its group, as a terminal sends it.</summary>
    public void Signal(int signal) => Linux.Signal(signal == Linux.Sigint ? -Id : Id, signal);

    public async Task<int> EndAsync()
    {
        if (await Task.WhenAny(Ended, Task.Delay(Patience)) != Ended)
        {
            Linux.Signal(-Id, Linux.Sigkill);
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"the build did not end:\n{Output}"));
        }

        return await Ended;
    }

    public void Dispose()
    {
        if (!Ended.IsCompleted)
        {
            Linux.Signal(-Id, Linux.Sigkill);
        }

        _process.WaitForExit(TimeSpan.FromSeconds(5));
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }
}
