using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Secrets;

/// <summary>
/// Knows the values of secrets in the spellings that outputs have them in (as they are, in JSON, in addresses, in HTML, in CSV, in base64) and
/// replaces them with <c>***</c>.
/// </summary>
internal sealed class SecretMask
{
    private const int MinLength = 6;

    private static readonly byte[] Stars = "***"u8.ToArray();

    // The longest first: one secret may be a part of another.
    private readonly (string Name, string Text, byte[] Bytes)[] _spellings;

    private SecretMask((string Name, string Text, byte[] Bytes)[] spellings) => _spellings = spellings;

    /// <summary>Masks nothing.</summary>
    public static SecretMask None { get; } = new([]);

    /// <summary>Whether there is nothing to mask.</summary>
    public bool IsEmpty => _spellings.Length == 0;

    /// <summary>Length of the longest spelling in bytes.</summary>
    internal int MaxBytes => IsEmpty ? 0 : _spellings.Max(spelling => spelling.Bytes.Length);

    /// <summary>A mask of values by name; those that cannot be told from figures and words are left out, with a warning each.</summary>
    /// <param name="values">Values by name.</param>
    /// <param name="diagnostics">Gets the warnings.</param>
    public static SecretMask Of(IReadOnlyDictionary<string, string> values, ICollection<Diagnostic> diagnostics)
    {
        var spellings = new List<(string Name, string Text, byte[] Bytes)>();
        foreach (var (name, value) in values)
        {
            if (value.Length < MinLength || value.All(char.IsAsciiDigit))
            {
                diagnostics.Add(Rules.SecretNotMasked.At(
                    null, $"The secret {name} is so short, or of digits only, that outputs are not searched for it: every equal figure would go with it. Let no script print it."));
                continue;
            }

            spellings.AddRange(Spellings(value).Where(text => text.Length >= MinLength).Distinct().Select(text => (name, text, Encoding.UTF8.GetBytes(text))));
        }

        return spellings.Count == 0 ? None : new SecretMask([.. spellings.OrderByDescending(spelling => spelling.Bytes.Length)]);
    }

    /// <summary>Text without secrets.</summary>
    public string Text(string text)
    {
        foreach (var (_, spelling, _) in _spellings)
        {
            text = text.Replace(spelling, "***", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Bytes without secrets; null when there was none in them.</summary>
    /// <param name="bytes">Text in UTF-8.</param>
    /// <param name="found">Gets the names of the secrets that were there.</param>
    public byte[]? Bytes(ReadOnlySpan<byte> bytes, ISet<string>? found = null)
    {
        byte[]? masked = null;
        foreach (var (name, _, spelling) in _spellings)
        {
            ReadOnlySpan<byte> rest = masked ?? bytes;
            var at = rest.IndexOf(spelling);
            if (at < 0)
            {
                continue;
            }

            found?.Add(name);
            var result = new MemoryStream(rest.Length);
            for (; at >= 0; at = rest.IndexOf(spelling))
            {
                result.Write(rest[..at]);
                result.Write(Stars);
                rest = rest[(at + spelling.Length)..];
            }

            result.Write(rest);
            masked = result.ToArray();
        }

        return masked;
    }

    private static IEnumerable<string> Spellings(string value)
    {
        yield return value;
        foreach (var json in Json(value))
        {
            yield return json;
            // A script logs JSON, and the log is JSON.
            foreach (var nested in Json(json))
            {
                yield return nested;
            }
        }

        yield return Uri.EscapeDataString(value);
        yield return WebUtility.UrlEncode(value);
        yield return WebUtility.HtmlEncode(value);
        yield return value.Replace("\"", "\"\"", StringComparison.Ordinal);
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
        yield return base64;
        yield return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>As JavaScript, Go and .NET write a string into JSON.</summary>
    private static string[] Json(string text)
    {
        var script = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
        var go = script.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
        return [script, go, JavaScriptEncoder.Default.Encode(text)];
    }

}
