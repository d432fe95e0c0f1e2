using System.IO.Compression;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Secrets;

/// <summary>
/// Takes the values of secrets out of files that others wrote: an engine's samples hold addresses, its options hold scenarios' variables, and a script's own report
/// holds what the script likes. What cannot be text (traces, dumps) is left alone.
/// </summary>
internal static class SecretSweep
{
    private const int Chunk = 1 << 20;

    /// <summary>Cleans every file in a folder, in place, and says where something was found.</summary>
    public static IReadOnlyList<Diagnostic> Clean(string folder, SecretMask mask)
    {
        var diagnostics = new List<Diagnostic>();
        if (mask.IsEmpty || !Directory.Exists(folder))
        {
            return diagnostics;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList())
        {
            var found = new SortedSet<string>(StringComparer.Ordinal);
            Clean(file, mask, found);
            if (found.Count > 0)
            {
                diagnostics.Add(Rules.SecretInOutput.At(
                    null,
                    $"{Path.GetRelativePath(folder, file).Replace('\\', '/')} had the value of {string.Join(", ", found)} in it, and has *** instead now. "
                    + "Keep secrets out of addresses, names, tags and log lines; a header is the place for a token."));
            }
        }

        return diagnostics;
    }

    /// <summary>Files of somebody else, which stay as they are: a clean copy of each that has a secret in it.</summary>
    /// <param name="files">Absolute paths.</param>
    /// <param name="folder">Absolute path of the folder for copies.</param>
    /// <param name="mask">The secrets.</param>
    /// <param name="diagnostics">Says where something was found.</param>
    /// <returns>Absolute paths, in the same order.</returns>
    public static IReadOnlyList<string> Copies(IReadOnlyList<string> files, string folder, SecretMask mask, ICollection<Diagnostic> diagnostics)
    {
        if (mask.IsEmpty)
        {
            return files;
        }

        var copies = new List<string>();
        foreach (var file in files)
        {
            var found = new SortedSet<string>(StringComparer.Ordinal);
            var copy = Path.Combine(folder, $"{copies.Count}-{Path.GetFileName(file)}");
            copies.Add(Clean(file, copy, mask, found) ? copy : file);
            if (found.Count > 0)
            {
                diagnostics.Add(Rules.SecretInOutput.At(
                    new SourceLocation(file, 0, 0),
                    $"The file has the value of {string.Join(", ", found)} in it; results have *** instead. Keep secrets out of addresses, names and tags; a header is the place for a token."));
            }
        }

        return copies;
    }

    private static void Clean(string file, SecretMask mask, SortedSet<string> found)
    {
        var aside = file + ".clean";
        if (Clean(file, aside, mask, found))
        {
            File.Move(aside, file, overwrite: true);
        }
    }

    /// <summary>Writes a copy without secrets, if there are any.</summary>
    private static bool Clean(string file, string copy, SecretMask mask, SortedSet<string> found)
    {
        var zipped = IsGzip(file);
        using (var source = Open(file, zipped))
        {
            if (!Copy(source, null, mask, found))
            {
                found.Clear();
            }
        }

        if (found.Count == 0)
        {
            return false;
        }

        using (var source = Open(file, zipped))
        using (var target = Create(copy, zipped))
        {
            Copy(source, target, mask, found);
        }

        return true;
    }

    // By what is in it: people rename files.
    private static bool IsGzip(string file)
    {
        using var stream = File.OpenRead(file);
        return stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
    }

    /// <summary>Copies without secrets, or only looks for them.</summary>
    /// <returns>Whether it was text.</returns>
    private static bool Copy(Stream source, Stream? target, SecretMask mask, SortedSet<string> found)
    {
        // A secret may lie across two reads: so much is held back that none can.
        var hold = mask.MaxBytes - 1;
        var buffer = new byte[Chunk + hold];
        var length = 0;
        while (true)
        {
            var read = Read(source, buffer.AsSpan(length));
            if (buffer.AsSpan(length, read).Contains((byte)0))
            {
                return false;
            }

            length += read;
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, length);
            if (mask.Bytes(bytes, found) is { } masked)
            {
                bytes = masked;
            }

            if (read == 0)
            {
                target?.Write(bytes);
                return true;
            }

            var keep = Math.Min(hold, bytes.Length);
            target?.Write(bytes[..^keep]);
            var rest = bytes[^keep..].ToArray();
            rest.CopyTo(buffer.AsSpan());
            length = keep;
        }
    }

    // A killed engine leaves half a gzip; what cannot be unpacked cannot be read by anybody.
    private static int Read(Stream source, Span<byte> buffer)
    {
        try
        {
            return source.Read(buffer);
        }
        catch (InvalidDataException)
        {
            return 0;
        }
    }

    private static Stream Open(string file, bool zipped)
    {
        var stream = File.OpenRead(file);
        return zipped ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    private static Stream Create(string file, bool zipped)
    {
        var stream = File.Create(file);
        return zipped ? new GZipStream(stream, CompressionLevel.Fastest) : stream;
    }
}
