using System.ComponentModel;
using System.Text;

namespace K6.LoadTesting.Engines;

/// <summary>A program that is run for its exit code and what it prints.</summary>
internal static class ShortCommand
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="timeout">When it is ended by force.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its exit code, null when it took too long and -1 when it could not be started; and all that it printed, or why it could not be started.</returns>
    public static async Task<(int? ExitCode, string Output)> RunAsync(ChildCommand command, TimeSpan timeout, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        try
        {
            return (await ChildProcess.RunAsync(command, new OutputReader(handler: Append), new OutputReader(handler: Append), timeout, cancellation).ConfigureAwait(false), Text());
        }
        catch (TimeoutException)
        {
            return (null, Text());
        }
        catch (Win32Exception problem)
        {
            return (-1, problem.Message);
        }

        void Append(ReadOnlySpan<byte> line)
        {
            lock (text)
            {
                text.Append(Encoding.UTF8.GetString(line)).Append('\n');
            }
        }

        string Text()
        {
            lock (text)
            {
                return text.ToString();
            }
        }
    }

    /// <summary>The last line that a program printed, which mostly says why it failed.</summary>
    public static string LastLine(string output) =>
        output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [.., var last] ? last : "it said nothing.";
}
