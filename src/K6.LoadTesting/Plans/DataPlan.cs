using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Where the rows of test data come from.</summary>
public enum DataFormat
{
    /// <summary>A CSV file whose first record is its header.</summary>
    Csv,

    /// <summary>A JSON file: an array of rows.</summary>
    Json,

    /// <summary>A file with a JSON value per row.</summary>
    JsonLines,

    /// <summary>Made by the build.</summary>
    Generated,
}

/// <summary>A <c>K6Data</c> item: test data that scripts import as <c>k6-data/NAME</c>.</summary>
public sealed record DataPlan
{
    /// <summary>Name of the module.</summary>
    public required string Name { get; init; }

    /// <summary>Where the rows come from.</summary>
    public required DataFormat Format { get; init; }

    /// <summary>Absolute path of the file; null for generated data.</summary>
    public string? File { get; init; }

    /// <summary>What separates the columns of a CSV file: one character.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Columns with a declared type; the type of others is inferred.</summary>
    public IReadOnlyList<DataColumn> Columns { get; init; } = [];

    /// <summary>Columns of generated data.</summary>
    public IReadOnlyList<GeneratedColumn> Generate { get; init; } = [];

    /// <summary>Rows of generated data.</summary>
    public long Count { get; init; }

    /// <summary>Seed of generated data, and of <c>random()</c>; null leaves both to the build.</summary>
    public long? Seed { get; init; }

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }
}

/// <summary>The type of a value in test data.</summary>
public enum DataType
{
    /// <summary><c>string</c>: any text.</summary>
    Text,

    /// <summary><c>integer</c>: a whole number that a JavaScript number holds exactly.</summary>
    Whole,

    /// <summary><c>number</c>.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>One of some texts.</summary>
    Choice,
}

/// <summary>A column whose type is declared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Optional">Whether a row may leave it empty; it is <c>null</c> then.</param>
/// <param name="Choices">The texts of <see cref="DataType.Choice"/>.</param>
/// <param name="Location">Where it was declared.</param>
public sealed record DataColumn(string Name, DataType Type, bool Optional, IReadOnlyList<string> Choices, SourceLocation Location);

/// <summary>A column that the build fills.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Generator">What fills it: <c>sequence</c>, <c>integer</c>, <c>email</c>, …</param>
/// <param name="Argument">What the generator is given; empty without anything.</param>
public sealed record GeneratedColumn(string Name, string Generator, string Argument);
