using System.Diagnostics;

namespace K6.Benchmarks;

/// <summary><see cref="FastServer"/> in a process of its own, on a core of its own.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly Process process;

    /// <summary>Starts it.</summary>
    public LocalServer()
    {
        var start = Machine.Command(core: 0, [.. Program, "serve"]);
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1";
        process = Process.Start(start) ?? throw new BenchmarkException("the server did not start");
        Address = $"http://127.0.0.1:{process.StandardOutput.ReadLine()}";
    }

    /// <summary>The command that starts this program again.</summary>
    public static string[] Program => ["dotnet", typeof(LocalServer).Assembly.Location];

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
