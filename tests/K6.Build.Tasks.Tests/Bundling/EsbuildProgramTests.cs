using System.Runtime.InteropServices;
using K6.Build.Tasks.Bundling;
using K6.LoadTesting.Diagnostics;

namespace K6.Build.Tasks.Tests.Bundling;

[TestClass]
public sealed class EsbuildProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_platform_that_the_package_lacks_is_an_error_that_names_the_way_out()
    {
        var failure = Assert.ThrowsExactly<LoadTestException>(() => EsbuildProgram.Find(_folder.Root, "", _folder.Root));

        Assert.AreEqual("KSDK0033", failure.Diagnostic.Code);
        StringAssert.Contains(failure.Message, "K6EsbuildPath");
    }

    [TestMethod]
    public void A_given_program_that_does_not_exist_is_an_error()
    {
        var failure = Assert.ThrowsExactly<LoadTestException>(() => EsbuildProgram.Find(_folder.Root, "/nowhere/esbuild", _folder.Root));

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
        var program = _folder.Write($"{platform}/esbuild", "#!/bin/sh\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Assert.AreEqual(program, EsbuildProgram.Find(_folder.Root, "", Path.Combine(_folder.Root, "copy")));
        Assert.IsTrue(File.GetUnixFileMode(program).HasFlag(UnixFileMode.OtherExecute | UnixFileMode.GroupExecute));
    }
}
