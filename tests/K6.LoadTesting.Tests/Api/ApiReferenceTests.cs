using System.Reflection;
using K6.LoadTesting.Tests.Api.Reference;

namespace K6.LoadTesting.Tests.Api;

/// <summary>
/// The public interface of the library is recorded, commented and documented. To write the files anew:
/// <c>K6SDK_WRITE_API=1 dotnet test tests/K6.LoadTesting.Tests --filter ApiReferenceTests</c>.
/// </summary>
[TestClass]
public sealed class ApiReferenceTests
{
    private const string Advice = "Where the change is meant, run the test with K6SDK_WRITE_API=1, look at the difference and commit it.";

    private static readonly Assembly Library = typeof(K6Runner).Assembly;

    private static readonly string Record = Path.Combine(Repository.Root, "src", "K6.LoadTesting", "PublicAPI.txt");

    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "api");

    private static readonly bool Writes = Environment.GetEnvironmentVariable("K6SDK_WRITE_API") == "1";

    [TestMethod]
    public void The_public_interface_is_the_recorded_one()
    {
        var surface = Surface.Write(Library);
        if (Writes)
        {
            File.WriteAllText(Record, surface);
        }

        AssertSame(surface, Record);
    }

    [TestMethod]
    public void The_pages_of_the_interface_are_what_the_comments_say()
    {
        var pages = Pages.Write(Library);
        if (Writes)
        {
            Directory.CreateDirectory(Folder);
            foreach (var file in Directory.GetFiles(Folder).Where(file => !pages.ContainsKey(Path.GetFileName(file))))
            {
                File.Delete(file);
            }

            foreach (var (name, text) in pages)
            {
                File.WriteAllText(Path.Combine(Folder, name), text);
            }
        }

        CollectionAssert.AreEquivalent(pages.Keys.ToList(), Directory.GetFiles(Folder).Select(Path.GetFileName).ToList(), Advice);
        foreach (var (name, text) in pages)
        {
            AssertSame(text, Path.Combine(Folder, name));
        }
    }

    [TestMethod]
    public void Every_public_type_and_member_has_a_comment() => Assert.AreEqual("", string.Join('\n', Pages.Uncommented(Library)));

    // The lines that differ are easier to read than two long texts.
    private static void AssertSame(string text, string file)
    {
        var recorded = File.ReadAllText(file).ReplaceLineEndings("\n");
        var before = recorded.Split('\n');
        var now = text.Split('\n');
        var differences = before.Except(now).Select(line => $"- {line}").Concat(now.Except(before).Select(line => $"+ {line}"));
        Assert.IsTrue(text == recorded, $"{Path.GetFileName(file)} differs. {Advice}\n{string.Join('\n', differences)}");
    }
}
