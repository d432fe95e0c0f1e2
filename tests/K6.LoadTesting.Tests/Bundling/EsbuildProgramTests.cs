using System.Runtime.InteropServices;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Bundling;

[TestClass]
public sealed class EsbuildProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk esbuild ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_platform_that_the_package_lacks_is_an_error_that_names_the_way_out()
    {
        var failure = Assert.ThrowsExactly<LoadTestException>(() => EsbuildProgram.Find(_folder, "", _folder));

        Assert.AreEqual("KSDK0033", failure.Diagnostic.Code);
        StringAssert.Contains(failure.Message, "K6EsbuildPath");
    }

    [TestMethod]
    public void A_given_program_that_does_not_exist_is_an_error()
    {
        var failure = Assert.ThrowsExactly<LoadTestException>(() => EsbuildProgram.Find(_folder, "/nowhere/esbuild", _folder));

        StringAssert.Contains(failure.Message, "/nowhere/esbuild");
    }

    [TestMethod]
    public void A_program_that_only_its_owner_may_execute_becomes_executable_for_all()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has no execute bit.");
            return;
        }

        var platform = $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var program = Path.Combine(_folder, platform, "esbuild");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        File.WriteAllText(program, "#!/bin/sh\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Assert.AreEqual(program, EsbuildProgram.Find(_folder, "", Path.Combine(_folder, "copy")));
        Assert.IsTrue(File.GetUnixFileMode(program).HasFlag(UnixFileMode.OtherExecute | UnixFileMode.GroupExecute));
    }
}
