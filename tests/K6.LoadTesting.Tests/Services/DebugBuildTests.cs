using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services;
using K6.LoadTesting.Tests.Engines;

namespace K6.LoadTesting.Tests.Services;

[TestClass]
public class DebugBuildTests
{
    [TestMethod]
    public void A_program_without_optimisation_is_a_warning_at_its_service()
    {
#if !DEBUG
        Assert.Inconclusive("the dummy is built in Release");
#endif
        var warning = DebugBuild.Check(Plan(EngineLab.Dotnet, "exec", EngineLab.DummyAssembly, "service"));

        Assert.AreEqual("KSDK0506", warning!.Code);
        Assert.AreEqual(DiagnosticSeverity.Warning, warning.Severity);
        Assert.AreEqual(12, warning.Location!.Line);
        Assert.IsNotNull(DebugBuild.Check(Plan(Path.ChangeExtension(EngineLab.DummyAssembly, null))), "its own program");
    }

    [TestMethod]
    public void Programs_with_optimisation_and_those_of_others_are_none()
    {
        Assert.IsNull(DebugBuild.Check(Plan(EngineLab.Dotnet, "exec", typeof(object).Assembly.Location)));
        Assert.IsNull(DebugBuild.Check(Plan(EngineLab.Dotnet, "exec", "nowhere.dll")));
        Assert.IsNull(DebugBuild.Check(Plan("node", "server.js")));
        Assert.IsNull(DebugBuild.Check(Plan(EngineLab.Dotnet) with { Command = null, Url = "http://localhost:1" }));
    }

    private static ServicePlan Plan(string command, params string[] arguments) => new()
    {
        Name = "shop",
        Command = command,
        Arguments = arguments,
        Location = new SourceLocation(Path.Combine(Path.GetTempPath(), "Shop.csproj"), 12, 5),
    };
}
