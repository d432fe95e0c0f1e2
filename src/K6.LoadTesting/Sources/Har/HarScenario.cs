using System.Text.RegularExpressions;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Har;

/// <summary>What to replay of a recording.</summary>
/// <param name="Hosts">Hosts, with <c>*</c> for any letters; empty for that of the first page and its neighbours.</param>
/// <param name="StaticFiles">Whether scripts, styles, images and fonts are requested too.</param>
internal sealed record HarOptions(IReadOnlyList<string> Hosts, bool StaticFiles);

/// <summary>A secret that was found.</summary>
/// <param name="Variable">Variable that stands for it.</param>
/// <param name="What">What it is: <c>the header Authorization (what follows 'Bearer') of POST /login</c>.</param>
/// <param name="Location">The entry.</param>
internal sealed record HarSecretFound(string Variable, string What, SourceLocation Location);

/// <summary>A recording as a scenario. What it was made of is remembered, since a large one takes seconds to read.</summary>
internal sealed record HarScenario
{
    /// <summary>Metadatum of a <c>K6Scenario</c> that names hosts.</summary>
    public const string HostsMetadatum = "HarHosts";

    /// <summary>Metadatum of a <c>K6Scenario</c> that takes static files over.</summary>
    public const string StaticFilesMetadatum = "HarStaticFiles";

    /// <summary>Hash of options and version.</summary>
    public required string Key { get; init; }

    /// <summary>The recording.</summary>
    public required FileStamp File { get; init; }

    /// <summary>The requests.</summary>
    public required RequestScript Script { get; init; }

    /// <summary>Secrets in it.</summary>
    public required IReadOnlyList<HarSecretFound> Secrets { get; init; }

    /// <summary>Warnings, to be said again.</summary>
    public required IReadOnlyList<Diagnostic> Said { get; init; }

    /// <summary>Reads a recording, or remembers it.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="scenario">Name of the scenario.</param>
    /// <param name="options">What to replay.</param>
    /// <param name="project">The project, which declares secrets.</param>
    /// <param name="diagnostics">Receives what is wrong, and what is left out.</param>
    /// <returns>Null when it cannot be a scenario; that was reported.</returns>
    public static RequestScript? Read(string file, string scenario, HarOptions options, ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var state = Path.Combine(project.GeneratedDirectory, "recordings", scenario + ".json");
        var key = InputState.Hash([InputState.Library, scenario, string.Join(',', options.Hosts), options.StaticFiles.ToString()]);
        var known = StateFile.Read<HarScenario>(state);
        if (known is null || known.Key != key || known.File.Path != file || !known.File.IsCurrent())
        {
            try
            {
                known = new HarScenarioBuilder(file, scenario, options).Build() with { Key = key };
            }
            catch (LoadTestException failure)
            {
                diagnostics.Add(failure.Diagnostic);
                return null;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                diagnostics.Add(Rules.HarMalformed.At(new SourceLocation(file, 1, 1), $"The recording cannot be read: {failure.Message}"));
                return null;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(state)!);
            StateFile.Write(state, known);
        }

        known.Said.ToList().ForEach(diagnostics.Add);
        var declared = project.Items.Where(item => item.Kind is "K6Secret" or "K6EnvironmentVariable").Select(item => item.Include.Trim()).ToHashSet();
        var missing = known.Secrets.Where(secret => !declared.Contains(secret.Variable)).ToList();
        foreach (var secret in missing)
        {
            diagnostics.Add(Rules.HarSecret.At(secret.Location,
                $"The recording holds a secret, {secret.What}. It is not taken over; the script reads {secret.Variable} instead. Declare it, <K6Secret Include=\"{secret.Variable}\" />, set it in the environment, and keep the recording out of the repository."));
        }

        return missing.Count > 0 ? null : known.Script;
    }
}

