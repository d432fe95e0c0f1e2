using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Gates;
using K6.LoadTesting.Importing;
using K6.LoadTesting.Metrics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;
using K6.LoadTesting.Secrets;

namespace K6.LoadTesting.Running;

/// <summary>Makes reports without a run.</summary>
internal static class ReportRunner
{
    /// <summary>Renders the reports of a result again, beside its <c>loadtest.json</c>; of this version or an older one.</summary>
    /// <param name="file">Absolute path of <c>loadtest.json</c>.</param>
    /// <returns>The result.</returns>
    /// <exception cref="LoadTestException">It is not there, half written, something else, or of a later version.</exception>
    /// <exception cref="IOException">A report cannot be written.</exception>
    public static LoadTestResult Render(string file)
    {
        var result = ResultFile.Read(file);
        ReportFiles.Write(result, Path.GetDirectoryName(file)!);
        return result;
    }

    /// <summary>Whether a file is a <c>loadtest.json</c>, to be rendered rather than imported.</summary>
    /// <param name="file">Absolute path.</param>
    /// <exception cref="LoadTestException">It cannot be read.</exception>
    public static bool IsResult(string file) => ImportedFiles.IsResult(file);

    /// <summary>
    /// Makes the result of a k6 run that was made elsewhere: judges it by the limits of a plan, and writes <c>loadtest.json</c> and the reports to the plan's folder of results.
    /// </summary>
    /// <param name="plan">A plan with one test, which gives name and limits.</param>
    /// <param name="files">Absolute paths: at most one summary, and any number of files with raw samples.</param>
    /// <param name="progress">Hears of what was found.</param>
    /// <param name="optionsFile">
    /// Absolute path of the <c>options.json</c> that was made with the archive of the run: thresholds of the scripts, and scenarios by the names that they ran under. Null when there is none.
    /// </param>
    /// <param name="runners">Files with samples that there have to be, one of each engine that made a part of the load; null when nobody knows.</param>
    /// <returns>The result.</returns>
    /// <exception cref="LoadTestException">A file is not there, damaged, or nothing that k6 writes.</exception>
    /// <exception cref="IOException">A report cannot be written.</exception>
    public static LoadTestResult Import(LoadPlan plan, IReadOnlyList<string> files, IProgress<RunEvent>? progress, string? optionsFile = null, int? runners = null)
    {
        var imported = ImportedFiles.Of(files);
        if (runners is not null && imported.Samples.Count != runners)
        {
            throw new LoadTestException(Rules.ImportNotMergeable.At(
                imported.Samples.Count > 0 ? new SourceLocation(imported.Samples[0], 0, 0) : null,
                $"There are samples of {imported.Samples.Count} runners, and {runners} made the load: figures of a part look like those of all. Look for the others where the runners left them, and in their logs."));
        }

        var diagnostics = new List<Diagnostic>();
        var machine = EngineEnvironment.Machine();
        var mask = SecretMask.Of(SecretValues.WithInherited(SecretValues.ReadAvailable(plan.Secrets, machine), plan.Environment, machine), []);
        var options = ImportedOptions.Read(optionsFile, plan.Tests[0]);
        var copies = Directory.CreateTempSubdirectory("k6sdk-");
        TestResult test;
        try
        {
            imported = new ImportedFiles(SecretSweep.Copies(imported.Summaries, copies.FullName, mask, diagnostics), SecretSweep.Copies(imported.Samples, copies.FullName, mask, diagnostics));
            test = ImportedRun.Read(plan.Tests[0], plan.Settings, imported, options, diagnostics);
        }
        finally
        {
            copies.Delete(recursive: true);
        }

        var told = diagnostics.Select(one => one.Severity == DiagnosticSeverity.Error ? one : RuleSeverity.Tuned(one, plan.Settings)).OfType<Diagnostic>().ToList();
        var start = test.StartTime ?? DateTimeOffset.UtcNow;
        var result = LoadTestResults.Assemble(
            plan,
            Guid.NewGuid(),
            start,
            start + TimeSpan.FromSeconds(test.DurationSeconds),
            new EngineInfo(EngineProgram.K6, "", files[0]),
            [test],
            [.. told.Select(one => ReportedDiagnostic.From(one, test.Name))],
            [])
            with
        {
            // That of the load is not in k6's files, and ours made none.
            Machine = new MachineInfo("unknown", "", "", 0, 0, null),
            ImportedFrom = files,
        };
        LoadTestJson.Write(Path.Combine(plan.Settings.ResultsDirectory, "loadtest.json"), result);
        ReportFiles.Write(result, plan.Settings.ResultsDirectory);
        told.ForEach(one => progress?.Report(new DiagnosticReported(one, test.Name)));
        progress?.Report(new TestFinished(test, result.Engine!, result.Diagnostics));
        progress?.Report(new ResultsPublished(plan.Settings.ResultsDirectory));
        if (plan.Settings.CiReports && CiSurfaces.AppendStepSummary(plan.Settings.ResultsDirectory, Environment.GetEnvironmentVariable) is { } problem)
        {
            progress?.Report(new DiagnosticReported(problem, null));
        }

        return result;
    }

    /// <summary>Writes the raw samples of each test of a result as plain CSV: <c>samples.csv</c> in its folder.</summary>
    /// <param name="result">The result.</param>
    /// <param name="folder">Absolute path of its folder.</param>
    /// <returns>Absolute paths of the files.</returns>
    /// <exception cref="LoadTestException">There are none, or they cannot be read.</exception>
    public static IReadOnlyList<string> ExportSamples(LoadTestResult result, string folder)
    {
        var written = new List<string>();
        foreach (var test in result.Tests)
        {
            var own = Path.Combine(folder, test.Name, "samples.csv.gz");
            IReadOnlyList<string> files = result.ImportedFrom.Count > 0 ? ImportedFiles.Of(result.ImportedFrom).Samples : File.Exists(own) ? [own] : [];
            if (files.Count == 0)
            {
                continue;
            }

            try
            {
                written.Add(Path.Combine(folder, test.Name, "samples.csv"));
                SamplesExport.Write(files, written[^1]);
            }
            catch (InvalidDataException failure)
            {
                throw ImportedFiles.Unknown(files[0], failure.Message.TrimEnd('.'));
            }
        }

        return written.Count > 0 ? written : throw new LoadTestException(Rules.SamplesNotKept.At(
            null, "K6ExportSamples: no test of this result has raw samples. Run it with K6Samples=true, or import k6's csv or json output with K6ReportInput."));
    }
}
