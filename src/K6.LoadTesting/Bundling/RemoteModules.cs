using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Bundling;

/// <summary>
/// Modules that scripts import from addresses. Those in <c>k6-imports.lock.json</c> beside the project, with their SHA-256 sums, become part of the
/// bundle, so that a run needs no network and always has the same code; others stay imports that k6 downloads at the start of each run, which is
/// refused on CI systems. Contents are kept in the user's cache by their sums.
/// </summary>
internal sealed partial class RemoteModules
{
    /// <summary>Name of the file beside the project.</summary>
    public const string LockFileName = "k6-imports.lock.json";

    /// <summary>Go regular expression of the imports that may be remote: addresses, and what remote modules import relatively.</summary>
    public const string Filter = @"^(https?://|\.\.?/|/)";

    /// <summary>Go regular expression of addresses alone.</summary>
    public const string Addresses = "^https?://";

    private const int MaxBytes = 16 << 20;

    private readonly string _lockFile;
    private readonly string _folder;
    private readonly string? _cache;
    private readonly HttpMessageHandler? _handler;
    private readonly string? _ci;
    private readonly bool _isPinning;
    private readonly SortedDictionary<string, string> _sums;
    private readonly SortedDictionary<string, string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EsbuildResolution> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _addresses = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <param name="options">Where things are.</param>
    /// <param name="isPinning">Whether modules are taken as they are now, instead of as the lock file has them.</param>
    /// <exception cref="LoadTestException">The lock file cannot be read.</exception>
    public RemoteModules(BundleOptions options, bool isPinning)
    {
        _lockFile = Path.Combine(options.ProjectDirectory, LockFileName);
        _folder = Path.Combine(options.OutputDirectory, "remote");
        _cache = options.ImportsCache;
        _handler = options.ImportsHandler;
        _ci = Surroundings.CiName(options.Variable);
        _isPinning = isPinning;
        _sums = isPinning ? new(StringComparer.Ordinal) : Read(_lockFile);
    }

    /// <summary>Whether an import may be remote.</summary>
    public bool IsNeeded => _isPinning || _sums.Count > 0;

    /// <summary>Addresses and sums of what was imported.</summary>
    public IReadOnlyDictionary<string, string> Used => _used;

    /// <summary>What of the lock file bundles depend on.</summary>
    public string Key => string.Join('\n', _sums.Select(pair => $"{pair.Value} {pair.Key}").Prepend(_ci ?? ""));

    /// <summary>Whether <see cref="Resolve"/> is the one to ask about an import.</summary>
    public static bool Handles(string path) => IsAddress(path) || path.StartsWith('.') || path.StartsWith('/');

    /// <summary>Where an import leads; null when it is not one of ours.</summary>
    public EsbuildResolution? Resolve(EsbuildImport import)
    {
        var address = IsAddress(import.Path) ? import.Path
            : _addresses.TryGetValue(import.Importer, out var importer) ? new Uri(new Uri(importer), import.Path).AbsoluteUri
            : null;
        if (address is null)
        {
            return null;
        }

        // esbuild asks for each import, and in each of two passes.
        return _found.TryGetValue(address, out var known) ? known : _found[address] = Find(address, import);
    }

    private EsbuildResolution Find(string address, EsbuildImport import)
    {
        if (_isPinning)
        {
            return Pin(address);
        }

        return _sums.TryGetValue(address, out var sum) ? Pinned(address, sum)
            : IsAddress(import.Path) ? NotPinned(address)
            : new EsbuildResolution { Complaint = (Rules.RemoteModuleNotPinned, $"{address}, which the pinned module {_addresses[import.Importer]} imports, is not in {LockFileName}. Run 'dotnet build -t:K6PinImports' again.") };
    }

    // What an import of an address that is not in the lock file becomes.
    private EsbuildResolution NotPinned(string address) => new()
    {
        Path = _ci is null ? address : null,
        External = true,
        Complaint = (_ci is null ? Rules.RemoteModule : Rules.RemoteModuleNotPinned,
            $"{address} is {(_ci is null ? "" : "not pinned, and would be ")}downloaded at the start of each run, whatever it is then{(_ci is null ? "" : $"; that is refused on {_ci}")}. "
            + "Run 'dotnet build -t:K6PinImports', which bundles it and writes down its sum, or keep a copy in the project."),
    };

