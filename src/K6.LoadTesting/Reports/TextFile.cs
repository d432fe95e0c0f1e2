using System.Text;

namespace K6.LoadTesting.Reports;

/// <summary>Text files that a reader finds whole or not at all: UTF-8 without a mark, written aside and moved into place.</summary>
internal static class TextFile
{
    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string file, string text)
    {
        var aside = $"{file}.{Environment.ProcessId}.tmp";
        File.WriteAllText(aside, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(aside, file, overwrite: true);
    }
}
