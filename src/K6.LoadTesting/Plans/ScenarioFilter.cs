namespace K6.LoadTesting.Plans;

/// <summary>
/// <c>K6ScenarioFilter</c>: patterns of names with <c>*</c> and <c>?</c>, <c>category:</c> before those of categories, and <c>!</c> before what is left out.
/// </summary>
internal sealed class ScenarioFilter
{
    private const string OfCategories = "category:";

    private readonly List<Pattern> patterns;

    /// <summary>Reads it.</summary>
    /// <param name="text">As it was written. Besides commas there may be other separators, since a comma or a semicolon ends a property on MSBuild's command line unless it is quoted.</param>
    public ScenarioFilter(string text) => patterns =
        [.. text.Split([',', ';', ' ', '\n', '\r', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Pattern.Parse)];

    /// <summary>The patterns that no scenario matches, as they were written.</summary>
    public IReadOnlyList<string> Unmatched(IReadOnlyList<DeclaredScenario> scenarios) =>
        [.. patterns.Where(pattern => !scenarios.Any(pattern.Matches)).Select(pattern => pattern.Text)];

    /// <summary>Whether a scenario runs: one of the patterns names it, unless there are none but exclusions, and no exclusion does.</summary>
    public bool Selects(DeclaredScenario scenario) =>
        (patterns.TrueForAll(pattern => pattern.Excludes) || patterns.Exists(pattern => !pattern.Excludes && pattern.Matches(scenario)))
        && !patterns.Exists(pattern => pattern.Excludes && pattern.Matches(scenario));

    private sealed record Pattern(string Text, string Name, bool Excludes, bool IsCategory)
    {
        public static Pattern Parse(string text)
        {
            var name = text.TrimStart('!');
            var isCategory = name.StartsWith(OfCategories, StringComparison.OrdinalIgnoreCase);
            return new Pattern(text, isCategory ? name[OfCategories.Length..] : name, text.StartsWith('!'), isCategory);
        }

        public bool Matches(DeclaredScenario scenario) =>
            IsCategory ? scenario.Categories.Any(Matches) : Matches(scenario.Name);

        private bool Matches(string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Name, name);
    }
}
