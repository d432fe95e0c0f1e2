using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;

namespace K6.Engine.Dummy;

/// <summary>
/// A service on the address in <c>URLS</c>. Options: <c>--status CODE</c> of /health, <c>--after SECONDS</c> until it listens, <c>--exit CODE</c> at once,
/// <c>--crash SECONDS</c> after the start, <c>--say TEXT</c> once it listens, <c>--print NAME</c> of a variable, <c>--port NUMBER</c> instead of that of the address,
/// <c>--ignore-term</c>, <c>--chatty</c> (logs an error ten times a second), <c>--calls</c> (asks a slow neighbour, and a database that never answers), and three illnesses: <c>--leak</c> (20 MB a second), <c>--allocate</c> (much, and keeps nothing), <c>--starve</c> (blocks the thread pool).
/// </summary>
internal static class DummyService
{
    private static readonly ManualResetEventSlim Asked = new();

    public static async Task<int> RunAsync(string[] args)
    {
        Console.WriteLine("service starts");
        foreach (var name in (string[])["ASPNETCORE_ENVIRONMENT", "ASPNETCORE_URLS", "K6_VUS", "GREETING"])
        {
            Console.WriteLine($"{name}={Environment.GetEnvironmentVariable(name) ?? "(not set)"}");
        }

        if (Array.IndexOf(args, "--print") is >= 0 and var print)
        {
            Console.WriteLine($"{args[print + 1]}={Environment.GetEnvironmentVariable(args[print + 1]) ?? "(not set)"}");
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
        LoopbackHttp.Listen((int?)Option("--port") ?? int.Parse(Environment.GetEnvironmentVariable("PORT")!, CultureInfo.InvariantCulture), (_, _) =>
        {
            Asked.Set();
            return (int)(Option("--status") ?? 200);
        });
        if (Array.IndexOf(args, "--say") is >= 0 and var say)
        {
            Console.WriteLine(args[say + 1]);
        }

        if (Option("--crash") is { } seconds)
        {
            _ = Task.Delay(TimeSpan.FromSeconds(seconds)).ContinueWith(_ => Environment.Exit(3), TaskScheduler.Default);
        }

        if (args.Contains("--calls"))
        {
            Call();
        }

        foreach (var illness in args)
        {
            Fall(illness);
        }

        await Task.Delay(Timeout.Infinite);
        return 0;

        double? Option(string name) =>
            Array.IndexOf(args, name) is >= 0 and var index ? double.Parse(args[index + 1], CultureInfo.InvariantCulture) : null;
    }

    // Five callers share two connections to the neighbour; three wait for the database.
    private static void Call()
    {
        var neighbour = LoopbackHttp.Listen(0, (_, _) =>
        {
            Thread.Sleep(200);
            return 200;
        });
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2 });
        for (var caller = 0; caller < 5; caller++)
        {
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    using var answer = await http.GetAsync($"http://127.0.0.1:{neighbour}/");
                }
            });
        }

        var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var database = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=shop;Database=shop;Timeout=60");
        for (var caller = 0; caller < 3; caller++)
        {
            _ = database.OpenConnectionAsync().AsTask();
        }
    }

    private static void Fall(string illness)
    {
        var kept = new List<byte[]>();
        Action? step = illness switch
        {
            "--leak" => () => kept.Add([.. Enumerable.Repeat((byte)1, 2_000_000)]),
            "--allocate" => () => Parallel.For(0, 100, _ => GC.KeepAlive(new byte[80_000])),
            "--chatty" => () => Console.WriteLine($"fail: Dummy[0]\n      request {Environment.TickCount64} broke"),
            "--starve" => () => ThreadPool.QueueUserWorkItem(_ => Thread.Sleep(5000)),
            _ => null,
        };
        if (step is not null)
        {
            var thread = new Thread(() =>
            {
                // A service that falls ill before it was asked how it is would never be ready.
                Asked.Wait();
                Thread.Sleep(1000);
                while (true)
                {
                    step();
                    Thread.Sleep(illness == "--allocate" ? 10 : illness == "--starve" ? 5 : 100);
                }
            })
            { IsBackground = true };
            thread.Start();
        }
    }
}
