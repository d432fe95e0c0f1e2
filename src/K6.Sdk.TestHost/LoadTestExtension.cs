using K6.LoadTesting;
using Microsoft.Testing.Extensions.TrxReport.Abstractions;
using Microsoft.Testing.Platform.CommandLine;
using Microsoft.Testing.Platform.Extensions;
using Microsoft.Testing.Platform.Extensions.CommandLine;

namespace K6.Sdk.TestHost;

/// <summary>Who we are, for the platform.</summary>
internal class LoadTestExtension : IExtension
{
    public static LoadTestExtension Instance { get; } = new();

    public string Uid => "K6.Sdk";

    public string Version { get; } = typeof(LoadTestProject).Assembly.GetName().Version!.ToString(3);

    public string DisplayName => "K6.Sdk load tests";

    public string Description => "Runs the load tests of a project and reports each run, threshold and check as a test.";

    public Task<bool> IsEnabledAsync() => Task.FromResult(true);
}

/// <summary>Says that <c>--report-trx</c> gets all it needs.</summary>
internal sealed class TrxCapability : ITrxReportCapability
{
    public bool IsSupported => true;

    public void Enable()
    {
    }
}

/// <summary>The option that names what to run.</summary>
internal sealed class PreparedOption : LoadTestExtension, ICommandLineOptionsProvider
{
    public const string Name = "k6-prepared";

    public IReadOnlyCollection<CommandLineOption> GetCommandLineOptions() => [new(Name, "The prepared.json of the load tests to run.", ArgumentArity.ExactlyOne, isHidden: true)];

    public Task<ValidationResult> ValidateOptionArgumentsAsync(CommandLineOption commandOption, string[] arguments) => ValidationResult.ValidTask;

    public Task<ValidationResult> ValidateCommandLineOptionsAsync(ICommandLineOptions commandLineOptions) => ValidationResult.ValidTask;
}
