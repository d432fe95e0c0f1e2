using K6.Embedded.Cli;
using K6.Embedded.Execution;

namespace K6.Embedded.Output;

/// <summary>The outputs of a run: <c>csv</c> and <c>web-dashboard</c> (its record).</summary>
internal sealed class OutputList : IDisposable
{
    private static readonly string[] KnownToK6 =
        ["cloud", "csv", "experimental-opentelemetry", "experimental-prometheus-rw", "influxdb", "json", "opentelemetry", "statsd", "web-dashboard"];

    private readonly List<CsvOutput> csv = [];
    private readonly List<DashboardRecord> records = [];
    private readonly List<string> names = [];

    /// <summary>For the header: the outputs, or <c>-</c>.</summary>
    public string Description => names.Count == 0 ? "-" : string.Join(", ", names);

    /// <summary>Opens what the flags or the environment ask for.</summary>
    /// <exception cref="UsageException">An output that k6 does not know either, or a file that cannot be written.</exception>
    /// <exception cref="UnsupportedException">An output that only k6 has.</exception>
    public static OutputList Open(EngineHost host, FlagSet flags, LoadedTest test, TestRun run)
    {
        var list = new OutputList();
        var wanted = flags.All("out") ?? (host.Environment.TryGetValue("K6_OUT", out var variable) && variable.Length > 0 ? variable.Split(',') : []);
        var hasDashboard = false;
        foreach (var output in wanted)
        {
            var equals = output.IndexOf('=', StringComparison.Ordinal);
            var (type, argument) = equals < 0 ? (output, "") : (output[..equals], output[(equals + 1)..]);
            switch (type)
            {
                case "csv":
                    list.csv.Add(CsvOutput.Open(host, argument, run));
                    list.names.Add($"csv ({(argument.Length == 0 ? "file.csv" : argument)})");
                    break;
                case "web-dashboard":
                    hasDashboard = true;
                    list.AddDashboard(host, argument, test, run);
                    break;
                case var known when KnownToK6.Contains(known):
                    throw Unsupported.Output(type);
                default:
                    throw new UsageException($"invalid output type '{type}', available types are: {string.Join(", ", KnownToK6)}");
            }
        }

        if (!hasDashboard && host.EnvironmentBool("K6_WEB_DASHBOARD") == true)
        {
            list.AddDashboard(host, "", test, run);
        }

        return list;
    }

    /// <summary>The load begins.</summary>
    public void Start() => records.ForEach(r => r.Start());

    /// <summary>All samples were collected.</summary>
    public void Stop()
    {
        csv.ForEach(c => c.Dispose());
        csv.Clear();
        records.ForEach(r => r.Stop());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        csv.ForEach(c => c.Dispose());
        records.ForEach(r => r.Dispose());
    }

    private void AddDashboard(EngineHost host, string argument, LoadedTest test, TestRun run)
    {
        if (DashboardRecord.Open(host, argument, test, run) is { } record)
        {
            records.Add(record);
            names.Add("web-dashboard (record only)");
        }
    }
}
