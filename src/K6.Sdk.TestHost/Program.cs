using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Running;
using K6.Sdk.TestHost;
using Microsoft.Testing.Extensions;
using Microsoft.Testing.Platform.Builder;
using Microsoft.Testing.Platform.Capabilities.TestFramework;
using Microsoft.Testing.Platform.Configurations;
using Microsoft.Testing.Platform.Helpers;
using Microsoft.Testing.Platform.Services;

// Read before the platform starts, and known to the platform too: it may start this program once more with the same arguments.
var at = Array.IndexOf(args, $"--{PreparedOption.Name}");
if (at < 0 || at + 1 == args.Length)
{
    Console.Error.WriteLine($"K6.Sdk.TestHost --{PreparedOption.Name} obj/k6/prepared.json [options of Microsoft.Testing.Platform]");
    return 1;
}

PreparedRun prepared;
try
{
    prepared = PreparedRun.Read(Path.GetFullPath(args[at + 1]));
}
catch (LoadTestException failure)
{
    Console.Error.WriteLine($"{failure.Diagnostic.Location?.File}: error {failure.Diagnostic.Code}: {failure.Diagnostic.Message}");
    return 1;
}

const string Results = "--results-directory";
var named = args.Any(argument => argument == Results || argument.StartsWith($"{Results}=", StringComparison.Ordinal) || argument.StartsWith($"{Results}:", StringComparison.Ordinal));

// The platform would take the folder of this program, which is that of a package.
var builder = await TestApplication.CreateBuilderAsync(named ? args : [.. args, Results, prepared.Plan.Settings.ResultsDirectory]).ConfigureAwait(false);
builder.CommandLine.AddProvider(() => new PreparedOption());
builder.AddTrxReportProvider();
builder.AddTreeNodeFilterService(LoadTestExtension.Instance);
builder.RegisterTestFramework(
    _ => new TestFrameworkCapabilities(new TrxCapability()),
    (_, services) => new LoadTestFramework(prepared, services.GetConfiguration().GetTestResultDirectory(), services.GetOutputDevice()));
using var application = await builder.BuildAsync().ConfigureAwait(false);
return await application.RunAsync().ConfigureAwait(false);
