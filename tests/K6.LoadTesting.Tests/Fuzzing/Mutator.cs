using System.Globalization;
using System.Text;

namespace K6.LoadTesting.Tests.Fuzzing;

/// <summary>Makes bad input of good: small random changes, some of them cruel. The same seed gives the same inputs.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<string> seeds)
{
    private static readonly string[] Cruel =
    [
        "", "\0", "\uFFFD", "\"", "'", "\\", "{", "}", "[", "]", "{{", "}}", "<", ">", "&", "%", "$", "#", ":", ";", ",", "\n", "\r", "\t", "\u2028", "\u202e", "ß", "😀", "-", "-0", "1e999", "-1e-999",
        "9223372036854775808", "0.1e", "NaN", "Infinity", "null", "true", "../../../../etc/passwd", "https://", "{id}", "${x}", "{{$guid}}", "p(101)", "p(-1)", "999999999999h", "$ref", "#/", "&a *a", "!!binary", "<<:", "---\n", "\ufeff",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next input.</summary>
    public string Next()
    {
        var text = new StringBuilder(Pick(seeds));
        for (var changes = _random.Next(1, 6); changes > 0; changes--)
        {
            Change(text);
        }

        return text.Length > 200_000 ? text.ToString(0, 200_000) : text.ToString();
    }

    private void Change(StringBuilder text)
    {
        var at = _random.Next(text.Length + 1);
        var length = Math.Min(_random.Next(1, 1 + Math.Max(1, text.Length / 4)), text.Length - at);
        switch (_random.Next(9))
        {
            case 0:
                text.Remove(at, length);
                break;
            case 1:
                text.Insert(at, Pick(Cruel));
                break;
            case 2:
                text.Insert(at, text.ToString(at, length));
                break;
            case 3:
                text.Length = at;
                break;
            case 4 when at < text.Length:
                text[at] = (char)_random.Next(1, 0x250);
                break;
            case 5:
                text.Insert(at, string.Concat(Enumerable.Repeat(Pick(Cruel), _random.Next(1, 2_000))));
                break;
            case 6:
                var other = Pick(seeds);
                text.Insert(at, other.AsSpan(_random.Next(other.Length)));
                break;
            case 7:
                var number = _random.NextInt64() * (_random.Next(2) == 0 ? -1 : 1);
                text.Insert(at, number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                var line = text.ToString().IndexOf('\n', Math.Min(at, Math.Max(0, text.Length - 1)));
                text.Insert(line < 0 ? 0 : line, "\n" + Pick(Pick(seeds).Split('\n')));
                break;
        }
    }

    private string Pick(IReadOnlyList<string> texts) => texts[_random.Next(texts.Count)];
}
