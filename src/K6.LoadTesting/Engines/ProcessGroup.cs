using System.Runtime.InteropServices;

namespace K6.LoadTesting.Engines;

/// <summary>
/// Process groups on POSIX. .NET cannot start a child in a group of its own (dotnet/runtime#44944), and after its start the
/// parent may not move it (setpgid: EACCES). So <c>setsid</c> does it where it exists (util-linux, BusyBox), and Perl on macOS:
/// both become the program itself, with its process id, exit code and environment. A shell would not: <c>dash</c> takes away variables with a dot or
/// a dash in their names, and has no job control without a terminal.
/// </summary>
internal static class ProcessGroup
{
    public const int Sigkill = 9;
    public const int Sigterm = 15;

    // Ends when its standard input does; a line there, and it becomes the program. Perl, for a shell would take variables away, and
    // for its own locale it is told not to complain.
    private const string Gate =
        """
        delete $ENV{PERL_BADLANG};
        defined(<STDIN>) or exit 137;
        open(STDIN, "<", "/dev/null");
        exec { $ARGV[0] } @ARGV;
        my $code = $! == 2 ? 127 : 126;
        print STDERR "$ARGV[0]: $!\n";
        exit $code
        """;

    private static readonly Lazy<string?> Perl = new(() => Programs.Find("perl", "/usr/bin:/usr/local/bin:/opt/homebrew/bin"));
    private static readonly Lazy<string[]> Leader = new(FindLeader);

    /// <summary>The command that runs a program as the leader of a group of its own; the program itself where nothing can.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) Wrap(string program, IReadOnlyList<string> arguments) =>
        Leader.Value is [var first, .. var rest] ? (first, [.. rest, program, .. arguments]) : (program, arguments);

    /// <summary>As <see cref="Wrap"/>, but it waits for a line on its standard input first, and ends with that; <c>Waits</c> is false where there is no Perl.</summary>
    public static (string Program, IReadOnlyList<string> Arguments, bool Waits) WrapWaiting(string program, IReadOnlyList<string> arguments)
    {
        var waits = Perl.Value is not null;
        var (first, rest) = waits ? Wrap(Perl.Value!, ["-e", Gate, program, .. arguments]) : Wrap(program, arguments);
        return (first, rest, waits);
    }

    /// <summary>Signals a group, or the process alone when there is no such group (yet).</summary>
    public static void Signal(int id, int signal, bool groupOnly = false)
    {
        if (Kill(-id, signal) != 0 && !groupOnly)
        {
            _ = Kill(id, signal);
        }
    }

    private static string[] FindLeader()
    {
        if (Programs.Find("setsid", "/usr/bin:/bin:/usr/local/bin") is { } setsid)
        {
            return [setsid];
        }

        return Perl.Value is { } perl
            ? [perl, "-e", "setpgrp(0, 0); exec { $ARGV[0] } @ARGV or exit 127"]
            : [];
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int id, int signal);
}
