using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <summary>What annotations say about a request: comments, so that other editors do not mind them.</summary>
internal sealed partial class HttpAnnotations
{
    /// <summary>Annotations of ours.</summary>
    public static readonly IReadOnlyList<string> Own = ["weight", "expect", "think", "timeout", "tag", "threshold", "skip"];

    // Of other editors: those that are done here, and those that mean nothing without a person before the screen.
    private static readonly string[] Done = ["no-redirect", "no-cookie-jar"];
    private static readonly string[] Harmless = ["name", "prompt", "note", "no-log", "no-auto-encoding"];
    private static readonly string[] Foreign = ["connection-timeout", "use-os-credentials", "lang", "import", "ref", "forceRef", "loop", "disabled", "grpc-reflection", "curl"];

    private readonly ICollection<Diagnostic> diagnostics;

    /// <summary>Reads the annotations of a request.</summary>
    /// <param name="annotations">The annotations; those of the whole file come first.</param>
    /// <param name="diagnostics">Receives what is wrong with them.</param>
    public HttpAnnotations(IEnumerable<HttpAnnotation> annotations, ICollection<Diagnostic> diagnostics)
    {
        this.diagnostics = diagnostics;
        foreach (var annotation in annotations)
        {
            Read(annotation);
        }
    }

    /// <summary>Its part of the iterations; null for a request that has none.</summary>
    public decimal? Weight { get; private set; }

    /// <summary>What the answer has to be.</summary>
    public List<HttpAnnotation> Expectations { get; } = [];

    /// <summary>The pause after it; null for none.</summary>
    public HttpAnnotation? Think { get; private set; }

    /// <summary>Longest wait for the answer, a k6 duration; null for k6's own.</summary>
    public string? Timeout { get; private set; }

    /// <summary>Tags of its samples.</summary>
    public Dictionary<string, string> Tags { get; } = [];

    /// <summary>Limits on it.</summary>
    public List<HttpAnnotation> Thresholds { get; } = [];

    /// <summary>Whether it is left out.</summary>
    public bool Skip { get; private set; }

    /// <summary>Whether redirects are left to the file.</summary>
    public bool NoRedirect { get; private set; }

    /// <summary>Whether it neither sends nor keeps cookies.</summary>
    public bool NoCookieJar { get; private set; }

    /// <summary>The annotation <c>@k6 file NAME …</c> as one of the file; null for others.</summary>
    public static HttpAnnotation? OfFile(HttpAnnotation annotation)
    {
        var match = FileAnnotation().Match(annotation.Text);
        return annotation.Name.Equals("k6", StringComparison.OrdinalIgnoreCase) && match.Success
            ? new HttpAnnotation(match.Groups["name"].Value, match.Groups["text"].Value, After(annotation, match.Groups["name"].Index), After(annotation, match.Groups["text"].Index))
            : null;
    }

    private static SourceLocation After(HttpAnnotation annotation, int characters) =>
        annotation.TextLocation with { Column = annotation.TextLocation.Column + characters };

    private void Read(HttpAnnotation annotation)
    {
        switch (annotation.Name.ToLowerInvariant())
        {
            case "weight":
                ReadWeight(annotation);
                break;
            case "expect":
                Expectations.Add(annotation);
                Demand(annotation, "say what the answer has to be, such as '# @expect 200' or '# @expect $.items.length > 0'");
                break;
            case "think":
                Think = annotation;
                Demand(annotation, "give a duration, such as '# @think 1s' or '# @think 500ms..2s'");
                break;
            case "timeout":
                ReadTimeout(annotation);
                break;
            case "tag":
                ReadTag(annotation);
                break;
            case "threshold":
                Thresholds.Add(annotation);
                Demand(annotation, "give a limit, such as '# @threshold p(95)<500ms'");
                break;
            case "skip":
                Skip = true;
                break;
            case "no-redirect":
                NoRedirect = true;
                break;
            case "no-cookie-jar":
                NoCookieJar = true;
                break;
            case "k6":
                Report(annotation.Location, $"'@k6 {annotation.Text}' means nothing; annotations of the whole file are '# @k6 file …', those of a request '# @weight', '# @expect', ….");
                break;
            case var name when Foreign.Contains(name, StringComparer.OrdinalIgnoreCase):
                diagnostics.Add(Rules.HttpUnsupported.At(annotation.Location, $"'@{annotation.Name}' has no effect here."));
                break;
            case var name when !Harmless.Contains(name) && Own.Concat(Done).Min(own => NearestName.Distance(own, name)) <= 2:
                Report(annotation.Location, $"There is no annotation @{annotation.Name}.{NearestName.Hint(name, [.. Own, .. Done])}");
                break;
        }
    }

    private void ReadWeight(HttpAnnotation annotation)
    {
        if (!decimal.TryParse(annotation.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) || weight > 1_000_000)
        {
            Report(annotation.TextLocation, $"'{annotation.Text}' is no weight; write a number from 0 to a million, such as '# @weight 70'.");
            return;
        }

        Weight = weight;
    }

    // Other editors take a number without a unit for seconds.
    private void ReadTimeout(HttpAnnotation annotation)
    {
        var text = annotation.Text.Replace(" ", "", StringComparison.Ordinal);
        text = text.Length > 0 && text.All(char.IsAsciiDigit) ? text + "s" : text;
        if (K6Duration.TryParse(text, out var duration) && duration > TimeSpan.Zero)
        {
            Timeout = text;
            return;
        }

        Report(annotation.TextLocation, $"'{annotation.Text}' is no time to wait; write {K6Duration.Example}, or a number of seconds.");
    }

    private void ReadTag(HttpAnnotation annotation)
    {
        foreach (var pair in annotation.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).DefaultIfEmpty(""))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 1 ? ("", "") : (pair[..equals].Trim(), pair[(equals + 1)..].Trim());
            if (key.Length == 0 || value.Length == 0)
            {
                Report(annotation.TextLocation, $"'{pair}' is no tag; write '# @tag team=shop'.");
            }
            else if (key is "name" or "scenario" or "group" or "method" or "status" or "url" or "vu" or "iter")
            {
                Report(annotation.TextLocation, $"The tag '{key}' is set by the engine{(key == "name" ? "; '# @name' sets it" : "")}. Choose another key.");
            }
            else
            {
                Tags[key] = value;
            }
        }
    }

    private void Demand(HttpAnnotation annotation, string advice)
    {
        if (annotation.Text.Length == 0)
        {
            Report(annotation.Location, $"'@{annotation.Name}' says nothing; {advice}.");
        }
    }

    private void Report(SourceLocation place, string message) => diagnostics.Add(Rules.HttpAnnotation.At(place, message));

    [GeneratedRegex(@"^file\s+(?<name>[A-Za-z][\w-]*)(?:\s+(?<text>.*))?$")]
    private static partial Regex FileAnnotation();
}
