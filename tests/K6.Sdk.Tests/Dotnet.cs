using System.Collections;
using System.Diagnostics;
using System.Text;

namespace K6.Sdk.Tests;

/// <summary>What a <c>dotnet</c> command left.</summary>
internal sealed record DotnetRun(int ExitCode, string Output, string StandardOutput)
{
    /// <summary>Fails with the whole output unless the command succeeded.</summary>
    public DotnetRun Succeeded()
    {
        Assert.AreEqual(0, ExitCode, Output);
        return this;
    }

    /// <summary>Fails with the whole output unless the command failed and one line says all of these.</summary>
    public DotnetRun FailedWith(params string[] parts)
    {
        Assert.AreNotEqual(0, ExitCode, Output);
        return Says(parts);
    }

    /// <summary>Fails with the whole output unless one line says all of these.</summary>
    public DotnetRun Says(params string[] parts)
    {
        Assert.IsTrue(
            Output.Split('\n').Any(line => parts.All(part => line.Contains(part, StringComparison.Ordinal))),
            $"No line says {string.Join(" and ", parts)}:\n{Output}");
        return this;
    }

    /// <summary>Fails with the whole output when a line says this.</summary>
    public DotnetRun DoesNotSay(string part)
    {
        Assert.DoesNotContain(part, Output);
        return this;
    }
}

/// <summary>Starts <c>dotnet</c> as a user's shell would.</summary>
internal static class Dotnet
{
    // What this test run itself was started with, and what a user's machine may have set for k6, is none of the consumer's business.
    private static readonly string[] NotInherited = ["MSBUILD", "_MSBUILD", "VSTEST", "TESTINGPLATFORM", "K6_", "COREHOST_", "DOTNET_HOST_PATH"];

    public static DotnetRun Run(string folder, string packages, params string[] arguments) =>
        Run(folder, packages, null, arguments);

    // A network namespace of its own has a loopback device and nothing else.
    private static readonly string[] Offline = ["unshare", "-rn", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"];

    /// <summary>Whether a command can be run without any network; where it cannot, its proxies lead nowhere.</summary>
    public static bool CanCutNetwork { get; } = StartsOffline();

    /// <summary>Runs a command on a machine whose network is gone but for loopback.</summary>
    public static DotnetRun RunOffline(string folder, string packages, params string[] arguments)
    {
        const string Nowhere = "http://127.0.0.1:9";
        var proxies = new Dictionary<string, string> { ["NO_PROXY"] = "127.0.0.1,localhost", ["no_proxy"] = "127.0.0.1,localhost" };
        foreach (var name in (string[])["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
        {
            proxies[name] = Nowhere;
        }

        return Run(folder, packages, null, arguments, proxies, launcher: CanCutNetwork ? Offline : []);
    }

    private static bool StartsOffline()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Offline[0], [.. Offline[1..], "true"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs a command, and interrupts it as Ctrl-C does, or in a way of the caller's, once its output has a text.</summary>
    public static DotnetRun Run(
        string folder, string packages, string? interruptAt, string[] arguments, IReadOnlyDictionary<string, string>? environment = null, Action<int>? interrupt = null, string[]? launcher = null)
    {
        string[] command = [.. launcher ?? [], "dotnet", .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => (string)e.Key))
        {
            if (NotInherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                start.Environment.Remove(name);
            }
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        start.Environment["NUGET_PACKAGES"] = packages;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = new Process { StartInfo = start };
        var everything = new StringBuilder();
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(line.Data, output);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, null);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', arguments)} did not end within 5 minutes:\n{everything}");
        }

        process.WaitForExit();
        return new DotnetRun(process.ExitCode, $"> dotnet {string.Join(' ', arguments)}\n{everything}", output.ToString());

        void Keep(string? line, StringBuilder? also)
        {
            if (line is null)
            {
                return;
            }

            lock (everything)
            {
                everything.Append(line).Append('\n');
                also?.Append(line).Append('\n');
                if (interruptAt is not null && line.Contains(interruptAt, StringComparison.Ordinal))
                {
                    interruptAt = null;
                    if (interrupt is not null)
                    {
                        interrupt(process.Id);
                        return;
                    }

                    using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
                }
            }
        }
    }
}
