using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Endpoints;

/// <summary>A <c>K6Endpoint</c> as it was declared: everything that does not depend on the scenario.</summary>
internal sealed partial class EndpointItem
{
    /// <summary>Metadata of the item.</summary>
    public static IReadOnlyList<string> Metadata { get; } =
        ["Scenario", "Request", "Name", "Weight", "Journey", "Query", "Headers", "Body", "BodyFile", "Parameters", "Expect", "Capture", "ThinkTime", "Timeout", "Redirects", "Cookies", "Tags"];

    private const int MostRedirects = 100;

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private EndpointItem(ItemReader reader) => Reader = reader;

    /// <summary>Reads the item and its metadata.</summary>
    public ItemReader Reader { get; }

    /// <summary>Names of the scenarios; empty for all that are made of endpoints.</summary>
    public IReadOnlyList<string> Scenarios { get; private set; } = [];

    public string Method { get; private set; } = "";

    /// <summary>The address without its query, as it was written.</summary>
    public string Address { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string? Journey { get; private set; }

    /// <summary>Null when the item says none.</summary>
    public decimal? Weight { get; private set; }

    public IReadOnlyList<(string Name, string Value, SourceLocation Location)> Query { get; private set; } = [];

    public IReadOnlyList<(string Name, string Value, SourceLocation Location)> Headers { get; private set; } = [];

    public IReadOnlyList<(string Name, string Value, SourceLocation Location)> Parameters { get; private set; } = [];

    public IReadOnlyList<(string Name, string Value, SourceLocation Location)> Captures { get; private set; } = [];

    public IReadOnlyList<ScriptExpectation> Expectations { get; private set; } = [];

    public string? BodyFile { get; private set; }

    public bool IsJson { get; private set; }

    public string? ThinkTime { get; private set; }

    public string? LongestThinkTime { get; private set; }

    public string? Timeout { get; private set; }

    /// <summary>How many redirects are followed; null for k6's own 10.</summary>
    public int? Redirects { get; private set; }

    public bool Cookies { get; private set; } = true;

    public IReadOnlyDictionary<string, string> Tags { get; private set; } = new Dictionary<string, string>();

    /// <summary>Every text that values are put into, with its place.</summary>
    public IEnumerable<(string Text, SourceLocation Location)> Templates =>
    [
        (Address, PlaceOfAddress),
        .. Query.Concat(Headers).Select(pair => (pair.Value, pair.Location)),
        (Reader.Text("Body") ?? "", Reader.At("Body")),
        .. Expectations.SelectMany(expectation => expectation.Values.Select(value => ($"{{{value}}}", expectation.Location))),
    ];

    /// <summary>Where the address was written.</summary>
    public SourceLocation PlaceOfAddress => Reader.Has("Request") ? Reader.At("Request") : Reader.Location;

    /// <summary>Reads an item; null when it does not even say what to request.</summary>
    public static EndpointItem? Read(ProjectDeclaration project, ItemDeclaration declaration, ICollection<Diagnostic> diagnostics)
    {
        var item = new EndpointItem(new ItemReader(declaration, Metadata, new Dictionary<string, string>(), diagnostics));
        return item.ReadRequest() && item.ReadRest(project) ? item : null;
    }

    private bool ReadRequest()
    {
        var text = Reader.Text("Request") ?? Reader.Include;
        var place = Reader.Has("Request") ? "Request" : null;
        var match = MethodAndAddress().Match(text);
        if (!match.Success)
        {
            Reader.Report(Rules.InvalidRequest, place, place is null
                ? $"'{text}' does not say what to request: write Include=\"GET /products\", or keep the name and add Request=\"GET /products\"."
                : $"Request=\"{text}\" is not a method and an address; write Request=\"GET /products?page=1\".");
            return false;
        }

        Method = match.Groups["method"].Value.ToUpperInvariant();
        if (!Methods.Contains(Method))
        {
            Reader.Report(Rules.InvalidRequest, place, $"There is no method '{match.Groups["method"].Value}'.{NearestName.Hint(Method, Methods)}");
            return false;
        }

        var address = match.Groups["address"].Value;
        var question = address.IndexOf('?', StringComparison.Ordinal);
        Address = question < 0 ? address : address[..question];
        Query = question < 0 ? [] : [.. address[(question + 1)..].Split('&').Select(pair => pair.Split('=', 2)).Where(pair => pair[0].Length > 0)
            .Select(pair => (pair[0], pair.Length > 1 ? pair[1] : "", PlaceOfAddress))];
        if (!AddressStart().IsMatch(Address))
        {
            Reader.Report(Rules.InvalidRequest, place, $"The address '{Address}' starts neither with / nor with http://, https:// or a variable such as {{env.SHOP_URL}}.");
            return false;
        }

        if (string.Concat(TemplateText.Parse(Address).Where(part => !part.IsExpression).Select(part => part.Text)).IndexOfAny(['{', '}']) >= 0)
        {
            Reader.Report(Rules.InvalidRequest, place, $"The braces in '{Address}' are not around a name; write {{id}}, or {{{{id}}}} for braces that are part of the address.");
            return false;
        }

        Name = Reader.Text("Name") ?? (place is null ? $"{Method} {Address}" : Reader.Include);
        if (Name.AsSpan().IndexOfAny(',', '\n', '\r') >= 0 || Name.Length > 200)
        {
            Reader.Report(Rules.AmbiguousEndpoint, Reader.Has("Name") ? "Name" : place,
                $"'{Name}' cannot be a name in results: k6 wants none with a comma, and people none of more than 200 letters. Give the endpoint a Name.");
            return false;
        }

        return true;
    }

    private bool ReadRest(ProjectDeclaration project)
    {
        Scenarios = Reader.List("Scenario");
        Journey = Reader.Text("Journey");
        Weight = ReadWeight();
        Query = [.. Query, .. Pairs("Query", '=', Rules.InvalidHeader, "name=value, such as q=oak lamp")];
        Headers = ReadHeaders(Reader);
        Parameters = ReadParameters(Reader);
        Expectations = ReadExpectations();
        Captures = Pairs("Capture", '=', Rules.InvalidCapture, "name=place, such as token=$.token");
        (ThinkTime, LongestThinkTime) = ReadThinkTime(Reader);
        Timeout = Reader.Duration("Timeout");
        Redirects = ReadRedirects();
        Cookies = Reader.Switch("Cookies") ?? true;
        Tags = Reader.Pairs("Tags");
        foreach (var tag in Tags.Keys.Intersect(["name", .. ScenarioReader.ReservedTags]))
        {
            Reader.Report(Rules.ReservedTag, "Tags", $"The tag '{tag}' is set by the engine{(tag == "name" ? "; write Name" : ", whatever Tags says; choose another key")}.");
        }

        ReadBody(project);
        return true;
    }

    private decimal? ReadWeight()
    {
        if (Reader.Text("Weight") is not { } text)
        {
            return null;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var weight))
        {
            Reader.Report(Rules.InvalidWeight, "Weight", $"Weight=\"{text}\" is not a number; write 70, or 0.5.");
            return null;
        }

        if (weight is < 0 or > 1_000_000 || decimal.Round(weight, 6) != weight)
        {
            Reader.Report(Rules.InvalidWeight, "Weight", $"Weight=\"{text}\" does not lie between 0 and a million, with six decimals at most.");
            return null;
        }

        return weight;
    }

