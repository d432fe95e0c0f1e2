using System.Globalization;

namespace K6.Faults.Tests;

/// <summary>A fault at a phase of the road.</summary>
/// <param name="Phase">Where it happens.</param>
/// <param name="Fault">What happens.</param>
/// <param name="Outcome">What comes of it: code, exit status, results.</param>
/// <param name="InjectAsync">Makes it happen in a lab, and checks what the run says.</param>
internal sealed record FaultCase(string Phase, string Fault, string Outcome, Func<Lab, Task> InjectAsync)
{
    /// <summary>How often each fault is tried: <c>K6SDK_FAULT_ROUNDS</c>, 1.</summary>
    public static int Rounds { get; } = int.TryParse(Environment.GetEnvironmentVariable("K6SDK_FAULT_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) && rounds > 0 ? rounds : 1;

    /// <summary>Its name.</summary>
    public string Name => $"{Phase}: {Fault}";

    /// <summary>Whether the folder that results are made in stays until the next run: the process was killed, or could not write.</summary>
    public bool LeavesAside { get; init; }

    /// <summary>Whether the results may be green afterwards: those of a run before, since the fault is before any run began, or of this one, which was over.</summary>
    public bool MayBeGreen { get; init; }

    /// <summary>Times that it happens in a round.</summary>
    public int Times { get; init; } = 1;
}
