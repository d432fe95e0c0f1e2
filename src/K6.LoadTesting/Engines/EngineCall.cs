using System.ComponentModel;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Engines;

/// <summary>What a command of an engine left that makes no load: <c>inspect</c>, <c>archive</c>.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Log">What it logged.</param>
/// <param name="Output">What it printed, at most 64 MB.</param>
internal sealed record EngineCall(int ExitCode, EngineLog Log, byte[] Output)
{
    private const int MaxOutput = 64 << 20;

    /// <summary>Runs a command of an engine to its end.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="environment">The whole environment.</param>
    /// <param name="folder">Absolute path of the working folder.</param>
    /// <param name="generated">Files whose places mean nothing to people (<see cref="Bundling.TestBundle.Generated"/>).</param>
    /// <param name="timeout">Longest time that it may take.</param>
    /// <param name="mask">Values of secrets that must not be in the log; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">It did not end in time, and was ended.</exception>
    /// <exception cref="LoadTestException">It cannot be started.</exception>
    public static async Task<EngineCall> RunAsync(
        EngineProgram engine,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string folder,
        IReadOnlyCollection<string> generated,
        TimeSpan timeout,
        SecretMask? mask,
        CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var log = new EngineLog(generated);
        try
        {
            var exitCode = await ChildProcess.RunAsync(
                engine.Command(arguments, environment, folder), new OutputReader(handler: Append), new OutputReader(handler: log.Add, mask: mask), timeout, cancellationToken)
                .ConfigureAwait(false);
            return new EngineCall(exitCode, log, output.ToArray());
        }
        catch (Win32Exception exception)
        {
            throw new LoadTestException(Rules.K6NotExecutable.At(null, $"'{engine.Program}' cannot be started: {exception.Message}."), exception);
        }

        void Append(ReadOnlySpan<byte> line)
        {
            if (output.Length < MaxOutput)
            {
                output.Write(line);
                output.WriteByte((byte)'\n');
            }
        }
    }
}
