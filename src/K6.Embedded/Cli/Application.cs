using K6.Embedded.Execution;
using K6.Embedded.Options;

namespace K6.Embedded.Cli;

/// <summary>The program: subcommands, the log, and errors as k6 reports them.</summary>
internal static class Application
{
    /// <summary>Runs the program and gives its exit code.</summary>
    public static int Run(EngineHost host)
    {
        // k6 reports what is wrong with its flags as text, whatever the format of the log.
        var fallback = new EngineLog(host.Error, LogFormat.Text);
        TextWriter? logFile = null;
        EngineLog? log = null;
        try
        {
            var (command, rest) = SplitCommand(host.Arguments);
            if (command is null)
            {
                host.Output.WriteLine(Help);
                return ExitCodes.Ok;
            }

            var flags = FlagSet.Parse(rest);
            if (flags.Bool("help") == true)
            {
                host.Output.WriteLine(Help);
                return ExitCodes.Ok;
            }

            fallback = new EngineLog(host.Error, FormatOf(host));
            (log, logFile) = OpenLog(host, flags);
            return command switch
            {
                "run" => Run(host, flags, log),
                "inspect" => InspectCommand.Execute(host, flags, log),
                "version" => VersionCommand.Execute(host, flags),
                "archive" or "cloud" or "deps" or "new" or "completion" or "features" or "x" => throw Unsupported.Command(command),
                _ => throw new UsageException($"unknown command {GoText.Quote(command)} for \"k6\""),
            };
        }
        catch (UsageException e)
        {
            (log ?? fallback).Error(e.Message);
            return e.ExitCode;
        }
        catch (OptionsException e)
        {
            (log ?? fallback).Error(e.Message);
            return e.ExitCode;
        }
        catch (UnsupportedException e)
        {
            (log ?? fallback).Error(e.Message);
            return e.ExitCode;
        }
        catch (ScriptException e)
        {
            if (e.IsStackTrace)
            {
                (log ?? fallback).ScriptException(e.Message, scenario: null);
            }
            else
            {
                (log ?? fallback).Error(e.Message);
            }

            return e.ExitCode;
        }
#pragma warning disable CA1031 // The last line of defence: a mistake of the engine gets its own code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            (log ?? fallback).Error(Unsupported.Failure(e), ("stack", e.StackTrace ?? ""));
            return ExitCodes.EngineError;
        }
        finally
        {
            logFile?.Dispose();
        }
    }

    private const string Help =
        """
        K6.Sdk embedded engine: runs k6 scripts where k6 is not installed.

        Usage:
          run [flags] script.js       run a load test (flags are those of k6 2.2; use "-" to read the script from standard input)
          inspect [--execution-requirements] script.js
                                      print the script's options, without running it
          version [--json]            print the version

        What it does not support is an error with a code KSDK07xx before any load.
        """;

    private static int Run(EngineHost host, FlagSet flags, EngineLog log)
    {
        using var run = new RunCommand(host, flags, log);
        return run.Execute();
    }

    /// <summary>Global flags may stand before the subcommand.</summary>
    private static (string? Command, IReadOnlyList<string> Others) SplitCommand(IReadOnlyList<string> arguments)
    {
        var skipValue = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (skipValue)
            {
                skipValue = false;
            }
            else if (!arguments[i].StartsWith('-'))
            {
                return (arguments[i], [.. arguments.Take(i), .. arguments.Skip(i + 1)]);
            }
            else
            {
                skipValue = arguments[i] is "--address" or "-a" or "--config" or "-c" or "--log-format" or "--log-output" or "--secret-source";
            }
        }

        if (arguments.Contains("--version"))
        {
            return ("version", []);
        }

        _ = FlagSet.Parse(arguments);
        return (null, []);
    }

    private static LogFormat FormatOf(EngineHost host)
    {
        var text = host.Environment.GetValueOrDefault("K6_LOG_FORMAT");
        for (var i = 0; i < host.Arguments.Count; i++)
        {
            if (host.Arguments[i].StartsWith("--log-format=", StringComparison.Ordinal))
            {
                text = host.Arguments[i]["--log-format=".Length..];
            }
            else if (host.Arguments[i] == "--log-format" && i + 1 < host.Arguments.Count)
            {
                text = host.Arguments[i + 1];
            }
        }

        return text switch
        {
            "json" => LogFormat.Json,
            "raw" => LogFormat.Raw,
            _ => LogFormat.Text,
        };
    }

    private static (EngineLog Log, TextWriter? File) OpenLog(EngineHost host, FlagSet flags)
    {
        var output = host.Text(flags, "log-output", "K6_LOG_OUTPUT") ?? "stderr";
        TextWriter? file = null;
        var writer = output switch
        {
            "stderr" => host.Error,
            "stdout" => host.Output,
            "none" => TextWriter.Null,
            _ when output.StartsWith("file", StringComparison.Ordinal) => file = new StreamWriter(host.PathOf(FileOf(output)), append: true),
            _ when output.StartsWith("loki", StringComparison.Ordinal) => throw Unsupported.Flag("--log-output=loki", "it logs to stderr, stdout or a file"),
            _ => throw new UsageException($"unsupported log output '{output}'"),
        };
        var console = host.Text(flags, "console-output", "K6_CONSOLE_OUTPUT") is { } path ? new StreamWriter(host.PathOf(path), append: false) : null;
        return (new EngineLog(writer, FormatOf(host), flags.Bool("verbose") == true) { ConsoleOutput = console }, file);
    }

    private static string FileOf(string output)
    {
        var path = output.Split(',').Select(part => part.Split('=', 2)).FirstOrDefault(part => part[0] == "file" && part.Length == 2)?[1];
        return string.IsNullOrEmpty(path) ? throw new UsageException("filepath must not be empty") : path;
    }
}
