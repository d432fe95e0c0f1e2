using System.Security.Cryptography;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;

namespace K6.LoadTesting.Install;

/// <summary>What an installation led to.</summary>
/// <param name="Path">Absolute path of the program.</param>
/// <param name="Version">Its version.</param>
/// <param name="Installed">Whether it was installed now; false when it was there.</param>
internal sealed record K6Installation(string Path, string Version, bool Installed);

/// <summary>
/// Installs k6 into the cache: downloaded or copied, verified by its SHA-256 sum before anything looks into it, unpacked aside, tried, and moved into place as a
/// whole. Several builds at once install once. Nothing calls this unless a person asked for it.
/// </summary>
internal static class K6Installer
{
    /// <summary>Installs what is asked for, unless it is there and whole.</summary>
    /// <param name="request">What.</param>
    /// <param name="progress">Gets bytes received and bytes expected.</param>
    /// <param name="told">Gets texts for people.</param>
    /// <param name="cancellationToken">Ends the installation; what was downloaded stays for the next attempt.</param>
    /// <exception cref="LoadTestException">It cannot be installed; the cache is as it was.</exception>
    public static async Task<K6Installation> InstallAsync(
        K6InstallRequest request, IProgress<(long Received, long? Total)>? progress, Action<string>? told, CancellationToken cancellationToken)
    {
        var target = request.Resolve();
        if (await InstalledAsync(target, cancellationToken).ConfigureAwait(false) is { } there)
        {
            return there;
        }

        try
        {
            Directory.CreateDirectory(target.Cache.Root);
            using var turn = await TakeTurnAsync(target.Folder + ".lock", told, cancellationToken).ConfigureAwait(false);
            return await InstalledAsync(target, cancellationToken).ConfigureAwait(false)
                ?? await InstallNowAsync(request, target, progress, told, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CacheWriteException)
        {
            throw new LoadTestException(Rules.K6CacheNotWritable.At(
                null,
                $"k6 cannot be installed into '{target.Cache.Root}': {exception.Message.TrimEnd('.')}. It needs some 150 MB there, and the right to write. Name another folder with -p:K6CacheDirectory=…"), exception);
        }
    }

    private static async Task<K6Installation> InstallNowAsync(
        K6InstallRequest request, K6Target target, IProgress<(long Received, long? Total)>? progress, Action<string>? told, CancellationToken cancellationToken)
    {
        RemoveLeftovers(target);
        var aside = $"{target.Folder}.new-{Guid.NewGuid():N}";
        var part = target.Folder + ".part";
        try
        {
            if (target.Source.Address is { } address)
            {
                told?.Invoke($"downloading k6 {target.Version} from {target.Source}");
                await DownloadAsync(request, address, part, target, progress, cancellationToken).ConfigureAwait(false);
            }

            Directory.CreateDirectory(aside);
            var program = K6Cache.ProgramIn(aside);
            var file = new FileStream(target.Source.File ?? part, FileMode.Open, FileAccess.Read, FileShare.Read);
            await using (file.ConfigureAwait(false))
            {
                // The same open file is verified and unpacked: nobody can change it in between.
                await VerifyAsync(file, target, cancellationToken).ConfigureAwait(false);
                K6Unpacker.Unpack(file, target.Source.ToString(), program);
            }

            var version = await TryAsync(program, target, cancellationToken).ConfigureAwait(false);
            K6Cache.Write(
                aside,
                new InstalledK6(version, target.Source.ToString(), target.Sha256, await SumOfAsync(program, cancellationToken).ConfigureAwait(false)));
            MoveIntoPlace(aside, target.Folder);
            File.Delete(part);
            return new K6Installation(K6Cache.ProgramIn(target.Folder), version, Installed: true);
        }
        finally
        {
            RemoveFolder(aside);
        }
    }

    private static async Task DownloadAsync(
        K6InstallRequest request, Uri address, string part, K6Target target, IProgress<(long Received, long? Total)>? progress, CancellationToken cancellationToken)
    {
        var download = new FileDownload(request, progress);
        var resumed = await download.ToFileAsync(address, part, cancellationToken).ConfigureAwait(false);
        if (resumed && await SumOfAsync(part, cancellationToken).ConfigureAwait(false) != target.Sha256)
        {
            // The two halves may be of two files. A whole download decides.
            File.Delete(part);
            await download.ToFileAsync(address, part, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task VerifyAsync(FileStream file, K6Target target, CancellationToken cancellationToken)
    {
        var sum = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
        if (sum == target.Sha256)
        {
            return;
        }

        if (target.Source.File is null)
        {
            File.Delete(file.Name);
        }

        throw new LoadTestException(Rules.K6SumDiffers.At(
            null,
            $"{target.Source} is not k6 {target.Version} for {K6Releases.Platform}: its SHA-256 sum is {sum} ({file.Length} bytes), and {target.Sha256} was expected. "
            + "Nothing was installed. Was it changed on its way, is it a page of a proxy, or is it a build of your own that needs its own K6Sha256?"));
    }

    private static async Task<string> TryAsync(string program, K6Target target, CancellationToken cancellationToken)
    {
        var (engine, problem) = await EngineProbe.K6Async(program, null, cancellationToken).ConfigureAwait(false);
        if (engine is null)
        {
            throw new LoadTestException(problem!);
        }

        return engine.Info.Version == target.Version ? engine.Info.Version : throw new LoadTestException(Rules.K6ArchiveInvalid.At(
            null, $"The program in {target.Source} says that it is k6 {engine.Info.Version}, and K6Version is {target.Version}. Correct one of the two; nothing was installed."));
    }

    /// <summary>The program when it is there and nobody changed it since.</summary>
    private static async Task<K6Installation?> InstalledAsync(K6Target target, CancellationToken cancellationToken)
    {
        var program = K6Cache.ProgramIn(target.Folder);
        return K6Cache.Read(target.Folder) is { } record && File.Exists(program) && record.Sha256 == target.Sha256
            && await SumOfAsync(program, cancellationToken).ConfigureAwait(false) == record.ProgramSha256
            ? new K6Installation(program, record.Version, Installed: false)
            : null;
    }

    private static async Task<string> SumOfAsync(string file, CancellationToken cancellationToken)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using var _ = stream.ConfigureAwait(false);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>One installation of a program at a time. The operating system frees the file when its holder dies.</summary>
    private static async Task<FileStream> TakeTurnAsync(string file, Action<string>? told, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception.GetType() == typeof(IOException) && File.Exists(file))
            {
                if (tries == 5)
                {
                    told?.Invoke("waiting for another build that installs the same k6");
                }

                await Task.Delay(200, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static void MoveIntoPlace(string aside, string folder)
    {
        if (Directory.Exists(folder))
        {
            // Damaged. On Windows a running program cannot be deleted, but its folder can be moved.
            var old = $"{folder}.old-{Guid.NewGuid():N}";
            Directory.Move(folder, old);
            RemoveFolder(old);
        }

        Directory.Move(aside, folder);
    }

    // Of installations that were killed.
    private static void RemoveLeftovers(K6Target target)
    {
        var name = Path.GetFileName(target.Folder);
        foreach (var folder in Directory.EnumerateDirectories(target.Cache.Root, name + ".new-*").Concat(Directory.EnumerateDirectories(target.Cache.Root, name + ".old-*")).ToList())
        {
            RemoveFolder(folder);
        }
    }

    private static void RemoveFolder(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next installation tries again.
        }
    }
}
