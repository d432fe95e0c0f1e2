using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Reports;
using K6.LoadTesting.Sources.OpenApi;

namespace K6.LoadTesting.Results;

/// <summary>Which operations of an OpenAPI document the load of all tests touched.</summary>
/// <param name="Client">Name of the client: that of the <c>K6OpenApi</c> item.</param>
/// <param name="Document">The document: its path from the project, or the project that makes it.</param>
/// <param name="Touched">How many operations were called and answered.</param>
/// <param name="Total">How many there are, without those that the project excludes.</param>
/// <param name="Share">Share that was touched, 0 to 1.</param>
/// <param name="Operations">The operations, in the order of the document.</param>
public sealed record EndpointCoverage(string Client, string Document, int Touched, int Total, double Share, IReadOnlyList<OperationCoverage> Operations)
{
    /// <summary>What all tests together touched.</summary>
    internal static IReadOnlyList<EndpointCoverage> Of(IEnumerable<OperationList> documents, IReadOnlyList<TestResult> tests) =>
        [.. documents.Select(document =>
        {
            OperationCoverage[] operations = [.. document.Operations.Select(operation =>
            {
                var by = tests.Where(test => test.Operations.Any(IsIt)).ToList();
                return new OperationCoverage(operation.Method, operation.Path, operation.Function, [.. by.Select(test => test.Name)],
                    by.Exists(test => test.Operations.Any(one => IsIt(one) && one.Succeeded)), operation.File, operation.Line, operation.Column);

                bool IsIt(TouchedOperation one) => one.Client == document.Client && one.Method == operation.Method && one.Path == operation.Path;
            })];
            var touched = operations.Count(operation => operation.Tests.Count > 0);
            return new EndpointCoverage(document.Client, document.Document, touched, operations.Length, operations.Length == 0 ? 1 : (double)touched / operations.Length, operations);
        })];

    /// <summary>The operations that a test touched, by its submetrics.</summary>
    internal static IReadOnlyList<TouchedOperation> ReadTouched(IEnumerable<OperationList> documents, Summary? summary)
    {
        return [.. documents.SelectMany(document => document.Operations.Select((operation, index) => (document, operation, index)))
            .Where(one => Has(one.document.Submetric(one.index, succeeded: false)))
            .Select(one => new TouchedOperation(one.document.Client, one.operation.Method, one.operation.Path, Has(one.document.Submetric(one.index, succeeded: true))))];

        bool Has(string metric) => summary?.Metrics.GetValueOrDefault(metric)?.Values.GetValueOrDefault("count") > 0;
    }

    /// <summary>Judges the coverage.</summary>
    /// <param name="coverage">What was touched.</param>
    /// <param name="plan">The plan.</param>
    internal static IEnumerable<Diagnostic> Judge(IEnumerable<EndpointCoverage> coverage, LoadPlan plan)
    {
        foreach (var document in coverage)
        {
            var item = plan.OpenApi.First(client => client.Name == document.Client);
            var never = document.Operations.Where(operation => operation.Tests.Count > 0 && !operation.Succeeded).ToList();
            if (never.Count > 0)
            {
                yield return Rules.OperationNeverSucceeded.At(item.Location,
                    $"{List(never)} of {document.Document} {(never.Count == 1 ? "was" : "were")} called and never answered with success, so what the load says of {(never.Count == 1 ? "it" : "them")} is the time of an error. Give values that exist: examples in the document, or Parameters.");
            }

            if (plan.Settings.MinimumEndpointCoverage is { } minimum && document.Share < minimum)
            {
                yield return Rules.CoverageTooLow.At(item.Location,
                    $"The load touched {document.Touched} of {document.Total} operations of {document.Document} ({Figures.Percent(document.Share)}), and K6MinimumEndpointCoverage is {Figures.Percent(minimum)}. Not touched: {List(document.Operations.Where(operation => operation.Tests.Count == 0).ToList())}.");
            }
        }
    }

    private static string List(List<OperationCoverage> operations) =>
        string.Join(", ", operations.Take(10).Select(operation => $"{operation.Method} {operation.Path}")) + (operations.Count > 10 ? $" and {operations.Count - 10} more" : "");
}

/// <summary>An operation of a document.</summary>
/// <param name="Method">Method.</param>
/// <param name="Path">Path as a template.</param>
/// <param name="Function">Its function in the client.</param>
/// <param name="Tests">The tests that called it and were answered; none when it was not touched.</param>
/// <param name="Succeeded">Whether an answer had a status from 200 to 399.</param>
/// <param name="File">Absolute path of its document.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record OperationCoverage(string Method, string Path, string Function, IReadOnlyList<string> Tests, bool Succeeded, string File, int Line, int Column);

/// <summary>An operation that a test called and that answered.</summary>
/// <param name="Client">Name of the client.</param>
/// <param name="Method">Method.</param>
/// <param name="Path">Path as a template.</param>
/// <param name="Succeeded">Whether an answer had a status from 200 to 399.</param>
public sealed record TouchedOperation(string Client, string Method, string Path, bool Succeeded);