/// <summary>Makes a scenario of a recording, in two readings: requests first, then where their values come from.</summary>
internal sealed partial class HarScenarioBuilder(string file, string scenario, HarOptions options)
{
    private const int MostRequests = 2000;

    // A recording may have been left alone over lunch; a virtual user is not.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, string> pages = [];
    private readonly List<HarRequest> requests = [];
    private readonly Dictionary<int, int> places = [];
    private readonly List<Diagnostic> said = [];
    private readonly List<HarSecretFound> secrets = [];
    private readonly Dictionary<(string Name, string Value), string> secretNames = [];
    private readonly HashSet<string> identifiers = [];
    private readonly HashSet<string> functions = [];
    private readonly Dictionary<HarSource, ScriptCapture> captures = [];
    private string origin = "";

    /// <summary>Makes it.</summary>
    /// <exception cref="LoadTestException">The file is no recording, or nothing of it is left.</exception>
    public HarScenario Build()
    {
        // Before it is read: what changes meanwhile is found the next time.
        var stamp = FileStamp.Of(file);
        ReadRequests();
        var statuses = FollowRedirects();
        var values = requests.Select(HarValue.Of).Select(own => own.ToList()).ToList();
        var correlation = Correlate(values.SelectMany(own => own));
        Capture(correlation);
        var cookies = CookiesFromBefore();
        var made = requests.Select((request, index) => Make(request, index, statuses[index], values[index], correlation, cookies)).ToList();
        return new HarScenario
        {
            Key = "",
            File = stamp,
            Secrets = secrets,
            Said = said,
            Script = new RequestScript
            {
                Origin = Path.GetFileName(file),
                Inputs = [file],
                BaseUrlExpression = $"__ENV.{ServicePlan.DefaultUrlVariable} || {TypeScript.Text(origin)}",
                Imports = functions.Count == 0 ? [] : [new ScriptImport("k6-sdk", [.. functions.Order(StringComparer.Ordinal)])],
                Choices = [new RequestSequence { Requests = made, Location = requests[0].Location }],
            },
        };
    }

    private void ReadRequests()
    {
        var foreign = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var sockets = 0;
        var all = new List<HarRequest>();
        using (var reader = new HarReader(file))
        {
            for (var index = 0; reader.Next();)
            {
                if (reader.IsPage)
                {
                    var page = reader.Current!.RootElement;
                    pages[HarRequest.Text(page, "id") ?? ""] = HarRequest.Text(page, "title") ?? "";
                    continue;
                }

                var request = HarRequest.Of(reader.Current!.RootElement, index++, reader.Location);
                if (request is null || (request.IsStatic && !options.StaticFiles) || request.Method is "OPTIONS" or "CONNECT")
                {
                    continue;
                }

                if (request.Url.Scheme is "ws" or "wss")
                {
                    sockets++;
                }
                else if (request.Status > 0)
                {
                    all.Add(request);
                    if (all.Count > 10 * MostRequests)
                    {
                        throw TooMany(all.Count, request);
                    }
                }
            }
        }

        var first = all.Find(request => request.IsDocument) ?? all.FirstOrDefault();
        foreach (var request in all.OrderBy(request => request.Start))
        {
            if (first is not null && IsWanted(request, first))
            {
                requests.Add(request);
            }
            else
            {
                foreign[request.Host] = foreign.GetValueOrDefault(request.Host) + 1;
            }
        }

        var place = new SourceLocation(file, 1, 1);
        if (requests.Count == 0)
        {
            throw new LoadTestException(Rules.HarEmpty.At(place, $"Of the recording nothing is left: it has {all.Count} answered requests that are no static files{(foreign.Count > 0 ? $", to {string.Join(", ", foreign.Keys)}; choose some with HarHosts" : "")}."));
        }

        if (requests.Count > MostRequests)
        {
            throw TooMany(requests.Count, requests[MostRequests]);
        }

        if (foreign.Count > 0)
        {
            said.Add(Rules.HarLeftOut.At(place, $"Requests to other hosts are left out: {string.Join(", ", foreign.Take(20).Select(pair => $"{pair.Key} ({pair.Value})"))}{(foreign.Count > 20 ? ", …" : "")}. Name those that belong to the load test: HarHosts=\"{requests[0].Host}, {foreign.Keys.First()}\"."));
        }

        if (sockets > 0)
        {
            said.Add(Rules.HarLeftOut.At(place, $"{sockets} WebSocket connection{(sockets == 1 ? " is" : "s are")} left out."));
        }

        foreach (var request in requests.Where(request => request.BodyComplaint is not null))
        {
            said.Add(Rules.HarLeftOut.At(request.Location, $"{request.Method} {request.Url.AbsolutePath} is sent without a body: {request.BodyComplaint}."));
        }

        origin = requests.Find(request => request.IsDocument)?.Url.GetLeftPart(UriPartial.Authority) ?? requests[0].Url.GetLeftPart(UriPartial.Authority);
    }

