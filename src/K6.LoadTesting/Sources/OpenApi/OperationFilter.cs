using System.IO.Enumeration;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Finds operations by what users call them: name, <c>operationId</c>, or <c>DELETE /admin/*</c>.</summary>
internal static class OperationFilter
{
    /// <summary>The operations without those that the project excludes; a pattern that matches none is reported.</summary>
    public static IReadOnlyList<ApiOperation> Included(OpenApiPlan plan, ApiDocument document, DocumentProblems problems)
    {
        foreach (var pattern in plan.Exclude.Where(pattern => !document.Operations.Any(operation => Matches(operation, pattern))))
        {
            problems.Add(Rules.OpenApiNameUnknown, plan.At("Exclude"), $"Exclude: no operation matches '{pattern}'.{Nearest(pattern, document)}");
        }

        return [.. document.Operations.Where(operation => !plan.Exclude.Any(pattern => Matches(operation, pattern)))];
    }

    /// <summary>One operation; null when there is none, which is reported.</summary>
    public static ApiOperation? Find(OpenApiPlan plan, ApiDocument document, string metadatum, string name, DocumentProblems problems)
    {
        var found = document.Operations.FirstOrDefault(operation => Matches(operation, name));
        if (found is null)
        {
            problems.Add(Rules.OpenApiNameUnknown, plan.At(metadatum), $"{metadatum}: the document has no operation '{name}'.{Nearest(name, document)}");
        }

        return found;
    }

    private static bool Matches(ApiOperation operation, string pattern) =>
        operation.Function == pattern || operation.Id == pattern || FileSystemName.MatchesSimpleExpression(pattern, $"{operation.Method} {operation.Path}", ignoreCase: true);

    private static string Nearest(string name, ApiDocument document) =>
        NearestName.Of(name, document.Operations.SelectMany(operation => new[] { operation.Function, $"{operation.Method} {operation.Path}" })) is { } nearest
            ? $" Did you mean '{nearest}'?" : " Write its name in the client, its operationId, or METHOD /path with * for any text.";
}