    private int? ReadRedirects()
    {
        if (Reader.Number("Redirects") is not { } number)
        {
            return null;
        }

        if (number is >= 0 and <= MostRedirects)
        {
            return (int)number;
        }

        Reader.Report(Rules.InvalidValue, "Redirects", $"Redirects=\"{number}\" does not lie between 0, which follows none, and {MostRedirects}.");
        return null;
    }

    private List<ScriptExpectation> ReadExpectations()
    {
        var expectations = new List<ScriptExpectation>();
        foreach (var (text, location) in Reader.Entries("Expect"))
        {
            if (ExpectationText.Parse(text, location, out var complaint, withValues: true) is { } expectation)
            {
                expectations.Add(expectation);
            }
            else
            {
                Reader.ReportAt(Rules.InvalidExpectation, location, complaint!);
            }
        }

        return expectations;
    }

    private void ReadBody(ProjectDeclaration project)
    {
        if (Reader.Has("Body") && Reader.Has("BodyFile"))
        {
            Reader.Report(Rules.InvalidBody, "BodyFile", "Body and BodyFile exclude each other; keep one.");
        }
        else if (Reader.Text("BodyFile") is { } file)
        {
            BodyFile = Path.GetFullPath(Path.Combine(project.Directory, file));
            if (!File.Exists(BodyFile))
            {
                Reader.Report(Rules.MissingBodyFile, "BodyFile", $"The body '{file}' does not exist: {BodyFile}. Paths start at the project's folder, {project.Directory}.");
            }
        }

        if ((Reader.Has("Body") || Reader.Has("BodyFile")) && Method is "GET" or "HEAD" && Reader.Set(["Body", "BodyFile"]) is [var metadatum, ..])
        {
            Reader.Report(Rules.InvalidBody, metadatum, $"A {Method} has no body; write POST, PUT or PATCH, or put it into Query.");
        }

        if (Reader.Text("Body") is { } body)
        {
            var type = Headers.FirstOrDefault(header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
            IsJson = type is null ? body[0] is '{' or '[' : type.Contains("json", StringComparison.OrdinalIgnoreCase);
            if (IsJson && JsonBody.Complaint(body) is { } complaint)
            {
                Reader.Report(Rules.InvalidBody, "Body", $"The body is no JSON: {complaint} For a body that is none, set the header Content-Type.");
            }
        }
        else
        {
            IsJson = BodyFile is not null && Path.GetExtension(BodyFile).Equals(".json", StringComparison.OrdinalIgnoreCase);
        }
    }

    private List<(string Name, string Value, SourceLocation Location)> Pairs(string metadatum, char separator, DiagnosticRule rule, string example) =>
        Pairs(Reader, metadatum, separator, rule, example);

    /// <summary>Headers of an item: <c>Name: value</c>, one a line.</summary>
    public static List<(string Name, string Value, SourceLocation Location)> ReadHeaders(ItemReader reader)
    {
        var headers = Pairs(reader, "Headers", ':', Rules.InvalidHeader, "Name: value, such as Accept: application/json; several are a child element, one a line");
        foreach (var (name, _, location) in headers.Where(header => !HeaderName().IsMatch(header.Name)))
        {
            reader.ReportAt(Rules.InvalidHeader, location, $"'{name}' cannot be the name of a header: it is made of letters, digits and -.");
        }

        foreach (var twice in headers.GroupBy(header => header.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            reader.ReportAt(Rules.InvalidHeader, twice.Last().Location, $"The header {twice.Key} is given twice; keep one.");
        }

        return headers;
    }

    /// <summary>Parameters of an item, their names unique.</summary>
    public static List<(string Name, string Value, SourceLocation Location)> ReadParameters(ItemReader reader)
    {
        var parameters = Pairs(reader, "Parameters", '=', Rules.InvalidParameter, "name=values, such as id=1..200 or size=S|M|L");
        foreach (var (name, _, location) in parameters.Where(parameter => !TemplateText.IsName(parameter.Name)))
        {
            reader.ReportAt(Rules.InvalidParameter, location, $"'{name}' cannot be the name of a parameter; use letters, digits, '_' and '-', the first one a letter.");
        }

        foreach (var twice in parameters.GroupBy(parameter => parameter.Name).Where(group => group.Count() > 1))
        {
            reader.ReportAt(Rules.InvalidParameter, twice.Last().Location, $"The parameter '{twice.Key}' is given twice in Parameters; keep one.");
        }

        return parameters;
    }

    /// <summary>A pause: <c>1s</c>, or <c>500ms..2s</c>.</summary>
    public static (string? Shortest, string? Longest) ReadThinkTime(ItemReader reader)
    {
        if (reader.Text("ThinkTime") is not { } text)
        {
            return (null, null);
        }

        var ends = text.Split("..", 2, StringSplitOptions.TrimEntries);
        if (!ends.All(end => reader.CheckDuration("ThinkTime", end)))
        {
            return (null, null);
        }

        var (shortest, longest) = (K6Duration.Parse(ends[0]), K6Duration.Parse(ends[^1]));
        if (longest < shortest)
        {
            reader.Report(Rules.InvalidValue, "ThinkTime", $"ThinkTime=\"{text}\" ends before it starts; write the shorter pause first.");
            return (null, null);
        }

        return (ExpectationText.Plain(shortest), ends.Length == 1 || longest == shortest ? null : ExpectationText.Plain(longest));
    }

    private static List<(string Name, string Value, SourceLocation Location)> Pairs(ItemReader reader, string metadatum, char separator, DiagnosticRule rule, string example)
    {
        var pairs = new List<(string, string, SourceLocation)>();
        foreach (var (text, location) in reader.Entries(metadatum))
        {
            var at = text.IndexOf(separator, StringComparison.Ordinal);
            var name = at < 0 ? "" : text[..at].Trim();
            if (name.Length == 0)
            {
                reader.ReportAt(rule, location, $"'{text}' in {metadatum} is not {example}.");
                continue;
            }

            var value = text[(at + 1)..].Trim();
            pairs.Add((name, value is ['"', .. var inner, '"'] && separator == '=' ? inner : value, location));
        }

        return pairs;
    }

    [GeneratedRegex(@"^(?<method>[A-Za-z]+)\s+(?<address>\S.*)\z", RegexOptions.Singleline)]
    private static partial Regex MethodAndAddress();

    [GeneratedRegex(@"^(/|https?://|\{env\.)", RegexOptions.IgnoreCase)]
    private static partial Regex AddressStart();

    [GeneratedRegex(@"^[!#$%&'*+.^_`|~0-9A-Za-z-]+\z")]
    private static partial Regex HeaderName();
}