    private static LoadTestException TooMany(int count, HarRequest at) => new(Rules.HarTooLarge.At(at.Location,
        $"The recording has {count} requests or more, and a scenario of more than {MostRequests} is none that a person would do. Choose hosts with HarHosts, or record less."));

    // Neighbours share the last two parts of their names: shop.example.com and api.example.com.
    private bool IsWanted(HarRequest request, HarRequest first) => options.Hosts.Count > 0
        ? options.Hosts.Any(host => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(host, request.Host, ignoreCase: true))
        : request.Host == first.Host || (first.Url.HostNameType == UriHostNameType.Dns && Neighbourhood(request.Host) == Neighbourhood(first.Host));

    private static string Neighbourhood(string host) => host.Split('.') is { Length: > 2 } parts ? string.Join('.', parts[^2..]) : host;

    /// <summary>The engine follows redirects as the browser did: their targets are no requests of their own. Gives the status that each request has in the end.</summary>
    private List<int> FollowRedirects()
    {
        var statuses = new List<int>();
        for (var i = 0; i < requests.Count; i++)
        {
            var request = requests[i];
            places[request.Index] = i;
            var status = request.Status;
            var at = request;
            while (at.RedirectUrl is { } redirect && at.Status is 301 or 302 or 303 or 307 or 308 && Uri.TryCreate(at.Url, redirect, out var target)
                && requests.FindIndex(i + 1, one => one.Url == target) is > 0 and var next && next <= i + 10)
            {
                at = requests[next];
                status = at.Status;
                places[at.Index] = i;
                requests.RemoveAt(next);
            }

            requests[i] = request with { End = at.End };
            statuses.Add(status == 304 ? 200 : status);
        }

        return statuses;
    }

    private HarCorrelation Correlate(IEnumerable<HarValue> values)
    {
        var correlation = new HarCorrelation(values);
        using var reader = new HarReader(file);
        for (var index = 0; reader.Next();)
        {
            if (!reader.IsPage && places.TryGetValue(index++, out var request) && reader.Current!.RootElement.TryGetProperty("response", out var response))
            {
                correlation.Look(response, request);
            }
        }

        return correlation;
    }

    private void Capture(HarCorrelation correlation)
    {
        foreach (var source in correlation.Sources.Values.Distinct().OrderBy(source => source.Request))
        {
            captures[source] = new ScriptCapture(TypeScript.Identifier(source.Label, identifiers), source.Label, source.PlaceExpression, [source.Function], requests[source.Request].Location);
        }
    }

