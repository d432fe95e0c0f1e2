using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace K6.Engine.Dummy;

/// <summary>
/// Does what its bundle says, one command a line: <c>out TEXT</c>, <c>err TEXT</c>, <c>flood LINES TEXT</c> (to stderr), <c>summary TEXT</c>, <c>summary-if NAME TEXT</c> (where that variable is set), <c>sleep SECONDS</c>,
/// <c>rest CODE</c> (listens and ends with the code when stopped), <c>deaf</c> (listens and does not stop), <c>ignore-term</c>, <c>fork</c> (a child that sleeps;
/// its id is printed), <c>env NAME</c> (printed), <c>args</c> (printed), <c>kill SIGNAL</c> (itself), <c>exit CODE</c>, <c>exit-if NAME CODE</c>, <c>exit-once CODE</c> (the first time only). A line that begins with
/// <c>run:</c> or <c>inspect:</c> is for that subcommand alone.
/// </summary>
internal static class DummyEngine
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var handlers = new Handlers();
        foreach (var written in await File.ReadAllLinesAsync(args[^1]))
        {
            var line = written;
            if (written.StartsWith("run:", StringComparison.Ordinal) || written.StartsWith("inspect:", StringComparison.Ordinal))
            {
                if (!written.StartsWith($"{args[0]}:", StringComparison.Ordinal))
                {
                    continue;
                }

                line = written[(args[0].Length + 1)..];
            }

            var (command, rest) = line.Split(' ', 2) is [var first, var second] ? (first, second) : (line, "");
            switch (command)
            {
                case "out":
                    Console.WriteLine(rest);
                    break;
                case "err":
                    await Console.Error.WriteLineAsync(rest);
                    break;
                case "flood":
                    Flood(rest);
                    break;
                case "summary":
                    await File.WriteAllTextAsync(Environment.GetEnvironmentVariable("K6SDK_SUMMARY")!, rest);
                    break;
                case "summary-if" when rest.Split(' ', 2) is [var name, var text] && Environment.GetEnvironmentVariable(name) is not null:
                    await File.WriteAllTextAsync(Environment.GetEnvironmentVariable("K6SDK_SUMMARY")!, text);
                    break;
                case "sleep":
                    await Task.Delay(TimeSpan.FromSeconds(Number(rest)));
                    break;
                case "rest" or "deaf":
                    Listen(args[Array.IndexOf(args, "--address") + 1], command == "rest" ? (int)Number(rest) : null);
                    break;
                case "ignore-term":
                    handlers.Ignore(PosixSignal.SIGTERM);
                    break;
                case "fork":
                    var info = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(DummyEngine).Assembly.Location, "sleep", "120"]);
                    Console.WriteLine($"forked {Process.Start(info)!.Id}");
                    break;
                case "env":
                    Console.WriteLine($"{rest}={Environment.GetEnvironmentVariable(rest) ?? "(not set)"}");
                    break;
                case "args":
                    Console.WriteLine(string.Join(' ', args));
                    break;
                case "kill":
                    Process.Start("/bin/kill", [$"-{rest}", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
                    await Task.Delay(TimeSpan.FromSeconds(30));
                    break;
                case "exit":
                    return (int)Number(rest);
                case "exit-if" when rest.Split(' ', 2) is [var name, var code] && Environment.GetEnvironmentVariable(name) is not null:
                    return (int)Number(code);
                case "exit-once" when !File.Exists(args[^1] + ".once"):
                    await File.WriteAllTextAsync(args[^1] + ".once", "");
                    return (int)Number(rest);
            }
        }

        return 0;
    }

    private static void Flood(string rest)
    {
        var (lines, text) = rest.Split(' ', 2) is [var first, var second] ? (Number(first), second) : (Number(rest), "x");
        for (var i = 0; i < lines; i++)
        {
            Console.Error.WriteLine(text);
        }
    }

    private static void Listen(string address, int? exitCode) =>
        LoopbackHttp.Listen(int.Parse(address.Split(':')[1], CultureInfo.InvariantCulture), (method, path) =>
        {
            Console.WriteLine($"rest {method} {path}");
            if (method == "PATCH" && path == "/v1/status" && exitCode is { } code)
            {
                // After the answer, as k6 does.
                _ = Task.Delay(50).ContinueWith(_ => Environment.Exit(code), TaskScheduler.Default);
            }

            return 200;
        });

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Handlers : IDisposable
    {
        private readonly List<PosixSignalRegistration> _registrations = [];

        public void Ignore(PosixSignal signal) => _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = true));

        public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
    }
}
