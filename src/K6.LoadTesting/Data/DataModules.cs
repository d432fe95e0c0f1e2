using System.Text;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Data;

/// <summary>
/// Makes the modules that scripts import as <c>k6-data/NAME</c>: <c>NAME.ts</c> with the type of a row, <c>NAME.rows</c> with a row
/// a line. Nothing is done for data that did not change. Memory does not grow with the rows.
/// </summary>
internal static class DataModules
{
    private const long LargeBytes = 200L << 20;

    /// <summary>Bytes of the largest file that is read while restoring: reading a larger one takes longer than a restore should.</summary>
    public const long MostBytesInRestore = 50L << 20;

    /// <summary>Folder of the modules within <c>obj/k6</c>.</summary>
    public const string Folder = "data";

    /// <summary>Writes the modules of a plan; those of a plan before that are not in this one are removed.</summary>
    /// <param name="data">The test data.</param>
    /// <param name="projectDirectory">Absolute path of the project's folder.</param>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    /// <param name="diagnostics">Receives what is wrong, at lines of the data.</param>
    /// <param name="variable">Variables of the environment, by which a CI build is told; null for those of the process.</param>
    /// <param name="mostBytes">Bytes of the largest data file to read; larger ones are left as they are.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The names of the modules that were made now.</returns>
    public static IReadOnlyList<string> Write(
        IReadOnlyList<DataPlan> data, string projectDirectory, string outputDirectory, ICollection<Diagnostic> diagnostics,
        Func<string, string?>? variable = null, long mostBytes = long.MaxValue, CancellationToken cancellation = default)
    {
        var folder = Path.Combine(outputDirectory, Folder);
        var made = new List<string>();
        foreach (var plan in data)
        {
            if (plan is { Format: DataFormat.Generated, Seed: null } && Surroundings.CiName(variable ?? Environment.GetEnvironmentVariable) is { } ci)
            {
                diagnostics.Add(Rules.SeedMissing.At(plan.Location,
                    $"The generated data '{plan.Name}' have no Seed, and a CI build ({ci}) has to be the same each time. Add one, such as Seed=\"42\"."));
                continue;
            }

            if (plan.File is not null && new FileInfo(plan.File) is { Exists: true } file && file.Length > mostBytes)
            {
                continue;
            }

            var key = Key(plan);
            if (ModuleState.Read(folder, plan.Name) is { } last && last.IsCurrent(key))
            {
                last.Said.ToList().ForEach(diagnostics.Add);
                continue;
            }

            if (Make(plan, key, folder, projectDirectory, diagnostics, cancellation))
            {
                made.Add(plan.Name);
            }
        }

        RemoveLeftovers(folder, data);
        return made;
    }

    /// <summary>Looks whether the columns that requests ask for are there.</summary>
    /// <param name="plan">The plan, whose modules were written.</param>
    /// <param name="outputDirectory">Absolute path of <c>obj/k6</c>.</param>
    /// <param name="diagnostics">Receives an error for each that is not, where it was asked for.</param>
    public static void CheckColumns(LoadPlan plan, string outputDirectory, ICollection<Diagnostic> diagnostics)
    {
        var folder = Path.Combine(outputDirectory, Folder);
        foreach (var use in plan.Tests.SelectMany(test => test.Scenarios).SelectMany(scenario => scenario.Requests?.Columns ?? []).Distinct())
        {
            if (ModuleState.Read(folder, use.Data)?.Columns is { } columns && !columns.Contains(use.Column))
            {
                var source = plan.Data.First(data => data.Name == use.Data).File;
                diagnostics.Add(Rules.UnknownParameter.At(use.Location,
                    $"{{{use.Text}}} asks for the column '{use.Column}', and {(source is null ? use.Data : Path.GetFileName(source))} has none of that name.{NearestName.Hint(use.Column, [.. columns])}"));
            }
        }
    }

    private static bool Make(DataPlan plan, string key, string folder, string projectDirectory, ICollection<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var aside = Path.Combine(folder, $"{plan.Name}.rows.{Environment.ProcessId}.tmp");
        try
        {
            FileStamp[] inputs = plan.File is null ? [] : [FileStamp.Of(plan.File)];
            var said = new List<Diagnostic>();
            var seed = plan.Seed ?? (plan.Format == DataFormat.Generated ? Random.Shared.Next(1, 1_000_000) : 1);
            if (Rows(plan, seed, aside, diagnostics, cancellation) is not { } shape)
            {
                File.Delete(ModuleState.PathOf(folder, plan.Name));
                return false;
            }

            var rows = Path.Combine(folder, plan.Name + ".rows");
            var module = Path.Combine(folder, plan.Name + ".ts");
            File.Move(aside, rows, overwrite: true);
            var source = plan.File is null ? $"a generator with the seed {seed}" : ModulePaths.Relative(projectDirectory, plan.File);
            File.WriteAllText(module, DataModule.Write(plan, shape, source, seed), new UTF8Encoding(false));
            if (new FileInfo(rows).Length is > LargeBytes and var length)
            {
                said.Add(Rules.DataLarge.At(plan.Location,
                    $"The test data '{plan.Name}' are {length >> 20} MB as rows, and the engine holds them in memory several times over while it starts. Use fewer rows, or fewer columns."));
            }

            new ModuleState { Key = key, Inputs = inputs, Outputs = [FileStamp.Of(rows), FileStamp.Of(module)], Columns = shape.Columns?.Select(column => column.Name).ToList() ?? shape.Members, Said = said }.Write(folder, plan.Name);
            said.ForEach(diagnostics.Add);
            if (plan is { Format: DataFormat.Generated, Seed: null })
            {
                diagnostics.Add(Rules.SeedChosen.At(plan.Location, $"The generated data '{plan.Name}' were made with the seed {seed}. Write Seed=\"{seed}\" to have the same again; a CI build needs one."));
            }

            return true;
        }
        catch (DataUnreadableException)
        {
            File.Delete(ModuleState.PathOf(folder, plan.Name));
            return false;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static DataShape? Rows(DataPlan plan, long seed, string file, ICollection<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        using var rows = File.Create(file);
        return plan.Format switch
        {
            DataFormat.Generated => Generators.Write(plan, seed, rows, cancellation),
            DataFormat.Csv => CsvData.Convert(plan, rows, new DataProblems(plan.File!, diagnostics), cancellation),
            _ => JsonData.Convert(plan, rows, new DataProblems(plan.File!, diagnostics), cancellation),
        };
    }

    // Lines may move without a new result; the version of the library may not.
    private static string Key(DataPlan plan)
    {
        var nowhere = new SourceLocation("", 0, 0);
        var moved = plan with { Location = nowhere, Columns = [.. plan.Columns.Select(column => column with { Location = nowhere })] };
        return InputState.Hash([InputState.Library, StateFile.Text(moved)]);
    }

    // Rows that a build began to write and was killed over; another build may be at it right now.
    private static bool WasLeft(string file) =>
        file.EndsWith(".tmp", StringComparison.Ordinal) && File.GetLastWriteTimeUtc(file) < DateTime.UtcNow - TimeSpan.FromHours(1);

    private static void RemoveLeftovers(string folder, IReadOnlyList<DataPlan> data)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var names = data.Select(plan => plan.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => !names.Contains(Path.GetFileName(file).Split('.')[0]) || WasLeft(file)))
        {
            File.Delete(file);
        }
    }
}
