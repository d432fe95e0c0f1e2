using K6.LoadTesting.Results;
using K6.LoadTesting.Tests.Bundling;

namespace K6.Faults.Tests;

/// <summary>Limits of the machine that the build itself runs into, and ports that others have.</summary>
internal static class LimitFaults
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("run", "another program takes k6's REST port", "k6 is started once more, and passes", RestPortIsTakenAsync),
        new("any", "the build has no file handles", "exit code other than 0; a failed result, if the run began", BuildWithoutHandlesAsync) { MayBeGreen = true, LeavesAside = true },
    ];

    private static async Task RestPortIsTakenAsync(Lab lab)
    {
        lab.RequireK6();
        lab.K6Path = lab.WriteProgram("k6", $$"""
            if [ "$1" = run ] && [ ! -e '{{lab.PathOf("once")}}' ]; then
              touch '{{lab.PathOf("once")}}'
              n=$#
              while [ "$n" -gt 0 ]; do a=$1; shift; case "$a" in 127.0.0.1:*) a=127.0.0.1:{{lab.Server.Port}};; esac; set -- "$@" "$a"; n=$((n - 1)); done
            fi
            exec '{{TestTools.K6}}' "$@"
            """);
        var result = await lab.RunAsync();
        Assert.AreEqual(Verdict.Passed, result.Verdict, Lab.Said(result));
        Assert.IsTrue(File.Exists(lab.PathOf("once")));
        File.Delete(lab.ResultFile);
    }

    private static async Task BuildWithoutHandlesAsync(Lab lab)
    {
        using var build = Build.Start(lab, ["sh", "-c", "ulimit -n 90; exec \"$@\"", "sh"], []);
        Assert.AreNotEqual(0, await build.EndAsync(), build.Output);
    }
}
