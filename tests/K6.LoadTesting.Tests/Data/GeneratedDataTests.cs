using System.Text.Json;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Data;

[TestClass]
public sealed class GeneratedDataTests : IDisposable
{
    private const string Everything =
        "id: sequence 100, age: integer 18..80, price: number 0.5..9.99, ok: boolean, day: date 2024-01-01..2024-12-31, code: pattern AB-####, key: uuid, first: firstName, "
        + "last: lastName, name: fullName, login: userName, mail: email, tel: phone, street: street, city: city, zip: zip, country: country, company: company, product: product, "
        + "word: word, text: sentence, role: admin 1 | member 9, plan: free|paid";

    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk-data-").FullName;
    private readonly List<Diagnostic> diagnostics = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Rows_have_the_types_and_ranges_of_their_generators()
    {
        var rows = Rows(Plan(Everything) with { Count = 1000, Seed = 42 });
        Assert.HasCount(1000, rows);
        var first = rows[0];
        Assert.AreEqual(100, first[0].GetInt64());
        Assert.IsTrue(rows.All(row => row[1].GetInt64() is >= 18 and <= 80));
        Assert.IsTrue(rows.All(row => row[2].GetDecimal() is >= 0.5m and <= 9.99m));
        Assert.IsTrue(rows.All(row => row[4].GetString()!.StartsWith("2024-", StringComparison.Ordinal)));
        Assert.MatchesRegex("^AB-[0-9]{4}$", first[5].GetString());
        Assert.HasCount(1000, rows.Select(row => row[11].GetString()).Distinct());
        Assert.IsTrue(rows.All(row => row[11].GetString()!.EndsWith("@example.com", StringComparison.Ordinal)));
        var admins = rows.Count(row => row[21].GetString() == "admin");
        Assert.IsTrue(admins is > 60 and < 140, $"{admins} of 1000 with a weight of 1 in 10");
        Assert.Contains("readonly role: 'admin' | 'member';", File.ReadAllText(Path.Combine(Output, "data", "users.ts")));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_rows_and_a_new_column_changes_no_other()
    {
        var rows = Text(Rows(Plan(Everything) with { Count = 50, Seed = 42 }));
        Directory.Delete(Output, recursive: true);
        Assert.AreEqual(rows, Text(Rows(Plan(Everything) with { Count = 50, Seed = 42 })));
        Assert.AreNotEqual(rows, Text(Rows(Plan(Everything) with { Count = 50, Seed = 43 })));

        var alone = Rows(Plan("age: integer 18..80") with { Count = 50, Seed = 42 }).Select(row => row[0].GetInt64());
        var among = Rows(Plan(Everything) with { Count = 50, Seed = 42 }).Select(row => row[1].GetInt64());
        Assert.AreSequenceEqual(alone, among);
        // A change of these would change the data of everybody who has a seed.
        Assert.AreEqual("24 51 80", string.Join(' ', alone.Take(3)));
    }

    [TestMethod]
    public void Without_a_seed_one_is_chosen_told_and_kept_and_in_CI_it_is_an_error()
    {
        var plan = Plan("id: sequence") with { Count = 5 };
        var variables = new Dictionary<string, string?> { ["CI"] = "true" };
        DataModules.Write([plan], folder, Output, diagnostics, variable: variables.GetValueOrDefault);
        Assert.AreEqual(Rules.SeedMissing.Code, diagnostics.Single().Code);
        Assert.AreEqual(plan.Location, diagnostics[0].Location);

        diagnostics.Clear();
        Assert.AreSequenceEqual(["users"], DataModules.Write([plan], folder, Output, diagnostics, variable: _ => null));
        Assert.AreEqual(Rules.SeedChosen.Code, diagnostics.Single().Code);
        Assert.IsEmpty(DataModules.Write([plan], folder, Output, diagnostics, variable: _ => null));
    }

    [TestMethod]
    [DataRow("id: sequense", "Did you mean 'sequence'?")]
    [DataRow("age: integer 80..18", "Write integer 18..80.")]
    [DataRow("age: integer", "range")]
    [DataRow("day: date 2024-13-01..2024-12-31", "Write date 2024-01-01..2024-12-31.")]
    [DataRow("mail: email a@b.c", "takes nothing")]
    [DataRow("code: pattern", "pattern")]
    [DataRow("role: admin 0 | member 9", "weight")]
    public void A_generator_that_cannot_be_read_is_an_error_with_what_to_write(string columns, string words)
    {
        Plan(columns);

        Assert.AreEqual(Rules.InvalidGenerator.Code, diagnostics.Single().Code);
        Assert.Contains(words, diagnostics[0].Message);
    }

    [TestMethod]
    public void An_error_in_a_list_of_lines_is_at_its_line()
    {
        Plan("\n      id: sequence\n      age: interger 1..2\n      name\n    ");

        Assert.AreEqual("KSDK0104 9,7", Place(diagnostics[0]));
        Assert.AreEqual("KSDK0184 8,7", Place(diagnostics[1]));

        static string Place(Diagnostic diagnostic) => $"{diagnostic.Code} {diagnostic.Location!.Line},{diagnostic.Location.Column}";
    }

    private string Output => Path.Combine(folder, "obj", "k6");

    private DataPlan Plan(string columns)
    {
        var item = new ItemDeclaration("K6Data", "users", new SourceLocation(Path.Combine(folder, "Load.csproj"), 5, 5))
        {
            Metadata = new Dictionary<string, string> { ["Generate"] = columns, ["Count"] = "10" },
            MetadataLocations = new Dictionary<string, SourceLocation> { ["Generate"] = new(Path.Combine(folder, "Load.csproj"), 6, 7) },
        };
        return DataReader.Read(new ProjectDeclaration { File = Path.Combine(folder, "Load.csproj"), Items = [item] }, diagnostics) is [var plan] ? plan : null!;
    }

    private JsonElement[][] Rows(DataPlan plan)
    {
        DataModules.Write([plan], folder, Output, diagnostics);
        Assert.IsEmpty(diagnostics);
        return [.. File.ReadLines(Path.Combine(Output, "data", "users.rows")).Select(line => JsonSerializer.Deserialize<JsonElement[]>(line)!)];
    }

    private static string Text(JsonElement[][] rows) => string.Join('\n', rows.Select(row => string.Join(',', row)));
}
