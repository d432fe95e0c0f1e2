using System.Reflection;
using System.Text.RegularExpressions;
using K6.Embedded.Cli;

namespace K6.Embedded.Tests;

/// <summary><c>docs/codes.md</c> and <c>docs/embedded-engine.md</c> have the codes of <see cref="Unsupported"/>.</summary>
[TestClass]
public sealed partial class CodesPageTests
{
    private static readonly string[] Codes =
    [
        .. typeof(Unsupported).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(UnsupportedException))
            .Select(method => ((UnsupportedException)method.Invoke(null, [.. method.GetParameters().Select(_ => "x")])!).Message[..8])
            .Append(Unsupported.EngineFailure)
            .Order(StringComparer.Ordinal),
    ];

    [TestMethod]
    [DataRow("codes.md")]
    [DataRow("embedded-engine.md")]
    public void Every_code_of_the_engine_has_exactly_one_row_sorted(string page) =>
        Assert.AreEqual(
            string.Join('\n', Codes),
            string.Join('\n', File.ReadLines(Path.Combine(Root, "docs", page)).Select(line => Row().Match(line)).Where(m => m.Success).Select(m => m.Groups["code"].Value)));

    [TestMethod]
    public void They_are_errors() =>
        Assert.IsFalse(File.ReadLines(Path.Combine(Root, "docs", "codes.md")).Any(line => Row().IsMatch(line) && !line.Contains("| error |", StringComparison.Ordinal)));

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "K6Build.sln")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("K6Build.sln is in no folder above the tests");
            }

            return folder;
        }
    }

    [GeneratedRegex(@"^\| `?(?<code>KSDK07[0-9]{2})`? \|")]
    private static partial Regex Row();
}
