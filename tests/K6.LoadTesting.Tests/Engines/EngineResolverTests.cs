using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Engines;

[TestClass]
[UnsupportedOSPlatform("windows")]
public class EngineResolverTests
{
    private const string K6 = "#!/bin/sh\necho '{\"version\":\"v1.3.0+dirty\",\"commit\":\"x\"}'\n";

    private readonly EngineLocations _locations = new(EngineLab.DummyAssembly, EngineLab.Dotnet);
    private readonly List<Diagnostic> _diagnostics = [];
    private string _folder = "";

    [TestInitialize]
    public void Make()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("programs of these tests are shell scripts");
        }

        _folder = Directory.CreateTempSubdirectory("k6 path").FullName;
    }

    [TestCleanup]
    public void Remove()
    {
        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task K6_on_PATH_is_found_with_its_version()
    {
        var file = Program("k6", K6);
        var engine = await ResolveAsync(new RunSettings());
        Assert.AreEqual(new EngineInfo("k6", "1.3.0", file), engine.Info);
        Assert.IsEmpty(_diagnostics);
    }

    [TestMethod]
    public async Task K6Path_comes_before_K6_PATH_and_that_before_PATH()
    {
        Program("k6", K6);
        var variable = Program("k6-of-variable", K6);
        var property = Program("k6-of-property", K6);
        Assert.AreEqual(property, (await ResolveAsync(new RunSettings { K6Path = property }, ("K6_PATH", variable))).Program);
        Assert.AreEqual(variable, (await ResolveAsync(new RunSettings(), ("K6_PATH", variable))).Program);
    }

    [TestMethod]
    public async Task Without_k6_the_embedded_engine_runs_with_a_warning_that_names_it_and_the_way_to_k6()
    {
        var engine = await ResolveAsync(new RunSettings());
        Assert.AreEqual(new EngineInfo("embedded", "9.8.7", EngineLab.DummyAssembly), engine.Info);
        var warning = _diagnostics.Single();
        Assert.AreEqual("KSDK0007", warning.Code);
        Assert.AreEqual(DiagnosticSeverity.Warning, warning.Severity);
        Assert.Contains("embedded engine", warning.Message);
        Assert.Contains("https://grafana.com/docs/k6", warning.Message);
    }

    [TestMethod]
    public async Task The_embedded_engine_by_choice_gives_no_warning()
    {
        Program("k6", K6);
        Assert.AreEqual("embedded", (await ResolveAsync(new RunSettings { Engine = EngineChoice.Embedded })).Info.Name);
        Assert.IsEmpty(_diagnostics);
    }

    [TestMethod]
    public void The_build_of_this_platform_comes_before_the_portable_one()
    {
        var portable = Program("K6.Embedded.dll", "");
        var locations = new EngineLocations(portable, EngineLab.Dotnet);
        Program("none-x64/K6.Embedded.dll", "");
        Assert.AreEqual(portable, locations.EmbeddedAssemblyHere);
        var system = OperatingSystem.IsMacOS() ? "osx" : "linux";
        var compiled = Program($"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}/K6.Embedded.dll", "");
        Assert.AreEqual(compiled, locations.EmbeddedAssemblyHere);
    }

    [TestMethod]
    public async Task K6_that_is_forced_and_missing_is_an_error() =>
        await ErrorAsync("KSDK0001", new RunSettings { Engine = EngineChoice.K6 }, "on PATH");

    [TestMethod]
    public async Task A_path_without_a_file_is_an_error_also_when_the_choice_is_free()
    {
        Program("k6", K6);
        await ErrorAsync("KSDK0002", new RunSettings { K6Path = "/no/such/k6" }, "K6Path is '/no/such/k6'");
    }

    [TestMethod]
    public async Task A_file_that_is_not_executable_is_an_error()
    {
        var file = Program("tool", K6);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ErrorAsync("KSDK0003", new RunSettings { K6Path = file }, "chmod +x");
    }

    [TestMethod]
    public async Task A_program_for_another_system_is_an_error()
    {
        var file = Program("tool", "\u007fELF nonsense \0\u0001\u0002");
        await ErrorAsync("KSDK0003", new RunSettings { K6Path = file }, "cannot be executed");
    }

    [TestMethod]
    public async Task A_program_that_is_not_k6_is_an_error()
    {
        await ErrorAsync("KSDK0004", new RunSettings { K6Path = Program("tool", "#!/bin/sh\necho Python 3.12\n") }, "is not k6");
        await ErrorAsync("KSDK0004", new RunSettings { K6Path = Program("tool2", "#!/bin/sh\necho usage >&2\nexit 3\n") }, "exit code 3, 'usage'");
        await ErrorAsync("KSDK0004", new RunSettings { K6Path = Program("tool3", "#!/bin/sh\necho '{\"version\":3}'\n") }, "is not k6");
    }

    [TestMethod]
    public async Task An_old_k6_is_an_error_also_when_it_knows_no_json()
    {
        await ErrorAsync("KSDK0005", new RunSettings { K6Path = Program("tool", "#!/bin/sh\necho '{\"version\":\"v0.57.0\"}'\n") }, "is k6 0.57.0; 1.0.0 or newer");
        await ErrorAsync("KSDK0005", new RunSettings { K6Path = Program("tool2", "#!/bin/sh\n[ \"$2\" = --json ] && { echo 'unknown flag: --json' >&2; exit 255; }\necho 'k6 v0.45.0 (commit/x, go1.20, linux/amd64)'\n") }, "is k6 0.45.0");
    }

    [TestMethod]
    public async Task An_old_k6_on_PATH_is_passed_over_with_a_warning_when_the_choice_is_free()
    {
        Program("k6", "#!/bin/sh\necho '{\"version\":\"v0.57.0\"}'\n");
        Assert.AreEqual("embedded", (await ResolveAsync(new RunSettings())).Info.Name);
        CollectionAssert.AreEqual(new[] { "KSDK0005", "KSDK0007" }, _diagnostics.Select(diagnostic => diagnostic.Code).ToArray());
        Assert.IsTrue(_diagnostics.All(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning));
        await ErrorAsync("KSDK0005", new RunSettings { Engine = EngineChoice.K6 }, "0.57.0");
    }

    [TestMethod]
    public async Task A_program_that_gives_no_answer_is_an_error()
    {
        var (program, problem) = await EngineProbe.K6Async(Program("tool", "#!/bin/sh\nsleep 60\n"), null, CancellationToken.None, TimeSpan.FromSeconds(0.5));
        Assert.IsNull(program);
        Assert.AreEqual("KSDK0006", problem!.Code);
    }

    [TestMethod]
    public async Task An_installed_k6_comes_after_PATH_and_before_it_when_the_project_says_a_version()
    {
        var installed = Program("installed", K6);
        var packaged = Program("packaged", K6);
        Assert.AreEqual(installed, (await AtAsync(_locations with { InstalledK6 = installed })).Program);
        Assert.IsEmpty(_diagnostics);

        var path = Program("k6", K6);
        Assert.AreEqual(path, (await AtAsync(_locations with { InstalledK6 = installed })).Program);
        Assert.AreEqual(installed, (await AtAsync(_locations with { InstalledK6 = installed, PinnedVersion = "1.3.0" })).Program);
        Assert.AreEqual(packaged, (await AtAsync(_locations with { InstalledK6 = installed, PinnedVersion = "1.3.0", PackagedK6 = packaged })).Program);
        Assert.IsEmpty(_diagnostics);
    }

    [TestMethod]
    public async Task Another_version_than_K6Version_is_a_warning()
    {
        Program("k6", K6);
        await AtAsync(_locations with { PinnedVersion = "2.2.0" });
        Assert.AreEqual("KSDK0017", _diagnostics.Single().Code);
        Assert.Contains("K6Version is 2.2.0, and k6 1.3.0 runs", _diagnostics.Single().Message);
    }

    private Task<EngineProgram> AtAsync(EngineLocations locations) =>
        EngineResolver.ResolveAsync(new RunSettings { Engine = EngineChoice.K6 }, locations, Machine(), null, _diagnostics, CancellationToken.None);

    [TestMethod]
    public async Task A_package_without_the_embedded_engine_is_an_error()
    {
        var error = await Assert.ThrowsExactlyAsync<LoadTestException>(() => EngineResolver.ResolveAsync(
            new RunSettings(), new EngineLocations(null, EngineLab.Dotnet), Machine(), null, _diagnostics, CancellationToken.None));
        Assert.AreEqual("KSDK0008", error.Diagnostic.Code);
    }

    private string Program(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    private Dictionary<string, string> Machine(params (string Name, string Value)[] variables) =>
        variables.Append(("PATH", _folder)).ToDictionary(variable => variable.Item1, variable => variable.Item2);

    private Task<EngineProgram> ResolveAsync(RunSettings settings, params (string Name, string Value)[] variables) =>
        EngineResolver.ResolveAsync(settings, _locations, Machine(variables), "/p/Shop.csproj", _diagnostics, CancellationToken.None);

    private async Task ErrorAsync(string code, RunSettings settings, string text)
    {
        var exception = await Assert.ThrowsExactlyAsync<LoadTestException>(() => ResolveAsync(settings));
        Assert.AreEqual(code, exception.Diagnostic.Code, exception.Message);
        Assert.Contains(text, exception.Message);
        Assert.AreEqual("/p/Shop.csproj(1,1)", exception.Diagnostic.Location!.ToString());
    }
}
