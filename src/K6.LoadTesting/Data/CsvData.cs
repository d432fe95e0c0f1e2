using System.Text;
using System.Text.Unicode;
using CsvHelper;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Data;

/// <summary>Reads a CSV file twice: once to check every row and to learn the types, once to write the rows. Holds one row at a time.</summary>
internal static class CsvData
{
    /// <summary>Bytes of the longest row; a quote that is never closed ends here and not at the end of a huge file.</summary>
    private const int LongestRow = 1 << 20;

    /// <summary>Writes the rows of a file and tells their type; null when something is wrong with them.</summary>
    public static DataShape? Convert(DataPlan plan, Stream rows, DataProblems problems, CancellationToken cancellation)
    {
        var columns = Learn(plan, problems, cancellation);
        if (problems.Any)
        {
            return null;
        }

        using var lines = new RowWriter(rows);
        using var csv = new Csv(plan, problems);
        csv.ReadRow();
        while (csv.ReadRow())
        {
            cancellation.ThrowIfCancellationRequested();
            lines.Write(json =>
            {
                json.WriteStartArray();
                for (var i = 0; i < columns.Count; i++)
                {
                    columns[i].Write(json, csv[i]);
                }

                json.WriteEndArray();
            });
        }

        return new DataShape(lines.Count, [.. columns.Select(column => (column.Name, column.TypeText))], null);
    }

    private static List<CsvColumn> Learn(DataPlan plan, DataProblems problems, CancellationToken cancellation)
    {
        using var csv = new Csv(plan, problems);
        if (!csv.ReadRow())
        {
            throw problems.End(Rules.DataEmpty, 1, "The file is empty. Its first line has to name the columns, and each line after it is a row.");
        }

        var columns = Header(plan, csv, problems);
        var rows = 0L;
        while (csv.ReadRow())
        {
            cancellation.ThrowIfCancellationRequested();
            rows++;
            if (csv.Count != columns.Count)
            {
                problems.Add(Rules.DataRagged, csv.Line,
                    $"This row has {Columns(csv.Count)}, and the header has {columns.Count}. A value with '{plan.Delimiter}' in it has to be in double quotes.");
                continue;
            }

            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i].See(csv[i]) is { } complaint)
                {
                    problems.Add(Rules.DataValue, csv.Line, complaint);
                }
            }
        }

        if (rows == 0 && !problems.Any)
        {
            problems.Add(Rules.DataEmpty, 1, "The file has a header and no rows.");
        }

        return columns;
    }

    private static List<CsvColumn> Header(DataPlan plan, Csv csv, DataProblems problems)
    {
        var columns = new List<CsvColumn>();
        for (var i = 0; i < csv.Count; i++)
        {
            var name = csv[i].Trim();
            if (name.Length == 0)
            {
                problems.Add(Rules.DataHeader, csv.Line, $"Column {i + 1} has no name in the header.");
            }
            else if (columns.Exists(column => column.Name == name))
            {
                problems.Add(Rules.DataHeader, csv.Line, $"Two columns of the header are called '{name}'; rename one.");
            }

            columns.Add(new CsvColumn(name, plan.Columns.FirstOrDefault(declared => declared.Name == name)));
        }

        string[] names = [.. columns.Select(column => column.Name)];
        foreach (var missing in plan.Columns.Where(declared => !names.Contains(declared.Name)))
        {
            problems.Add(Rules.DataHeader, csv.Line, $"The header has no column '{missing.Name}', which Columns declares at {missing.Location}.{NearestName.Hint(missing.Name, names)}");
        }

        if (columns.Count == 1 && names[0].IndexOfAny([';', '\t', ',', '|']) is >= 0 and var at)
        {
            problems.Add(Rules.DataHeader, csv.Line,
                $"The header is one column, '{names[0]}'. If '{(names[0][at] == '\t' ? "a tab" : names[0][at])}' separates the columns, say so: Delimiter=\"{(names[0][at] == '\t' ? "tab" : names[0][at])}\".");
        }

        return columns;
    }

    private static string Columns(int count) => count == 1 ? "1 column" : $"{count} columns";

    /// <summary>CsvHelper's reader; what is malformed is reported at its line.</summary>
    private sealed class Csv : IDisposable
    {
        private readonly CsvReader reader;
        private readonly DataProblems problems;

        public Csv(DataPlan plan, DataProblems problems)
        {
            this.problems = problems;
            var options = new CsvReaderOptions
            {
                Separator = plan.Delimiter[0],
                HasHeader = false,
                TrackLineNumbers = true,
                MaxRecordSize = LongestRow,
                OnMalformedRecord = Malformed,
                Encoding = Encoding.UTF8,
                DetectSeparatorHint = false,
            };
            reader = CsvReader.Create(DataFile.Open(plan.File!), options, leaveOpen: false);
        }

        /// <summary>The line that the row starts at.</summary>
        public long Line => reader.LineNumber;

        public int Count => reader.FieldCount;

        public string this[int index] => reader.GetString(index);

        public bool ReadRow()
        {
            try
            {
                if (!reader.Read())
                {
                    return false;
                }
            }
            catch (CsvFormatException failure)
            {
                throw problems.End(Rules.DataMalformed, failure.LineNumber, $"This row is longer than {LongestRow >> 20} MB. A double quote in it is opened and not closed, most likely.");
            }

            for (var i = 0; i < reader.FieldCount; i++)
            {
                var field = reader.GetSpan(i);
                if (!Utf8.IsValid(field) || field.Contains((byte)0))
                {
                    throw problems.End(Rules.DataEncoding, Line, $"This row has bytes that are not UTF-8. {DataFile.Advice}");
                }
            }

            return true;
        }

        public void Dispose() => reader.Dispose();

        private void Malformed(CsvMalformedRecord record) => problems.Add(Rules.DataMalformed, record.LineNumber, record.Reason switch
        {
            CsvMalformedReason.UnterminatedQuote => "A double quote in this row is opened and never closed.",
            CsvMalformedReason.TextAfterClosingQuote => "There is text behind a closing double quote in this row. A quote within a quoted value is written twice: \"a \"\"b\"\"\".",
            _ => "A double quote stands in the middle of a value of this row. Quote the whole value, and write each quote in it twice: \"a \"\"b\"\"\".",
        });
    }
}
