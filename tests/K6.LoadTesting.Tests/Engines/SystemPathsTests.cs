using K6.LoadTesting.Authoring;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Reports;

namespace K6.LoadTesting.Tests.Engines;

/// <summary>Paths as Windows and macOS have them, in what engines, compilers and CI systems write and read. No test needs the system.</summary>
[TestClass]
public sealed class SystemPathsTests
{
    [TestMethod]
    [DataRow("TypeError: nobody\n\tat default (file:///C:/Users/J%C3%B6rg/my%20shop/browse.ts:9:26(24))", "Users/Jörg/my shop/browse.ts", 9, 26)]
    [DataRow("\tat file:///D:/shop/lib.js:1:2(3)", "shop/lib.js", 1, 2)]
    [DataRow("\tat default (file:///Users/j%C3%B6rg/Library/shop.ts:3:7(2))", "Users/jörg/Library/shop.ts", 3, 7)]
    public void A_frame_of_a_stack_has_its_file_line_and_column(string stack, string file, int line, int column)
    {
        var place = StackFrames.First(stack)!;

        Assert.EndsWith(file, place.File.Replace('\\', '/'));
        Assert.AreEqual((line, column), (place.Line, place.Column));
    }

    [TestMethod]
    [DataRow("C:/my shop/browse.ts(12,7): error TS2322: Type 'x (1,2)' is wrong.\r\n", "my shop/browse.ts")]
    [DataRow("C:\\my shop\\browse.ts(12,7): error TS2322: Type 'x (1,2)' is wrong.\r\n", "my shop/browse.ts")]
    [DataRow("../other/browse.ts(12,7): error TS2322: Type 'x (1,2)' is wrong.\n", "other/browse.ts")]
    public void An_error_of_the_compiler_has_its_file_line_and_column(string printed, string file)
    {
        var error = TypeScriptCompiler.Parse(printed, Path.GetTempPath()).Errors.Single();

        Assert.EndsWith(file, error.Location!.File.Replace('\\', '/'));
        Assert.AreEqual((12, 7, "TS2322", "Type 'x (1,2)' is wrong."), (error.Location.Line, error.Location.Column, error.Code, error.Message));
    }

    [TestMethod]
    public void A_CI_system_reads_the_path_of_its_agent()
    {
        var command = CiSurfaces.LogIssue(new Diagnostic("KSDK0320", DiagnosticSeverity.Error, "too slow", new SourceLocation(@"C:\a\1\s\Shop; [1]\Load.csproj", 3, 5)))!;

        Assert.Contains(@"sourcepath=C:\a\1\s\Shop%3B [1%5D\Load.csproj;", command);
        Assert.Contains("linenumber=3", command);
    }
}
