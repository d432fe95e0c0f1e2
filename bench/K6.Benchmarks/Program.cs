using K6.Benchmarks;
using K6.Benchmarks.Examples;

try
{
    return args switch
    {
        ["engine"] => EngineBenchmark.Run(),
        ["inside"] => InsideBenchmark.Run(),
        ["warmup"] => WarmUpBenchmark.Run(),
        ["examples", "--scripts", var folder, .. var more] when Pairs(more) is { } pairs => await ExampleScripts.RunAsync(folder, pairs.Where(p => p.Key != "--only").ToDictionary(), pairs.GetValueOrDefault("--only")),
        ["samples"] => SamplesBenchmark.Run(),
        ["report"] => ReportBenchmark.Run(),
        ["sources"] => SourcesBenchmark.Run(500),
        ["regression"] => RegressionBenchmark.Run(),
        ["ab"] => await ComparisonBenchmark.RunAsync(),
        ["history"] => HistoryBenchmark.Run(),
        ["typecheck"] => await TypeCheckBenchmark.RunAsync(),
        ["data"] => await DataBenchmark.RunAsync(),
        ["sample"] => SampleSideBySide.Run(),
        ["soak"] => Soak.Run(minutes: 4),
        ["soak", "--minutes", var text] when double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var minutes) && minutes > 0 => Soak.Run(minutes),
        ["soak-builds"] => BuildSoak.Run(minutes: 4),
        ["soak-builds", "--minutes", var text] when double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var minutes) && minutes > 0 => BuildSoak.Run(minutes),
        ["overhead"] => OverheadBenchmark.Run(),
        ["fidelity"] => await FidelityBenchmark.RunAsync(),
        ["time-to-first-request"] => FirstRequestBenchmark.Run(),
        ["incremental"] => IncrementalBenchmark.Run(),
        ["openapi"] => OpenApiBenchmark.Run(null),
        ["openapi", var document] => OpenApiBenchmark.Run(document),
        ["serve"] => FastServer.Run(),
        ["floor", var url, var users, var seconds] => HttpFloor.Run(url, users, seconds),
        _ => Usage(),
    };
}
catch (BenchmarkException e)
{
    Console.Error.WriteLine($"not measured: {e.Message}");
    return 1;
}

// --only TEXT and --replace PREFIX=FOLDER, by TEXT's flag and by PREFIX; null when there is something else.
static Dictionary<string, string>? Pairs(string[] arguments)
{
    var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
    foreach (var pair in arguments.Chunk(2))
    {
        switch (pair)
        {
            case ["--only", var text]:
                pairs["--only"] = text;
                break;
            case ["--replace", var replacement] when replacement.Split('=', 2) is [var prefix, var with]:
                pairs[prefix] = with;
                break;
            default:
                return null;
        }
    }

    return pairs;
}

static int Usage()
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project bench/K6.Benchmarks -- NAME

          engine    the embedded engine against real k6: CPU per iteration, rate, memory, start
          inside    a service with the inside view against the same service without it: CPU per request
          warmup    the first seconds of the sample's load after a warm-up against those of a cold service: p(95)
          regression
                    false alarms and detection of the regression gate, by simulation
          ab        the same with real runs of k6, and base and head in turn, on the machine as it is and on a busy one
          history   a history of 10,000 runs: to add one, to read all, to draw them
          examples --scripts FOLDER [--only TEXT] [--replace PREFIX=FOLDER]
                    example scripts of FOLDER on both engines: the share that does the same; their hosts are answered on loopback, and
                    imports that begin with PREFIX (https://jslib.k6.io/) come from a folder
          samples   the reader of raw samples against plain reader loops: CPU per sample, memory
          sources   scripts of .http files and recordings: time, size, memory, against System.Text.Json over the same recording
          openapi [DOCUMENT]
                    the client of a document of 10 MB, or of another one: time, size, against JsonDocument.Parse of the same bytes
          report    the page of an hour with 100 endpoints: size, and time to render it
          typecheck the type check of 200 scenarios against TypeScript on Node.js
          data      memory of test data with 20 virtual users against that of one, on both engines
          sample    the load test of samples/Shop on both engines, and both results next to each other
          soak [--minutes N]
                    the embedded engine for N minutes (4): its memory in the last third against the first

          soak-builds [--minutes N]
                    load tests one after the other for N minutes (4) in one MSBuild node: its memory, threads and files
          overhead  dotnet build -t:LoadTest of 10 s against k6 run of the same bundle and a build with nothing to do: wall time
          fidelity  k6 under the SDK against bare k6: CPU per iteration, delivery and latency at a fixed rate
          time-to-first-request
                    from the command to the first request, against k6 run and a build with nothing to do
          incremental
                    builds with nothing to do with 200 scenarios and without; one changed; 200 bundles cold

        Each ends with 'NAME: ratio R (goal G) against REFERENCE, N rounds'. Exit codes: 0 measured, 3 the reference is missing, 1 it failed, or memory grew.
        """);
    return 2;
}
