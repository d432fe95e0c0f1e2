using System.Text.Json;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Data;

/// <summary>Reads JSON files and files of a JSON value per line.</summary>
internal static class JsonData
{
    /// <summary>Writes the rows of a file and tells their type; null when something is wrong with them.</summary>
    public static DataShape? Convert(DataPlan plan, Stream rows, DataProblems problems, CancellationToken cancellation)
    {
        var shape = new JsonShape();
        using var reader = new JsonRows(DataFile.Open(plan.File!), plan.Format == DataFormat.Json, problems);
        using var lines = new RowWriter(rows);
        while (reader.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            var row = reader.Current!.RootElement;
            foreach (var column in plan.Columns)
            {
                if (Complaint(column, row) is { } complaint)
                {
                    problems.Add(Rules.DataValue, reader.Line, complaint, reader.Column);
                }
            }

            shape.See(row);
            lines.Write(row.WriteTo);
        }

        if (lines.Count == 0 && !problems.Any)
        {
            problems.Add(Rules.DataEmpty, 1, "The file has no rows.");
        }

        return problems.Any ? null : new DataShape(lines.Count, null, shape.TypeText(declared: plan.Columns.ToDictionary(column => column.Name, DataModule.TypeText)), shape.Members);
    }

    private static string? Complaint(DataColumn column, JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            return $"Columns declares '{column.Name}', and this row is no object.";
        }

        if (!row.TryGetProperty(column.Name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return column.Optional ? null : $"This row has no '{column.Name}'. If it may be missing, declare {column.Name}: {DataReader.Word(column)}?";
        }

        var fits = column.Type switch
        {
            DataType.Whole => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            DataType.Number => value.ValueKind == JsonValueKind.Number,
            DataType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            DataType.Choice => value.ValueKind == JsonValueKind.String && column.Choices.Contains(value.GetString()!),
            _ => value.ValueKind == JsonValueKind.String,
        };
        var expected = column.Type == DataType.Choice ? $"one of {string.Join(", ", column.Choices)}" : $"of the type {DataReader.Word(column)}";
        return fits ? null : $"'{column.Name}' of this row is {Short(value)}, not {expected}.";
    }

    private static string Short(JsonElement value) => value.GetRawText() is { Length: <= 40 } text ? text : value.GetRawText()[..39] + "…";
}
