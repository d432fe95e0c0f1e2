using System.Globalization;
using System.Runtime.InteropServices;

namespace K6.Engine.Dummy;

/// <summary>
/// A service on the address in <c>URLS</c>. Options: <c>--status CODE</c> of /health, <c>--after SECONDS</c> until it listens, <c>--exit CODE</c> at once,
/// <c>--crash SECONDS</c> after the start, <c>--ignore-term</c>.
/// </summary>
internal static class DummyService
{
    public static async Task<int> RunAsync(string[] args)
    {
        Console.WriteLine("service starts");
        foreach (var name in (string[])["ASPNETCORE_ENVIRONMENT", "ASPNETCORE_URLS", "K6_VUS", "GREETING"])
        {
            Console.WriteLine($"{name}={Environment.GetEnvironmentVariable(name) ?? "(not set)"}");
        }

        if (Option("--exit") is { } exitCode)
        {
            await Console.Error.WriteLineAsync("cannot read its settings");
            return (int)exitCode;
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            Console.WriteLine("service got SIGTERM");
            context.Cancel = true;
            if (!args.Contains("--ignore-term"))
            {
                Environment.Exit(0);
            }
        });
        await Task.Delay(TimeSpan.FromSeconds(Option("--after") ?? 0));
        LoopbackHttp.Listen(new Uri(Environment.GetEnvironmentVariable("URLS")!).Port, (_, _) => (int)(Option("--status") ?? 200));
        if (Option("--crash") is { } seconds)
        {
            _ = Task.Delay(TimeSpan.FromSeconds(seconds)).ContinueWith(_ => Environment.Exit(3), TaskScheduler.Default);
        }

        await Task.Delay(Timeout.Infinite);
        return 0;

        double? Option(string name) =>
            Array.IndexOf(args, name) is >= 0 and var index ? double.Parse(args[index + 1], CultureInfo.InvariantCulture) : null;
    }
}
