using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace K6.LoadTesting.Tests.Install;

/// <summary>Archives with a program in them that answers like k6.</summary>
internal static class Archives
{
    /// <summary>A program that says that it is k6 of a version.</summary>
    public static byte[] Program(string version) => Encoding.UTF8.GetBytes($$"""
        #!/bin/sh
        echo '{"version":"v{{version}}"}'
        # {{string.Concat(Enumerable.Repeat(Guid.NewGuid().ToString("N"), 4000))}}
        """);

    public static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>An archive like those of the releases.</summary>
    public static byte[] Release(string version) => Tar(
        new PaxTarEntry(TarEntryType.Directory, $"k6-v{version}-linux-amd64/"),
        new PaxTarEntry(TarEntryType.RegularFile, $"k6-v{version}-linux-amd64/k6") { DataStream = new MemoryStream(Program(version)) });

    public static byte[] Tar(params TarEntry[] entries)
    {
        var bytes = new MemoryStream();
        using (var tar = new TarWriter(new GZipStream(bytes, CompressionLevel.NoCompression)))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Content, int Mode)[] entries)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            foreach (var (name, content, mode) in entries)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = mode << 16;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }
}
