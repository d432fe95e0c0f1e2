namespace K6.LoadTesting.Data;

/// <summary>What the rows of a module are.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="Columns">Names and types in TypeScript, of rows that are written as lists; null for rows that are written as they are.</param>
/// <param name="Type">Type of a row in TypeScript; null when it has columns.</param>
/// <param name="Members">What a row that is written as it is may have; null when that is not known, or the row is no object.</param>
internal sealed record DataShape(long Rows, IReadOnlyList<(string Name, string Type)>? Columns, string? Type, IReadOnlyList<string>? Members = null);
