using System.Security.Cryptography;

namespace K6.LoadTesting.Bundling;

/// <summary>A file as it was; no hash when it did not exist.</summary>
internal sealed record FileStamp(string Path, long Length, DateTime Written, string? Hash)
{
    /// <summary>The file as it is. Read in pieces: test data can be larger than memory.</summary>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return new FileStamp(path, 0, default, null);
        }

        using var stream = File.OpenRead(path);
        return new FileStamp(path, file.Length, file.LastWriteTimeUtc, Convert.ToHexString(SHA256.HashData(stream)));
    }

    /// <summary>Whether the file is still what it was. A new time of writing alone is no change.</summary>
    public bool IsCurrent()
    {
        var file = new FileInfo(Path);
        if (!file.Exists || Hash is null)
        {
            return !file.Exists && Hash is null;
        }

        return file.Length == Length && (file.LastWriteTimeUtc == Written || Of(Path).Hash == Hash);
    }
}
