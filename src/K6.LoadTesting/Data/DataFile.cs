using System.Text;

namespace K6.LoadTesting.Data;

/// <summary>Opens data files as UTF-8, whatever Unicode encoding their byte order mark says.</summary>
internal static class DataFile
{
    // The mark of UTF-32 begins with that of UTF-16.
    private static readonly Encoding[] Marked = [Encoding.UTF8, Encoding.UTF32, new UTF32Encoding(true, true), Encoding.Unicode, Encoding.BigEndianUnicode];

    /// <summary>What to do about a wrong encoding.</summary>
    public const string Advice = "Save the file as UTF-8.";

    /// <summary>Opens a file behind its mark.</summary>
    public static Stream Open(string file)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        Span<byte> start = stackalloc byte[4];
        start = start[..stream.ReadAtLeast(start, 4, throwOnEndOfStream: false)];
        foreach (var encoding in Marked)
        {
            if (start.StartsWith(encoding.Preamble))
            {
                stream.Position = encoding.Preamble.Length;
                return encoding.CodePage == Encoding.UTF8.CodePage ? stream : Encoding.CreateTranscodingStream(stream, encoding, Encoding.UTF8);
            }
        }

        stream.Position = 0;
        return stream;
    }
}
