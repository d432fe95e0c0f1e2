using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// esbuild as a process that answers build requests over its standard streams. It ends when its input closes; one that waits for a file
/// is ended by a watcher, or with a job object, so that it never outlives this process either.
/// </summary>
internal sealed class EsbuildService : IAsyncDisposable
{
    /// <summary>The version that this client speaks with; esbuild refuses any other.</summary>
    public const string Version = "0.28.2";

    /// <summary>Namespace of modules that exist only here.</summary>
    public const string Namespace = "k6sdk";

    private const int MaxHello = 1000;
    private const int MaxPacket = 1 << 30;

    private readonly string path;
    private readonly Process process;
    private readonly OrphanWatcher? watcher;
    private readonly JobObject? job;
    private readonly Task<string> errors;
    private uint nextId;
    private bool disposed;

    private EsbuildService(string path, Process process, OrphanWatcher? watcher, JobObject? job)
    {
        this.path = path;
        this.process = process;
        this.watcher = watcher;
        this.job = job;
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts esbuild.</summary>
    /// <exception cref="LoadTestException">It is missing, cannot be started, or has another version.</exception>
    public static async Task<EsbuildService> StartAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new LoadTestException(Rules.EsbuildMissing.At(null,
                $"esbuild, which bundles the scripts, is missing at {path}. Restore the project again; in the repository, build build/tools/Tools.proj."));
        }

