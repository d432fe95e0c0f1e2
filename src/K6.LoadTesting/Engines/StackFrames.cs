using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Engines;

/// <summary>Reads places out of the engine's stack traces: <c>at default (file:///a/b.ts:9:26(24))</c>.</summary>
internal static partial class StackFrames
{
    /// <summary>The first frame in a file of the user; frames in generated files and folders, and of functions that bundling appended to modules, are passed over unless there are no others.</summary>
    public static SourceLocation? First(string text, params IReadOnlyCollection<string> generated)
    {
        SourceLocation? fallback = null;
        foreach (Match match in Frame().Matches(text))
        {
            if (!Uri.TryCreate(match.Groups["url"].Value, UriKind.Absolute, out var url) || !url.IsFile)
            {
                continue;
            }

            var place = new SourceLocation(Path.GetFullPath(url.LocalPath), Number("line"), Number("column"));
            if (!match.Groups["name"].ValueSpan.StartsWith("__k6sdk_", StringComparison.Ordinal) && !generated.Any(one => place.File == one || place.File.StartsWith(one + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            {
                return place;
            }

            fallback ??= place;

            int Number(string name) => int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        }

        return fallback;
    }

    [GeneratedRegex(@"(?:(?<name>\S+) \()?(?<url>file://[^\s()]+?):(?<line>\d{1,9}):(?<column>\d{1,9})(?=[(\s)]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Frame();
}
