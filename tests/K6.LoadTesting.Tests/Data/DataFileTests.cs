using System.Text;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Data;

/// <summary>Data files: what they become, and what is wrong with them at which line.</summary>
[TestClass]
public sealed class DataFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk-data-").FullName;
    private readonly List<Diagnostic> diagnostics = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void The_types_of_a_CSV_file_are_inferred_from_all_of_its_rows()
    {
        var rows = string.Concat(Enumerable.Range(1, 10).Select(i => $"{i},00{i},{i / 2.0:0.0},{(i % 2 == 0 ? "true" : "false")},{(i % 3 == 0 ? "admin" : "member")},\"Smith, {i} \"\"x\"\"\",{(i == 4 ? "" : i)}\n"));

        var module = Module("users.csv", "id,zip,score,active,role,full name,age\n" + rows);

        foreach (var line in new[]
        {
            "readonly id: number;", "readonly zip: string;", "readonly score: number;", "readonly active: boolean;", "readonly role: 'admin' | 'member';",
            "readonly 'full name': string;", "readonly age: number | null;", "export const users: Dataset<UsersRow>",
        })
        {
            Assert.Contains(line, module);
        }

        Assert.AreEqual("""[4,"004",2.0,true,"member","Smith, 4 \"x\"",null]""", Rows("users")[3]);
    }

    [TestMethod]
    public void Declared_types_win_over_inferred_ones()
    {
        var module = Module("users.csv", "id,zip,role,note\n1,10115,admin,\n2,20095,member,x\n", new DataPlanTypes("id:string", "role:admin|member|guest", "note:string?"));

        Assert.Contains("readonly id: string;", module);
        Assert.Contains("readonly role: 'admin' | 'member' | 'guest';", module);
        Assert.Contains("readonly note: string | null;", module);
        Assert.AreEqual("""["1",10115,"admin",null]""", Rows("users")[0]);
    }

    [TestMethod]
    [DataRow("a,b\n1,2\n3\n", "KSDK0662 3")]
    [DataRow("a,b\n\"x\ny\",2\n3,4,5\n", "KSDK0662 4")]
    [DataRow("a,b\n\n1,2\n\n3\n", "KSDK0662 5")]
    [DataRow("", "KSDK0660 1")]
    [DataRow("\n\n", "KSDK0660 1")]
    [DataRow("a,b\n", "KSDK0660 1")]
    [DataRow("a,,b\n1,2,3\n", "KSDK0661 1")]
    [DataRow("a,b,a\n1,2,3\n", "KSDK0661 1")]
    [DataRow("a;b\n1;2\n", "KSDK0661 1")]
    [DataRow("a,b\n1,2\n\"3,4\n5,6\n", "KSDK0663 3")]
    [DataRow("a,b\n1,x\"y\"\n", "KSDK0663 2")]
    public void A_bad_CSV_file_is_an_error_at_its_line(string text, string expected)
    {
        Write("users.csv", text);

        Assert.IsEmpty(DataModules.Write([Plan("users.csv")], folder, Output, diagnostics));

        Assert.AreEqual(expected, $"{diagnostics[0].Code} {diagnostics[0].Location!.Line}", string.Join('\n', diagnostics));
        Assert.AreEqual(Path.Combine(folder, "users.csv"), diagnostics[0].Location!.File);
        Assert.IsFalse(File.Exists(Path.Combine(Output, "data", "users.rows")), "nothing of a bad file can be imported");
    }

    [TestMethod]
    public void A_value_that_is_not_of_its_declared_type_is_an_error_at_its_line()
    {
        Write("users.csv", "id,role\n1,admin\nx,admin\n3,root\n");

        DataModules.Write([Plan("users.csv") with { Columns = [.. Columns("id:integer", "role:admin|member", "nme:string")] }], folder, Output, diagnostics);

        Assert.AreEqual("KSDK0661 1, KSDK0665 3, KSDK0665 4", Codes());
        Assert.Contains("There is: id, role", diagnostics[0].Message);
        Assert.Contains("'x' in the column 'id'", diagnostics[1].Message);
        Assert.Contains("admin, member", diagnostics[2].Message);
    }

    [TestMethod]
    public void A_wrong_encoding_is_an_error_at_its_line_and_marked_encodings_are_read()
    {
        const string Text = "name,city\nJürgen,Köln\nZoë,Zürich\n";
        File.WriteAllBytes(Path.Combine(folder, "latin.csv"), Encoding.Latin1.GetBytes(Text));
        File.WriteAllBytes(Path.Combine(folder, "latin.json"), Encoding.Latin1.GetBytes("[{\"a\":\"x\"},\n{\"a\":\"ü\"}]"));
        File.WriteAllBytes(Path.Combine(folder, "wide.csv"), Encoding.Unicode.GetBytes(Text));
        DataModules.Write([Plan("latin.csv"), Plan("latin.json"), Plan("wide.csv")], folder, Output, diagnostics);
        Assert.AreEqual("KSDK0664 2, KSDK0664 2, KSDK0664 1", Codes());
        diagnostics.Clear();

        foreach (var encoding in new[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            File.WriteAllText(Path.Combine(folder, "marked.csv"), Text, encoding);
            DataModules.Write([Plan("marked.csv")], folder, Output, diagnostics);
            Assert.IsEmpty(diagnostics, encoding.EncodingName);
            Assert.AreEqual("""["Zoë","Zürich"]""", Rows("marked")[1]);
        }
    }

    [TestMethod]
    public void A_restore_leaves_large_files_and_what_was_made_of_them_alone()
    {
        Write("large.csv", "id\n1\n2\n3\n");
        Write("small.csv", "id\n1\n");
        DataPlan[] plans = [Plan("large.csv"), Plan("small.csv")];
        Assert.AreSequenceEqual(["small"], DataModules.Write(plans, folder, Output, diagnostics, mostBytes: 6));

        DataModules.Write(plans, folder, Output, diagnostics);
        Write("large.csv", "id\n1\n2\n3\n4\n");
        Assert.IsEmpty(DataModules.Write(plans, folder, Output, diagnostics, mostBytes: 6));
        Assert.IsTrue(File.Exists(Path.Combine(Output, "data", "large.rows")));
    }

    [TestMethod]
    public void Rows_that_a_killed_build_left_are_removed_and_those_that_another_build_writes_are_not()
    {
        Write("small.csv", "id\n1\n");
        Directory.CreateDirectory(Path.Combine(Output, "data"));
        string[] files = [Path.Combine(Output, "data", "small.rows.1.tmp"), Path.Combine(Output, "data", "small.rows.2.tmp")];
        foreach (var file in files)
        {
            File.WriteAllText(file, "[1]");
        }

        File.SetLastWriteTimeUtc(files[0], DateTime.UtcNow.AddHours(-2));
        DataModules.Write([Plan("small.csv")], folder, Output, diagnostics);

        Assert.IsFalse(File.Exists(files[0]));
        Assert.IsTrue(File.Exists(files[1]));
    }

    [TestMethod]
    public void The_type_of_JSON_rows_is_that_of_all_of_them()
    {
        const string Lines = """
            {"id": 1, "address": {"city": "Oslo", "zip": "0150"}, "tags": ["a", 1]}
            {"id": 2, "address": {"city": "Rome"}, "note": null}
            """;
        var module = Module("people.jsonl", Lines);
        Assert.Contains("readonly id: number;", module);
        Assert.Contains("readonly address: {\n    readonly city: string;\n    readonly zip?: string;\n  };", module);
        Assert.Contains("readonly tags?: ReadonlyArray<string | number>;", module);
        Assert.Contains("readonly note?: null;", module);

        var list = Module("list.json", "[\n  \"lamp\",\n  \"oak\" ]\n");
        Assert.Contains("export type ListRow = string;", list);
        Assert.AreSequenceEqual(["\"lamp\"", "\"oak\""], Rows("list"));
    }

    [TestMethod]
    [DataRow("a.json", "", "KSDK0660 1,1")]
    [DataRow("a.json", "[ ]", "KSDK0660 1,1")]
    [DataRow("a.json", "{}", "KSDK0663 1,1")]
    [DataRow("a.json", "[{\"a\":1},\n {\"a\":}]", "KSDK0663 2,7")]
    [DataRow("a.json", "[{\"a\":1},\n {\"a\":2}", "KSDK0663 2")]
    [DataRow("a.json", "[1]\n[2]", "KSDK0663 2,1")]
    [DataRow("a.jsonl", "{\"a\":1}\n{\"a\":1,}x\n{}", "KSDK0663 2,9")]
    [DataRow("a.jsonl", "\n\n", "KSDK0660 1,1")]
    public void A_bad_JSON_file_is_an_error_at_its_place(string name, string text, string expected)
    {
        Write(name, text);

        DataModules.Write([Plan(name)], folder, Output, diagnostics);

        StringAssert.StartsWith($"{diagnostics[0].Code} {diagnostics[0].Location!.Line},{diagnostics[0].Location!.Column}", expected, diagnostics[0].Message);
    }

    [TestMethod]
    public void Declared_types_of_JSON_are_checked_at_the_row()
    {
        Write("a.json", "[\n{\"id\": 1, \"role\": \"admin\"},\n  {\"id\": 1.5},\n {\"role\": \"root\", \"id\": 2}\n]");

        DataModules.Write([Plan("a.json") with { Columns = [.. Columns("id:integer", "role:admin|member?")] }], folder, Output, diagnostics);

        Assert.AreEqual("KSDK0665 3, KSDK0665 4", Codes());
    }

    [TestMethod]
    public void Errors_of_one_file_end_at_twenty()
    {
        Write("users.csv", "a,b\n" + string.Concat(Enumerable.Repeat("1\n", 100)));

        DataModules.Write([Plan("users.csv")], folder, Output, diagnostics);

        Assert.HasCount(20, diagnostics);
        Assert.Contains("not shown", diagnostics[^1].Message);
    }

    [TestMethod]
    public void Nothing_is_made_again_unless_something_changed()
    {
        Write("users.csv", "a\n1\n");
        var plan = Plan("users.csv");
        IReadOnlyList<string> Make(DataPlan one) => DataModules.Write([one], folder, Output, diagnostics);

        Assert.AreSequenceEqual(["users"], Make(plan));
        Assert.IsEmpty(Make(plan with { Location = new SourceLocation("moved", 9, 9) }));
        File.SetLastWriteTimeUtc(Path.Combine(folder, "users.csv"), DateTime.UtcNow.AddHours(1));
        Assert.IsEmpty(Make(plan));
        Assert.AreSequenceEqual(["users"], Make(plan with { Seed = 7 }));
        File.Delete(Path.Combine(Output, "data", "users.rows"));
        Assert.AreSequenceEqual(["users"], Make(plan with { Seed = 7 }));
        Write("users.csv", "a\n2\n");
        Assert.AreSequenceEqual(["users"], Make(plan with { Seed = 7 }));
        DataModules.Write([], folder, Output, diagnostics);
        Assert.IsEmpty(Directory.EnumerateFiles(Path.Combine(Output, "data")));
        Assert.IsEmpty(diagnostics);
    }

    [TestMethod]
    public void Memory_does_not_grow_with_the_rows()
    {
        using (var file = new StreamWriter(Path.Combine(folder, "large.csv")))
        {
            file.Write("id,name,city\n");
            for (var i = 0; i < 400_000; i++)
            {
                file.Write($"{i},Some long enough name {i},Some city {i % 1000}\n");
            }
        }

        // What is alive, not what waits to be collected.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = 0L;
        using (new Timer(_ => peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true)), null, 0, 50))
        {
            DataModules.Write([Plan("large.csv")], folder, Output, diagnostics);
        }

        Assert.IsEmpty(diagnostics);
        Assert.IsGreaterThan(20L << 20, new FileInfo(Path.Combine(Output, "data", "large.rows")).Length);
        Assert.IsLessThan(8L << 20, peak - before);
    }

    private string Output => Path.Combine(folder, "obj", "k6");

    private DataPlan Plan(string file) => new()
    {
        Name = Path.GetFileNameWithoutExtension(file),
        File = Path.Combine(folder, file),
        Format = Path.GetExtension(file) switch { ".csv" => DataFormat.Csv, ".json" => DataFormat.Json, _ => DataFormat.JsonLines },
        Location = new SourceLocation(Path.Combine(folder, "Load.csproj"), 4, 5),
    };

    private sealed record DataPlanTypes(params string[] Columns);

    private IEnumerable<DataColumn> Columns(params string[] columns)
    {
        Write("none.csv", "");
        var project = new ProjectDeclaration
        {
            File = Path.Combine(folder, "Load.csproj"),
            Items = [new ItemDeclaration("K6Data", "none.csv", new SourceLocation("Load.csproj", 1, 1)) { Metadata = new Dictionary<string, string> { ["Columns"] = string.Join(", ", columns) } }],
        };
        return DataReader.Read(project, []).Single().Columns;
    }

    private string Module(string name, string text, DataPlanTypes? types = null)
    {
        Write(name, text);
        var plan = Plan(name) with { Columns = [.. Columns(types?.Columns ?? [])] };
        DataModules.Write([plan], folder, Output, diagnostics);
        Assert.IsEmpty(diagnostics, string.Join('\n', diagnostics));
        return File.ReadAllText(Path.Combine(Output, "data", plan.Name + ".ts"));
    }

    private string[] Rows(string name) => File.ReadAllText(Path.Combine(Output, "data", name + ".rows")).Split('\n');

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    private string Codes() => string.Join(", ", diagnostics.Select(diagnostic => $"{diagnostic.Code} {diagnostic.Location!.Line}"));
}