        var (program, arguments) = OperatingSystem.IsWindows() ? (path, []) : ProcessGroup.Wrap(path, []);
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, [.. arguments, $"--service={Version}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
            })!;
        }
        catch (Win32Exception exception)
        {
            throw new LoadTestException(Rules.EsbuildFailed.At(null, $"esbuild at {path} cannot be started: {exception.Message}."), exception);
        }

        var watcher = OperatingSystem.IsWindows() ? null : OrphanWatcher.Start(TimeSpan.FromSeconds(1));
        watcher?.Watch(process.Id);
        var job = OperatingSystem.IsWindows() ? new JobObject() : null;
        job?.Assign(process);
        var service = new EsbuildService(path, process, watcher, job);
        try
        {
            var hello = Encoding.UTF8.GetString(await service.ReadAsync(MaxHello, cancellation).ConfigureAwait(false));
            return hello == Version ? service
                : throw new LoadTestException(Rules.EsbuildFailed.At(null, $"esbuild at {path} has version {hello}; this version of K6.Sdk needs {Version}."));
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Builds.</summary>
    public async Task<EsbuildResult> BuildAsync(EsbuildBuild build, CancellationToken cancellation)
    {
        var id = nextId++;
        await WriteAsync(new EsbuildPacket(id, IsRequest: true, Request(build, (int)id)), cancellation).ConfigureAwait(false);
        while (true)
        {
            var packet = EsbuildPacket.Decode(await ReadAsync(MaxPacket, cancellation).ConfigureAwait(false));
            if (!packet.IsRequest)
            {
                return Response((Dictionary<string, object?>)packet.Value!, build.WorkingDirectory);
            }

            var answer = Answer((Dictionary<string, object?>)packet.Value!, build);
            await WriteAsync(new EsbuildPacket(packet.Id, IsRequest: false, answer), cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        try
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        watcher?.Release();
        job?.Dispose();
        process.Dispose();
    }

    private static Dictionary<string, object?> Request(EsbuildBuild build, int key) => new()
    {
        ["command"] = "build",
        ["key"] = key,
        ["entries"] = build.Entries.Select(entry => (object?)new object?[] { entry.Output, entry.Input }).ToArray(),
        ["flags"] = build.Flags.ToArray<object?>(),
        ["write"] = false,
        ["stdinContents"] = null,
        ["stdinResolveDir"] = null,
        ["absWorkingDir"] = build.WorkingDirectory,
        ["nodePaths"] = Array.Empty<object?>(),
        ["context"] = false,
        ["plugins"] = new object?[]
        {
            new Dictionary<string, object?>
            {
                ["name"] = "K6.Sdk",
                ["onStart"] = false,
                ["onEnd"] = false,
                ["onResolve"] = build.Resolve is null ? [] : new object?[] { Filter(1, build.ResolveFilter, "") },
                ["onLoad"] = build.Load is null ? [] : new object?[] { Filter(2, @"\.[cm]?[jt]sx?$", "file"), Filter(3, ".*", Namespace) },
            },
        },
    };

    private static Dictionary<string, object?> Filter(int id, string filter, string @namespace) =>
        new() { ["id"] = id, ["filter"] = filter, ["namespace"] = @namespace };

    private static Dictionary<string, object?> Answer(Dictionary<string, object?> request, EsbuildBuild build)
    {
        switch ((string)request["command"]!)
        {
            case "on-start":
                return new() { ["errors"] = Array.Empty<object?>(), ["warnings"] = Array.Empty<object?>() };
            case "on-resolve":
                var import = new EsbuildImport((string)request["path"]!, (string)request["importer"]!, (string)request["namespace"]!);
                return build.Resolve!(import) is { } resolution ? Answer(resolution) : [];
            case "on-load":
                return build.Load!((string)request["namespace"]!, (string)request["path"]!) is { } module ? Answer(module) : [];
            default:
                return [];
        }
    }

    private static Dictionary<string, object?> Answer(EsbuildResolution resolution)
    {
        var answer = new Dictionary<string, object?> { ["id"] = 1 };
        if (resolution.Path is not null)
        {
            answer["path"] = resolution.Path;
            answer["namespace"] = resolution.External ? "" : resolution.Namespace;
            answer["external"] = resolution.External;
        }

        if (resolution.Complaint is var (rule, text))
        {
            // Without a place of its own, a complaint gets the place of the import.
            answer[rule.Severity == DiagnosticSeverity.Error ? "errors" : "warnings"] = new object?[]
            {
                new Dictionary<string, object?>
                {
                    ["id"] = "",
                    ["pluginName"] = "K6.Sdk",
                    ["text"] = text,
                    ["location"] = null,
                    ["notes"] = Array.Empty<object?>(),
                    ["detail"] = int.Parse(rule.Code[4..], CultureInfo.InvariantCulture), // comes back with the message; an id does not
                },
            };
        }

        return answer;
    }

    private static Dictionary<string, object?> Answer(EsbuildModule module)
    {
        var answer = new Dictionary<string, object?> { ["id"] = 2, ["contents"] = Encoding.UTF8.GetBytes(module.Text), ["loader"] = "default" };
        if (module.ResolveDirectory is not null)
        {
            answer["resolveDir"] = module.ResolveDirectory;
            answer["loader"] = "js";
        }

        return answer;
    }

    private EsbuildResult Response(Dictionary<string, object?> response, string workingDirectory)
    {
        if (response.TryGetValue("error", out var failure))
        {
            throw new LoadTestException(Rules.EsbuildFailed.At(null, $"esbuild at {path} refused the build: {failure}."));
        }

        IReadOnlyList<EsbuildMessage> Messages(string name) =>
            [.. ((object?[])response[name]!).Select(message => EsbuildMessage.From((Dictionary<string, object?>)message!, workingDirectory))];

        var files = new Dictionary<string, byte[]>();
        foreach (var file in ((object?[])response["outputFiles"]!).Cast<Dictionary<string, object?>>())
        {
            files[(string)file["path"]!] = (byte[])file["contents"]!;
        }

        var metafile = (byte[]?)response.GetValueOrDefault("metafile");
        return new EsbuildResult(
            Messages("errors"), Messages("warnings"), files, metafile is { Length: > 0 } ? EsbuildMetafile.Parse(metafile) : null);
    }

    private async Task WriteAsync(EsbuildPacket packet, CancellationToken cancellation)
    {
        try
        {
            var stream = process.StandardInput.BaseStream;
            await stream.WriteAsync(packet.Encode(), cancellation).ConfigureAwait(false);
            await stream.FlushAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw await EndedAsync(exception).ConfigureAwait(false);
        }
    }

    private async Task<byte[]> ReadAsync(int limit, CancellationToken cancellation)
    {
        try
        {
            var stream = process.StandardOutput.BaseStream;
            var length = new byte[4];
            await stream.ReadExactlyAsync(length, cancellation).ConfigureAwait(false);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(length);
            if (size > limit)
            {
                throw new LoadTestException(Rules.EsbuildFailed.At(null, $"What {path} says is not what esbuild would say. Restore the package again, or correct K6EsbuildPath."));
            }

            var bytes = new byte[size];
            await stream.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
            return bytes;
        }
        catch (IOException exception)
        {
            throw await EndedAsync(exception).ConfigureAwait(false);
        }
    }

    private async Task<LoadTestException> EndedAsync(IOException exception)
    {
        await DisposeAsync().ConfigureAwait(false);
        var said = (await errors.ConfigureAwait(false)).Trim().ReplaceLineEndings(" ");
        return new LoadTestException(
            Rules.EsbuildFailed.At(null, $"esbuild at {path} ended before it was done. {(said.Length > 0 ? $"It said: {said}" : "It said nothing.")}"),
            exception);
    }
}