    /// <summary>Writes the lock file; one without modules is removed.</summary>
    public void Write()
    {
        if (_used.Count == 0)
        {
            File.Delete(_lockFile);
            return;
        }

        Bundler.WriteIfDifferent(_lockFile, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new LockFile(1, _used), WebJson.Instance.LockFile).ReplaceLineEndings("\n") + "\n"));
    }

    private static bool IsAddress(string path) =>
        path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private EsbuildResolution Pin(string address)
    {
        var (bytes, problem) = Download(address);
        return bytes is null ? Failed(address, problem!) : Store(address, bytes, SumOf(bytes));
    }

    private EsbuildResolution Pinned(string address, string sum)
    {
        var file = FileOf(address);
        if (File.Exists(file) && SumOf(File.ReadAllBytes(file)) == sum)
        {
            return Found(address, file, sum);
        }

        if (_cache is not null && Path.Combine(_cache, sum) is var cached && File.Exists(cached) && File.ReadAllBytes(cached) is var kept && SumOf(kept) == sum)
        {
            return Store(address, kept, sum);
        }

        var (bytes, problem) = Download(address);
        if (bytes is null)
        {
            return Failed(address, problem!);
        }

        var actual = SumOf(bytes);
        return actual == sum ? Store(address, bytes, sum) : new EsbuildResolution
        {
            Complaint = (Rules.RemoteModuleChanged,
                $"{address} is not what was pinned: its SHA-256 sum is {actual}, and {LockFileName} has {sum}. Find out why it changed; 'dotnet build -t:K6PinImports' takes it as it is now."),
        };
    }

    private EsbuildResolution Store(string address, byte[] bytes, string sum)
    {
        var file = FileOf(address);
        Bundler.WriteIfDifferent(file, bytes);
        if (_cache is not null)
        {
            Keep(Path.Combine(_cache, sum), bytes);
        }

        return Found(address, file, sum);
    }

    private EsbuildResolution Found(string address, string file, string sum)
    {
        _addresses[file] = address;
        _used[address] = sum;
        return new EsbuildResolution { Path = file };
    }

    // Without a cache the next clean build downloads again, and that is all.
    private static void Keep(string file, byte[] bytes)
    {
        if (File.Exists(file))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var aside = $"{file}.{Guid.NewGuid():N}";
            File.WriteAllBytes(aside, bytes);
            File.Move(aside, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private (byte[]? Bytes, string? Problem) Download(string address)
    {
        try
        {
            using var client = _handler is null ? new HttpClient() : new HttpClient(_handler, disposeHandler: false);
            client.Timeout = TimeSpan.FromSeconds(30);
            client.MaxResponseContentBufferSize = MaxBytes;
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = client.Send(request);
            if (!response.IsSuccessStatusCode)
            {
                return (null, $"the server answers {(int)response.StatusCode}");
            }

            using var bytes = new MemoryStream();
            response.Content.ReadAsStream().CopyTo(bytes);
            return (bytes.ToArray(), null);
        }
        catch (OperationCanceledException)
        {
            return (null, "it did not come within 30 s");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UriFormatException)
        {
            return (null, exception.Message.TrimEnd('.'));
        }
    }

    private static EsbuildResolution Failed(string address, string problem) => new()
    {
        Complaint = (Rules.RemoteModuleMissing, $"{address} cannot be downloaded: {problem}. A proxy is taken from HTTPS_PROXY; what was downloaded once is kept in the user's cache."),
    };

    /// <summary>A file of its own for each address, in folders like its own, so that places in errors can be read.</summary>
    private string FileOf(string address)
    {
        var uri = new Uri(address);
        var path = NotInPaths().Replace(Uri.UnescapeDataString(uri.AbsolutePath), "_").Replace("..", "_", StringComparison.Ordinal).Trim('/');
        var host = NotInPaths().Replace(uri.Authority, "_");
        var extension = Path.GetExtension(path) is ".js" or ".mjs" or ".cjs" or ".ts" or ".mts" or ".json" ? "" : ".js";
        var query = uri.Query.Length > 0 ? $"{SumOf(Encoding.UTF8.GetBytes(uri.Query))[..8]}/" : "";
        return Path.GetFullPath($"{host}/{query}{(path.Length > 0 ? path : "index")}{extension}", _folder);
    }

    private static SortedDictionary<string, string> Read(string file)
    {
        var sums = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(file))
        {
            return sums;
        }

        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(file), WebJson.Instance.LockFile);
            foreach (var (address, sum) in content?.Modules ?? throw new JsonException("it has no modules"))
            {
                sums[address] = IsAddress(address) && Sum().IsMatch(sum) ? sum : throw new JsonException($"'{address}' is no address, or '{sum}' no SHA-256 sum");
            }

            return sums;
        }
        catch (JsonException exception)
        {
            throw new LoadTestException(
                Rules.ImportLockInvalid.At(
                    new SourceLocation(file, (int)(exception.LineNumber ?? 0) + 1, 1),
                    $"{LockFileName} cannot be read: {exception.Message} Take it back from source control, or make it again: 'dotnet build -t:K6PinImports'."),
                exception);
        }
    }

    private static string SumOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    [GeneratedRegex(@"[^A-Za-z0-9._/@-]")]
    private static partial Regex NotInPaths();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Sum();

    /// <summary>The file that pins modules: sums by address.</summary>
    internal sealed record LockFile(int Version, IReadOnlyDictionary<string, string>? Modules);
}
