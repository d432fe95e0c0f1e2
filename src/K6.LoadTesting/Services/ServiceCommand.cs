using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>The commands of a service: the one that starts it, and those that ask about it and stop it.</summary>
/// <param name="plan">The service.</param>
/// <param name="environment">Its environment, which all of its commands get.</param>
/// <param name="url">Its address, which stands for <c>{url}</c>.</param>
/// <param name="port">Its port, which stands for <c>{port}</c>.</param>
internal sealed class ServiceCommand(ServicePlan plan, IReadOnlyDictionary<string, string> environment, string url, int port)
{
    /// <summary>What starts it.</summary>
    /// <exception cref="LoadTestException">There is no such program.</exception>
    public ChildCommand Start() => plan.Command is { Length: > 0 } command
        ? Find(command, plan.Arguments)
        : throw NotStarted(plan.Project is null ? "it has no Command" : $"{plan.Project} was not built");

    /// <summary>What stops it; null when signals do.</summary>
    /// <exception cref="LoadTestException">There is no such program.</exception>
    public ChildCommand? Stop() => Optional(plan.StopCommand);

    /// <summary>What tells whether it is ready; null when something else does.</summary>
    /// <exception cref="LoadTestException">There is no such program.</exception>
    public ChildCommand? Health() => Optional(plan.HealthCommand);

    private ChildCommand? Optional(IReadOnlyList<string> words) => words.Count == 0 ? null : Find(words[0], words.Skip(1));

    private ChildCommand Find(string command, IEnumerable<string> arguments)
    {
        var folder = plan.WorkingDirectory ?? Path.GetDirectoryName(plan.Project ?? plan.Location.File)!;
        if (!Directory.Exists(folder))
        {
            throw NotStarted($"its working folder {folder} does not exist");
        }

        var isPath = command.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        var program = Programs.Find(isPath ? Path.Combine(folder, command) : command, environment.GetValueOrDefault("PATH"))
            ?? throw NotStarted(isPath ? $"there is no file '{command}'" : $"there is no program '{command}' on PATH");
        return Programs.IsExecutable(program)
            ? new ChildCommand(program, [.. arguments.Select(argument => ServiceEnvironment.Fill(argument, url, port))], environment, folder)
            : throw NotStarted($"{program} may not be executed; run 'chmod +x' on it");
    }

    private LoadTestException NotStarted(string why) => new(Rules.ServiceNotStarted.At(plan.Location, $"The service '{plan.Name}' cannot be started: {why}."));
}