    /// <summary>Cookies that the browser had before the recording began; those that answers set, the engine keeps by itself.</summary>
    private HashSet<string> CookiesFromBefore()
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            before.UnionWith(request.Cookies.Select(cookie => cookie.Name).Where(name => !set.Contains(name) && !name.StartsWith("_ga", StringComparison.Ordinal)));
            set.UnionWith(request.SetCookies);
        }

        return before;
    }

    private ScriptRequest Make(HarRequest request, int index, int status, List<HarValue> values, HarCorrelation correlation, HashSet<string> cookies)
    {
        var template = new List<TemplatePart>();
        var address = request.Url.GetLeftPart(UriPartial.Authority) == origin ? [] : new List<TemplatePart> { new(request.Url.GetLeftPart(UriPartial.Authority)) };
        address.AddRange(Replace(request, request.Url.AbsolutePath, values.Where(value => value.Part == HarPart.Path), correlation, one => $"encodeURIComponent({one})", template));
        address.AddRange(Replace(request, request.Url.Query, values.Where(value => value.Part == HarPart.Query), correlation, one => $"encodeURIComponent({one})"));
        var headers = request.Headers.Select(header => new ScriptPair(header.Name, TypeScript.Template(
            Replace(request, header.Value, values.Where(value => IsOf(value, header.Name, header.Value)).DistinctBy(value => value.Start), correlation, one => one)))).ToList();
        var own = request.Cookies.Where(cookie => cookies.Contains(cookie.Name)).ToList();
        if (own.Count > 0)
        {
            headers.Add(new ScriptPair("Cookie", TypeScript.Template(own.SelectMany((cookie, at) => new TemplatePart[]
            {
                new($"{(at > 0 ? "; " : "")}{cookie.Name}="),
                Session().IsMatch(cookie.Name) ? new(Secret(request, cookie.Name, cookie.Value, $"the cookie {cookie.Name}"), true) : new(cookie.Value),
            }))));
        }

        var body = request.Body is null ? null : TypeScript.Template(HarValue.IsForm(request)
            ? Replace(request, request.Body, values.Where(value => value.Part == HarPart.Form), correlation, one => $"encodeURIComponent({one})")
            : Replace(request, request.Body, values.Where(value => value.Part == HarPart.Json), correlation, one => one));
        var pause = index == requests.Count - 1 ? TimeSpan.Zero : requests[index + 1].Start - requests.Take(index + 1).Max(one => one.End);
        return new ScriptRequest
        {
            Name = $"{request.Method} {Name(template)}".Replace(',', ' '),
            Method = request.Method,
            AddressExpression = TypeScript.Template(address),
            Headers = [.. headers.DistinctBy(header => header.Name, StringComparer.OrdinalIgnoreCase)],
            BodyExpression = body,
            Expectations = [new ScriptExpectation($"status({status})", ["status"], request.Location)],
            Captures = [.. captures.Where(pair => pair.Key.Request == index).Select(pair => pair.Value)],
            ThinkTime = pause < ShortestPause ? null : K6Duration.Format(TimeSpan.FromMilliseconds(Math.Round((pause > LongestPause ? LongestPause : pause).TotalMilliseconds / 100) * 100)),
            Group = Group(request),
            Location = request.Location,
        };
    }

    /// <summary>A text with captures and secrets instead of the values that were recorded.</summary>
    private List<TemplatePart> Replace(
        HarRequest request, string text, IEnumerable<HarValue> values, HarCorrelation correlation, Func<string, string> encode, List<TemplatePart>? template = null)
    {
        var parts = new List<TemplatePart>();
        var at = 0;
        foreach (var value in values.OrderBy(value => value.Start))
        {
            string? expression = null;
            string? name = null;
            if (correlation.Sources.TryGetValue(value, out var source))
            {
                expression = captures[source].Name;
                name = expression;
            }
            else if (IsSecret(value))
            {
                expression = Secret(request, value.Name, value.Text, What(value, request));
                name = value.Name;
            }
            else if (template is not null && Changing().IsMatch(value.Text))
            {
                name = "id";
            }

            if (name is null)
            {
                continue;
            }

            template?.Add(new TemplatePart(text[at..value.Start]));
            template?.Add(new TemplatePart(name, true));
            if (expression is null)
            {
                parts.Add(new TemplatePart(text[at..(value.Start + value.Length)]));
            }
            else
            {
                // A text in JSON keeps its quotes; a number has none.
                var quoted = value.Part == HarPart.Json && text[value.Start] == '"';
                functions.UnionWith(quoted ? ["jsonText"] : []);
                parts.Add(new TemplatePart(text[at..value.Start] + (quoted ? "\"" : "")));
                parts.Add(new TemplatePart(quoted ? $"jsonText({expression})" : encode(expression), true));
                parts.Add(new TemplatePart(quoted ? "\"" : ""));
            }

            at = value.Start + value.Length;
        }

        template?.Add(new TemplatePart(text[at..]));
        parts.Add(new TemplatePart(text[at..]));
        return parts;
    }

    // A header may be there twice.
    private static bool IsOf(HarValue value, string name, string text) =>
        value.Part == HarPart.Header && value.Name == name && value.Start + value.Length == text.Length && text.EndsWith(value.Text, StringComparison.Ordinal);

    private static bool IsSecret(HarValue value) => value.Text.Length > 0 && value.Part switch
    {
        HarPart.Path => false,
        HarPart.Header => value.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || EnvironmentReader.SoundsSecret(value.Name.Replace('-', '_')),
        _ => SecretName().IsMatch(value.Name),
    };

    private static string What(HarValue value, HarRequest request)
    {
        var of = $"of {request.Method} {request.Url.AbsolutePath}";
        return value.Part switch
        {
            HarPart.Header => $"the header {value.Name} {of}{(value.Start > 0 ? $" (what follows '{request.Headers.First(header => IsOf(value, header.Name, header.Value)).Value[..value.Start].Trim()}')" : "")}",
            HarPart.Query => $"the parameter {value.Name} {of}",
            _ => $"the value {value.Name} in the body {of}",
        };
    }

    private string Secret(HarRequest request, string name, string value, string what)
    {
        if (!secretNames.TryGetValue((name, value), out var variable))
        {
            var start = NoName().Replace($"{scenario}_{name}".ToUpperInvariant(), "_");
            start = char.IsAsciiDigit(start[0]) || start.StartsWith("K6_", StringComparison.Ordinal) ? "HAR_" + start : start;
            variable = start;
            for (var number = 2; secretNames.ContainsValue(variable); number++)
            {
                variable = $"{start}_{number}";
            }

            secretNames[(name, value)] = variable;
            secrets.Add(new HarSecretFound(variable, what, request.Location));
        }

        return $"__ENV.{variable}";
    }

    private static string Name(IEnumerable<TemplatePart> template) => string.Concat(template.Select(part => part.IsExpression ? $"{{{part.Text}}}" : part.Text));

    /// <summary>A page is called after its title; browsers put its address there when it has none.</summary>
    private string? Group(HarRequest request)
    {
        if (request.Page is null || !pages.TryGetValue(request.Page, out var title))
        {
            return null;
        }

        var name = title.Length == 0 || title.StartsWith("http", StringComparison.Ordinal) ? requests.Find(one => one.Page == request.Page)!.Url.AbsolutePath : title;
        return name.Replace("::", ":", StringComparison.Ordinal).Trim() is { Length: > 0 } text ? text : "page";
    }

    [GeneratedRegex(@"^[0-9]+$|^[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}$|^(?=.*[0-9])[0-9A-Za-z_-]{16,}$")]
    private static partial Regex Changing();

    [GeneratedRegex("passw|secret|token|api.?key|^pwd$|^pass$|jwt|credential|^sid$|session.?id", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"sess|auth|token|\bsid\b|jwt|identity|\.AspNetCore\.", RegexOptions.IgnoreCase)]
    private static partial Regex Session();

    [GeneratedRegex("[^0-9A-Z]+")]
    private static partial Regex NoName();
}
