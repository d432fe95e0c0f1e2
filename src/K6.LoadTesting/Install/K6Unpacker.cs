using System.Formats.Tar;
using System.IO.Compression;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Install;

/// <summary>
/// Takes the one program out of an archive. No name of the archive becomes a path here: the program is written to the path that the caller names, and everything else in
/// the archive stays in it. Links are no programs, and sizes are bounded.
/// </summary>
internal static class K6Unpacker
{
    /// <summary>More than any k6 with extensions; less than what fills a disk.</summary>
    private const long MaxBytes = 1L << 30;

    private const UnixFileMode Program =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes the program of an archive, or of a file that is the program itself.</summary>
    /// <param name="archive">The verified file, at any position.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="program">Absolute path to write.</param>
    /// <param name="maxBytes">Bound of what may come out.</param>
    /// <exception cref="LoadTestException">There is no program in it, or more than one, or it is damaged or too large.</exception>
    public static void Unpack(Stream archive, string name, string program, long maxBytes = MaxBytes)
    {
        Span<byte> magic = stackalloc byte[4];
        archive.Position = 0;
        var read = archive.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        archive.Position = 0;
        try
        {
            if (read >= 2 && magic[0] == 0x1f && magic[1] == 0x8b)
            {
                using var unzipped = new BoundedStream(new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true), maxBytes);
                FromTar(unzipped, program, maxBytes);
            }
            else if (read == 4 && magic.SequenceEqual("PK\x03\x04"u8))
            {
                FromZip(archive, program, maxBytes);
            }
            else
            {
                Write(archive, program, maxBytes);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new LoadTestException(
                Rules.K6ArchiveInvalid.At(null, $"No k6 can be taken out of {name}: {exception.Message} Is it k6's own archive for {K6Releases.Platform}, or the program itself?"), exception);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, Program);
        }
    }

    private static void FromTar(Stream stream, string program, long maxBytes)
    {
        using var tar = new TarReader(stream);
        var found = false;
        while (tar.GetNextEntry() is { } entry)
        {
            if (!IsProgram(entry.Name))
            {
                continue;
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is null)
            {
                throw new InvalidDataException($"'{entry.Name}' in it is no file but a {entry.EntryType}.");
            }

            Once(ref found);
            Write(entry.DataStream, program, maxBytes);
        }

        AtLeastOnce(found);
    }

    private static void FromZip(Stream stream, string program, long maxBytes)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var found = false;
        foreach (var entry in zip.Entries.Where(entry => IsProgram(entry.FullName)))
        {
            // The upper half has the mode of Unix; 0 where the archive was made without one.
            if (((entry.ExternalAttributes >> 16) & 0xF000) is not (0 or 0x8000))
            {
                throw new InvalidDataException($"'{entry.FullName}' in it is no file.");
            }

            Once(ref found);
            using var content = entry.Open();
            Write(content, program, maxBytes);
        }

        AtLeastOnce(found);
    }

    private static bool IsProgram(string name) =>
        name[(name.LastIndexOfAny(['/', '\\']) + 1)..] == (OperatingSystem.IsWindows() ? "k6.exe" : "k6");

    private static void Once(ref bool found) => found = !found ? true : throw new InvalidDataException("It holds more than one k6.");

    private static void AtLeastOnce(bool found)
    {
        if (!found)
        {
            throw new InvalidDataException("It holds no k6.");
        }
    }

    private static void Write(Stream content, string program, long maxBytes)
    {
        using var bounded = new BoundedStream(content, maxBytes);
        using var file = new FileStream(program, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        bounded.CopyTo(file);
    }

    /// <summary>Ends a stream that has no end, such as a decompression bomb.</summary>
    private sealed class BoundedStream(Stream inner, long maxBytes) : Stream
    {
        private long _left = maxBytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            _left -= read;
            return _left >= 0 ? read : throw new InvalidDataException("It is larger than any k6.");
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
