using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.TestRunners;

/// <summary>
/// The filter of <c>dotnet test</c> (https://learn.microsoft.com/dotnet/core/testing/selective-unit-tests): conditions on <c>FullyQualifiedName</c>, <c>Name</c>,
/// <c>DisplayName</c>, <c>ClassName</c> and <c>TestCategory</c> (<c>k6</c>, and <c>run</c> or <c>threshold</c>), joined by <c>&amp;</c> and <c>|</c>.
/// </summary>
internal sealed class CaseFilter
{
    private readonly string _text;
    private readonly Func<LoadTestCase, bool> _matches;
    private int _at;

    private CaseFilter(string text)
    {
        _text = text;
        _matches = Alternatives();
        if (_at < _text.Length)
        {
            throw Invalid("a ')' has no '(' before it");
        }
    }

    /// <summary>Reads a filter.</summary>
    /// <param name="text">The filter; empty matches everything.</param>
    /// <exception cref="LoadTestException">It is none.</exception>
    public static CaseFilter Parse(string text) => new(text.Trim());

    /// <summary>Whether a case is selected.</summary>
    public bool Matches(LoadTestCase one) => _text.Length == 0 || _matches(one);

    private Func<LoadTestCase, bool> Alternatives()
    {
        if (_text.Length == 0)
        {
            return _ => true;
        }

        var all = new List<Func<LoadTestCase, bool>> { Conjunction() };
        while (Takes('|'))
        {
            all.Add(Conjunction());
        }

        return all.Count == 1 ? all[0] : one => all.Exists(matches => matches(one));
    }

    private Func<LoadTestCase, bool> Conjunction()
    {
        var all = new List<Func<LoadTestCase, bool>> { Condition() };
        while (Takes('&'))
        {
            all.Add(Condition());
        }

        return all.Count == 1 ? all[0] : one => all.TrueForAll(matches => matches(one));
    }

    private Func<LoadTestCase, bool> Condition()
    {
        if (Takes('('))
        {
            var inner = Alternatives();
            return Takes(')') ? inner : throw Invalid("a '(' has no ')'");
        }

        var property = Word("=~!");
        var negated = Takes('!');
        var contains = Takes('~');
        if (!contains && !Takes('='))
        {
            return !negated && property.Length > 0 ? one => Contains(one.FullName, property) : throw Invalid("a condition is 'Name=text', 'Name!=text', 'Name~text' or 'Name!~text'");
        }

        var value = Word("");
        if (property.Length == 0 || value.Length == 0)
        {
            throw Invalid("a condition has no name or no text");
        }

        // A property that a test does not have is not equal to anything, as VSTest has it.
        return one => Values(one, property).Any(own => contains ? Contains(own, value) : string.Equals(own, value, StringComparison.OrdinalIgnoreCase)) != negated;
    }

    private string Word(string ends)
    {
        var word = new System.Text.StringBuilder();
        for (; _at < _text.Length && !"&|()".Contains(_text[_at]) && !ends.Contains(_text[_at]); _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                _at++;
            }

            word.Append(_text[_at]);
        }

        return word.ToString().Trim();
    }

    private bool Takes(char sign)
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        if (_at == _text.Length || _text[_at] != sign)
        {
            return false;
        }

        _at++;
        return true;
    }

    private static IReadOnlyList<string> Values(LoadTestCase one, string property) => property.ToUpperInvariant() switch
    {
        "FULLYQUALIFIEDNAME" => [one.FullName],
        "NAME" => [one.ShortName],
        "DISPLAYNAME" => [one.Name],
        "CLASSNAME" => [one.ClassName],
        "TESTCATEGORY" => ["k6", one.Threshold is null ? "run" : "threshold"],
        _ => [],
    };

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private LoadTestException Invalid(string why) => new(Rules.InvalidTestFilter.At(
        null, $"The filter '{_text}' cannot be read: {why}. Write it as for unit tests, such as --filter \"FullyQualifiedName~browse\"; in values, write \\( and \\) for parentheses."));
}
