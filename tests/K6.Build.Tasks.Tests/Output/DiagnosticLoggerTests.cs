using K6.Build.Tasks.Output;
using K6.LoadTesting.Diagnostics;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace K6.Build.Tasks.Tests.Output;

[TestClass]
public sealed class DiagnosticLoggerTests
{
    private readonly FakeBuildEngine _engine = FakeBuildEngine.New();

    [TestMethod]
    public void An_error_has_code_place_and_help_link_and_nothing_that_a_problem_matcher_does_not_know()
    {
        Write(new Diagnostic("KSDK0103", DiagnosticSeverity.Error, "There is no {such}\nmetadatum.\r\n", new SourceLocation("/p/a.csproj", 5, 7)));

        var error = _engine.Errors.Single();
        Assert.AreEqual("KSDK0103 /p/a.csproj 5 7 0 0", $"{error.Code} {error.File} {error.LineNumber} {error.ColumnNumber} {error.EndLineNumber} {error.EndColumnNumber}");
        Assert.AreEqual("There is no {such} metadatum.", error.Message);
        Assert.IsTrue(string.IsNullOrEmpty(error.Subcategory));
        StringAssert.StartsWith(error.HelpLink, "file://");
        StringAssert.EndsWith(error.HelpLink, "/docs/codes.md#ksdk0103");
    }

    [TestMethod]
    public void Codes_of_other_tools_have_no_help_link()
    {
        Write(new Diagnostic("TS2322", DiagnosticSeverity.Warning, "text", new SourceLocation("/p/a.ts", 1, 1)));

        Assert.AreEqual("TS2322", _engine.Warnings.Single().Code);
        Assert.IsNull(_engine.Warnings.Single().HelpLink);
    }

    [TestMethod]
    public void A_diagnostic_without_a_place_is_at_the_project_and_not_at_our_targets()
    {
        Write(new Diagnostic("KSDK0380", DiagnosticSeverity.Error, "text"));
        Write(new Diagnostic("KSDK0381", DiagnosticSeverity.Warning, "text"));

        Assert.AreEqual(("/p/project.csproj", 1), (_engine.Errors.Single().File, _engine.Errors.Single().LineNumber));
        Assert.AreEqual(("/p/project.csproj", 1), (_engine.Warnings.Single().File, _engine.Warnings.Single().LineNumber));
    }

    [TestMethod]
    public void Information_is_a_message_that_people_see()
    {
        Write(new Diagnostic("KSDK0350", DiagnosticSeverity.Info, "text", new SourceLocation("/p/a.ts", 1, 1)));

        Assert.AreEqual(MessageImportance.High, _engine.Events.OfType<BuildMessageEventArgs>().Single().Importance);
    }

    private void Write(Diagnostic diagnostic) =>
        DiagnosticLogger.Write(new TaskLoggingHelper(_engine.Engine, "Test"), diagnostic, "/p/project.csproj");
}
