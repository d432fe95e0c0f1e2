using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Engines;

/// <summary>Command lines and variables of an engine; they hold no value of a variable, since everybody can read a command line.</summary>
internal static class EngineCommandLine
{
    public const string SummaryVariable = "K6SDK_SUMMARY";

    /// <summary>Tells the entry module, and scripts that want to know, that this run is a warm-up, and how long it is.</summary>
    public const string WarmUpVariable = "K6SDK_WARM_UP";

    /// <summary>Tells the entry module the tags of every sample, JSON.</summary>
    public const string LabelsVariable = "K6SDK_LABELS";

    /// <summary>
    /// <c>run</c>: REST on a port of ours for the stop, the dashboard's recording for the timeline, nothing of the user's own configuration.
    /// Outputs have bare names, since the folder of the run is the working folder and k6 would take some characters of a path for its own syntax.
    /// </summary>
    public static IReadOnlyList<string> Run(EngineFiles files, int port, TimeSpan period, bool samples, IReadOnlyList<OutputPlan>? outputs = null) =>
    [
        "run",
        "--address", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
        "--no-color",
        "--log-format=json",
        "--summary-mode=compact",
        "--no-usage-report",
        "--include-system-env-vars=true",
        "--config", files.Config,
        "--out", $"web-dashboard=host=127.0.0.1&port=0&period={K6Duration.Format(period)}&record={Path.GetFileName(files.Record)}",
        .. samples ? (string[])["--out", $"csv={Path.GetFileName(files.Samples)}"] : [],
        .. EngineOutputs.Arguments(outputs ?? []),
        files.Bundle,
    ];

    /// <summary><c>inspect</c>: the merged options in the run's own environment.</summary>
    public static IReadOnlyList<string> Inspect(EngineFiles files) =>
    [
        "inspect",
        "--execution-requirements",
        "--include-system-env-vars=true",
        "--no-color",
        "--log-format=json",
        "--config", files.Config,
        files.Bundle,
    ];

    /// <summary><c>archive</c>: bundle, options and opened files as one file. Variables stay outside; that they configure the options is a matter of now.</summary>
    public static IReadOnlyList<string> Archive(EngineFiles files, string file) =>
    [
        "archive",
        "--archive-out", file,
        "--exclude-env-vars",
        "--include-system-env-vars=true",
        "--no-color",
        "--log-format=json",
        "--config", files.Config,
        files.Bundle,
    ];

    /// <summary>The environment of <c>archive</c>: nothing of ours, since whoever runs the archive has k6's own summary.</summary>
    public static IReadOnlyDictionary<string, string> ArchiveEnvironment(IReadOnlyDictionary<string, string> environment) =>
        new Dictionary<string, string>(environment, EngineEnvironment.NameComparer)
        {
            ["K6_NO_USAGE_REPORT"] = "true",
            ["K6_AUTO_EXTENSION_RESOLUTION"] = "false",
        };

    /// <summary>The environment of the run: that of the request, and what keeps k6 to itself.</summary>
    public static IReadOnlyDictionary<string, string> Environment(
        IReadOnlyDictionary<string, string> environment, EngineFiles files, string? warmUp = null, IReadOnlyDictionary<string, string>? labels = null)
    {
        var result = new Dictionary<string, string>(environment, EngineEnvironment.NameComparer)
        {
            [SummaryVariable] = files.Summary,
            ["K6_NO_USAGE_REPORT"] = "true",
            ["K6_AUTO_EXTENSION_RESOLUTION"] = "false",
            ["K6_CSV_TIME_FORMAT"] = "unix_micro",
        };
        result.Remove(WarmUpVariable);
        if (warmUp is not null)
        {
            result[WarmUpVariable] = warmUp;
        }

        if (labels is { Count: > 0 })
        {
            result[LabelsVariable] = JsonSerializer.Serialize(labels, EngineJson.Default.IReadOnlyDictionaryStringString);
        }

        return result;
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Files of a run.</summary>
internal sealed record EngineFiles(string Folder, string Bundle)
{
    public string Summary => Path.Combine(Folder, "k6-summary.json");

    public string Record => Path.Combine(Folder, "timeline.ndjson");

    public string Samples => Path.Combine(Folder, "samples.csv.gz");

    public string Log => Path.Combine(Folder, "engine.log");

    public string Output => Path.Combine(Folder, "engine-output.txt");

    public string Options => Path.Combine(Folder, "options.json");

    public string Run => Path.Combine(Folder, "engine-run.json");

    /// <summary>An empty configuration beside the bundle: naming one hides the user's own.</summary>
    public string Config => Path.ChangeExtension(Bundle, ".k6-config.json");

    /// <summary>Makes the folder and the configuration; takes away what an earlier run left, so that nothing stale is ever judged.</summary>
    public void Prepare(bool keepOptions)
    {
        Directory.CreateDirectory(Folder);
        foreach (var file in (string[])[Summary, Record, Samples, Log, Output, Run, .. keepOptions ? (string[])[] : [Options]])
        {
            File.Delete(file);
        }

        var aside = $"{Config}.{System.Environment.ProcessId}.{Guid.NewGuid():N}";
        File.WriteAllText(aside, "{}\n");
        File.Move(aside, Config, overwrite: true);
    }

    public static string? IfExists(string file) => File.Exists(file) ? file : null;
}
