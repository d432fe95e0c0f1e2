using System.Text;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.Http;

/// <summary>Reads the texts of <c>.http</c> files and of bodies in files.</summary>
internal static class HttpText
{
    private const int LongestFile = 64 << 20;

    /// <summary>The text of a file; null when it is none, which is reported.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <param name="encoding">Name of its encoding.</param>
    /// <param name="place">Where the file is named; null for its own first line.</param>
    public static string? Read(string file, ICollection<Diagnostic> diagnostics, string encoding = "utf-8", SourceLocation? place = null)
    {
        place ??= new SourceLocation(file, 1, 1);
        try
        {
            var decoder = Encoding.GetEncoding(
                encoding.ToLowerInvariant() switch { "utf8" => "utf-8", "utf16" or "utf16le" or "ucs2" => "utf-16", "latin1" => "iso-8859-1", "binary" => "iso-8859-1", var name => name },
                EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            if (new FileInfo(file).Length > LongestFile)
            {
                diagnostics.Add(Rules.HttpUnreadable.At(place, $"The file has more than {LongestFile >> 20} MB: {file}."));
                return null;
            }

            using var reader = new StreamReader(file, decoder, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (ArgumentException failure) when (failure is not DecoderFallbackException)
        {
            diagnostics.Add(Rules.HttpUnreadable.At(place, $"There is no encoding '{encoding}' here; use utf-8, utf-16, latin1 or ascii."));
        }
        catch (DecoderFallbackException)
        {
            diagnostics.Add(Rules.HttpUnreadable.At(place, $"The file is not in {encoding}: {file}. Save it as UTF-8."));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(Rules.HttpUnreadable.At(place, $"The file cannot be read: {failure.Message}"));
        }

        return null;
    }

    /// <summary>A text of several lines as a template whose placeholders know their places.</summary>
    public static HttpTemplate Template(string file, string text)
    {
        var templates = new List<HttpTemplate>();
        var start = 0;
        for (var line = 1; start < text.Length; line++)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            templates.Add(HttpTemplate.Parse(text[start..next], new SourceLocation(file, line, 1)));
            start = next;
        }

        return HttpTemplate.Join(templates);
    }
}
