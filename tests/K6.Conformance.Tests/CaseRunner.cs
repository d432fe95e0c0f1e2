using System.Diagnostics;
using K6.Embedded.Cli;
using K6.Embedded.Runtime;
using K6.Embedded.Tests;

namespace K6.Conformance.Tests;

/// <summary>Runs a case on one engine and observes it.</summary>
internal static class CaseRunner
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>On real k6; the test is inconclusive without it.</summary>
    public static Observation OnK6(ConformanceCase @case) => OnK6(@case, (_, _, observation) => observation);

    /// <summary>On real k6, with a look at what the run left before it goes; the test is inconclusive without it.</summary>
    public static T OnK6<T>(ConformanceCase @case, Func<string, CaseServers, Observation, T> look) => Observe(
        @case, (arguments, environment, folder, input, started) => RealK6.Execute(folder, arguments, environment, input, started), look);

    /// <summary>On the embedded engine: in this process, or in its own where the case needs one.</summary>
    public static Observation OnEmbedded(ConformanceCase @case) => OnEmbedded(@case, (_, _, observation) => observation);

    /// <summary>On the embedded engine, with a look at what the run left before it goes.</summary>
    public static T OnEmbedded<T>(ConformanceCase @case, Func<string, CaseServers, Observation, T> look) => Observe(@case, @case.NeedsProcess ? InProcessOfItsOwn : Here, look);

    /// <summary>The embedded engine as a process.</summary>
    public static (int ExitCode, string Output, string Error) InProcessOfItsOwn(
        IReadOnlyList<string> arguments, Dictionary<string, string> environment, string folder, string? input, Action<Process> started)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "K6.Embedded.dll"), .. arguments]);
        return RealK6.Execute(start, folder, environment, input, started);
    }

    private static (int ExitCode, string Output, string Error) Here(
        IReadOnlyList<string> arguments, Dictionary<string, string> environment, string folder, string? input, Action<Process> started)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var run = Task.Factory.StartNew(
            () => Application.Run(new EngineHost(arguments, environment, folder, TextWriter.Synchronized(output), TextWriter.Synchronized(error), new StringReader(input ?? ""), ScriptLoader.Load)),
            TaskCreationOptions.LongRunning);
        if (!run.Wait(Limit))
        {
            Assert.Fail($"the embedded engine did not end within {Limit.TotalSeconds} s\n{output}\n{error}");
        }

        return (run.Result, output.ToString(), error.ToString());
    }

    private static T Observe<T>(
        ConformanceCase @case,
        Func<IReadOnlyList<string>, Dictionary<string, string>, string, string?, Action<Process>, (int ExitCode, string Output, string Error)> engine,
        Func<string, CaseServers, Observation, T> look)
    {
        var folder = Directory.CreateTempSubdirectory("k6-conformance-").FullName;
        Process? process = null;
        using var servers = new CaseServers(@case, name => Process.Start("kill", ["-" + name, process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit());
        try
        {
            var environment = new Dictionary<string, string>(servers.Environment);
            foreach (var (name, value) in @case.Environment)
            {
                environment[name] = servers.Fill(value);
            }

            var arguments = @case.Arguments.Select(servers.Fill).ToList();
            List<string> all = [@case.Command];
            if (@case.Command == "run")
            {
                all.AddRange(Unless("-q", "--no-quiet"));
                all.AddRange(Unless("--summary-export=" + Observer.SummaryFile, "--summary-export"));
                all.AddRange(Unless("--out=csv=" + Observer.SamplesFile, "--out"));
            }

            if (!arguments.Exists(a => a.StartsWith("--log-format", StringComparison.Ordinal)))
            {
                all.Add("--log-format=json");
            }

            all.AddRange(arguments.Where(a => a != "--no-quiet"));
            if (!@case.HasNoScript)
            {
                all.Add(@case.ReadsStandardInput ? "-" : @case.Script);
            }

            var (exitCode, output, error) = engine(all, environment, folder, @case.ReadsStandardInput ? @case.Text : null, p => process = p);
            return look(folder, servers, new Observer(@case, folder, servers).Observe(exitCode, output, error));

            IEnumerable<string> Unless(string argument, string flag) => arguments.Exists(a => a.StartsWith(flag, StringComparison.Ordinal)) ? [] : [argument];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
