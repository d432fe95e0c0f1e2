using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Running;

/// <summary>Makes reports without a run.</summary>
public static class ReportRunner
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
}
