using System.IO.Compression;
using System.Text;

namespace K6.Sdk.Tests;

/// <summary>Looks for secrets that a test planted.</summary>
internal static class PlantedSecrets
{
    /// <summary>Where a file has one of them, packed or not.</summary>
    public static IEnumerable<string> InFile(string file, string[] secrets) => In(file, Content(file), secrets);

    /// <summary>Where a text has one of them, as it is, in an address or in base64.</summary>
    public static IEnumerable<string> In(string place, string text, string[] secrets)
    {
        foreach (var secret in secrets)
        {
            string[] spellings = [secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))];
            var at = spellings.Select(spelling => text.IndexOf(spelling, StringComparison.OrdinalIgnoreCase)).FirstOrDefault(at => at >= 0, -1);
            if (at >= 0)
            {
                yield return $"{place}: …{text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 60)]}…";
            }
        }
    }

    private static string Content(string file)
    {
        using var stream = File.OpenRead(file);
        if (!file.EndsWith(".gz", StringComparison.Ordinal) && !file.EndsWith(".binlog", StringComparison.Ordinal))
        {
            return new StreamReader(stream, Encoding.Latin1).ReadToEnd();
        }

        using var unzipped = new GZipStream(stream, CompressionMode.Decompress);
        return new StreamReader(unzipped, Encoding.Latin1).ReadToEnd();
    }
}
