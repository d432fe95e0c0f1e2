using System.Text.RegularExpressions;

namespace K6.LoadTesting.Services;

/// <summary>What a line of output has when a service is ready: a text, or a regular expression between two slashes.</summary>
internal sealed class LogSign
{
    private readonly string _text;
    private readonly Regex? _pattern;

    /// <exception cref="RegexParseException">It is between slashes, and is no regular expression.</exception>
    public LogSign(string text)
    {
        _text = text;
        _pattern = text is ['/', .. var pattern, '/'] && pattern.Length > 0
            ? new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
            : null;
    }

    /// <summary>Whether a line has it.</summary>
    public bool IsIn(string line)
    {
        try
        {
            return _pattern?.IsMatch(line) ?? line.Contains(_text, StringComparison.Ordinal);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public override string ToString() => _pattern is null ? $"has '{_text}'" : $"matches {_text}";
}
