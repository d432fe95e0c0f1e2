using System.Text;
using K6.LoadTesting.Data;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.OpenApi;

/// <summary>Reads a JSON or YAML file as nodes.</summary>
internal static class DocumentReader
{
    /// <summary>Deeper nesting is a mistake, or an attack.</summary>
    public const int Deepest = 256;

    private const long Largest = 200L << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DocumentException">It cannot be read; says where and why.</exception>
    public static DocumentNode Read(string file)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(file).Length > Largest)
            {
                throw new DocumentException(new SourceLocation(file, 0, 0), $"the file is larger than {Largest >> 20} MB");
            }

            using var stream = DataFile.Open(file);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            bytes = copy.ToArray();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DocumentException(new SourceLocation(file, 0, 0), failure.Message.TrimEnd('.'));
        }

        var start = bytes.AsSpan().TrimStart(" \t\r\n"u8);
        return start.Length > 0 && start[0] is (byte)'{' or (byte)'[' && !Path.GetExtension(file).StartsWith(".y", StringComparison.OrdinalIgnoreCase)
            ? JsonNodes.Read(file, bytes)
            : YamlNodes.Read(file, Text(file, bytes));
    }

    private static string Text(string file, byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new DocumentException(new SourceLocation(file, 0, 0), "the file is not UTF-8");
        }
    }
}

/// <summary>A document that cannot be read. The message is the end of a sentence, without a full stop.</summary>
internal sealed class DocumentException(SourceLocation location, string message) : Exception(message)
{
    /// <summary>Where.</summary>
    public SourceLocation Location { get; } = location;
}
