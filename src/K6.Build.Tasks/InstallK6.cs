using System.Globalization;
using K6.LoadTesting.Install;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks;

/// <summary>Installs k6 into the user's cache, verified by its sum.</summary>
[MSBuildMultiThreadableTask]
public sealed class InstallK6 : CancelableTask
{
    /// <summary><c>K6Version</c>; empty for the version that this K6.Sdk was made with.</summary>
    public string Version { get; set; } = "";

    /// <summary><c>K6DownloadUrl</c>; empty for k6's own releases.</summary>
    public string Url { get; set; } = "";

    /// <summary><c>K6Sha256</c>; empty for the known sum.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary><c>K6CacheDirectory</c>, absolute; empty for the user's own.</summary>
    public string CacheDirectory { get; set; } = "";

    /// <summary>The program, with <c>Version</c>.</summary>
    [Output]
    public ITaskItem? Program { get; private set; }

    /// <inheritdoc />
    protected override void ExecuteCore()
    {
        var output = CreateOutput();
        var request = new K6InstallRequest
        {
            Version = Version,
            Url = Url,
            Sha256 = Sha256,
            CacheDirectory = CacheDirectory,
            ProjectDirectory = Path.GetDirectoryName(ProjectFile)!,
        };
        var progress = new DownloadProgress(output);
        try
        {
            var k6 = K6Installer.InstallAsync(request, progress, output.Phase, Cancelled).GetAwaiter().GetResult();
            output.Write(k6.Installed ? $"k6 {k6.Version} is installed: {k6.Path}" : $"k6 {k6.Version} was installed already: {k6.Path}");
            Program = new TaskItem(k6.Path, new Dictionary<string, string> { ["Version"] = k6.Version });
        }
        catch (OperationCanceledException) when (Cancelled.IsCancellationRequested)
        {
            Log.LogMessage(MessageImportance.High, "The installation of k6 was cancelled; what was downloaded is used the next time.");
        }
    }

    private sealed class DownloadProgress(Output.BuildOutput output) : IProgress<(long Received, long? Total)>
    {
        public void Report((long Received, long? Total) value)
        {
            var text = value.Total is { } total and > 0
                ? string.Create(CultureInfo.InvariantCulture, $"downloading k6: {value.Received >> 20} of {total >> 20} MB")
                : string.Create(CultureInfo.InvariantCulture, $"downloading k6: {value.Received >> 20} MB");
            output.Progress(text, text);
        }
    }
}
