using System.Runtime.InteropServices;

namespace K6.Embedded.Cli;

/// <summary>
/// SIGINT and SIGTERM, for the length of a run. Unlike k6, .NET respects a SIGINT that is ignored at the start (a shell does that to what it starts in the
/// background), so a program that stops the engine sends SIGTERM, or asks over HTTP.
/// </summary>
internal sealed class SignalHandlers : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>Calls <paramref name="onSignal"/> with k6's name of the signal; null leaves signals alone.</summary>
    public SignalHandlers(Action<string>? onSignal)
    {
        if (onSignal is null)
        {
            return;
        }

        Register(PosixSignal.SIGINT, "interrupt");
        Register(PosixSignal.SIGTERM, "terminated");

        void Register(PosixSignal signal, string name) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            onSignal(name);
        }));
    }

    /// <inheritdoc/>
    public void Dispose() => registrations.ForEach(r => r.Dispose());
}
