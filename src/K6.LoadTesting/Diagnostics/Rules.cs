namespace K6.LoadTesting.Diagnostics;

/// <summary>
/// Every coded rule of the road. 00xx tools, 01xx project declarations, 02xx scripts and bundling, 03xx run and verdict,
/// 04xx history, 05xx services, 06xx sources, 07xx the embedded engine (declared there), 09xx internal.
/// One partial file per room adds its rows; <c>docs/codes.md</c> has a row for each, and a test holds the two together.
/// </summary>
internal static partial class Rules
{
    /// <summary>All rules, in the order of their codes. Computed, since the rows of other files may not be there yet when this file's are.</summary>
    public static IReadOnlyList<DiagnosticRule> All =>
        [.. typeof(Rules).GetFields()
            .Where(row => row.FieldType == typeof(DiagnosticRule))
            .Select(row => (DiagnosticRule)row.GetValue(null)!)
            .OrderBy(rule => rule.Code, StringComparer.Ordinal)];
}
