using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources;

/// <summary>
/// The script of a scenario that nobody wrote: requests that came from <c>K6Endpoint</c> items, C#, a <c>.http</c> file, a recording or an
/// OpenAPI document. Every source makes one of these, and <see cref="ScriptWriter"/> makes TypeScript of it. It is part of
/// <c>plan.json</c>, and holds data only.
/// <para>
/// The contract. Each iteration runs one of the <see cref="Choices"/>, by their weights. A virtual user runs <see cref="SetUp"/> once,
/// before its first iteration; what that captures, all requests see. Members called <c>…Expression</c> are TypeScript, written as they are; <see cref="TypeScript"/> makes
/// them of texts and values. Names of variables and captures are TypeScript identifiers; the source makes them unique
/// (<see cref="TypeScript.Identifier"/>), and none may be a name that <c>k6-sdk</c> exports. A variable may use those before it. A capture that finds nothing is a failed check, and ends
/// the requests that follow it in its sequence, since they could not be what was meant.
/// </para>
/// </summary>
internal sealed record RequestScript
{
    /// <summary>Where the requests come from, for the head of the script: <c>the K6Endpoint items of Shop.LoadTests.csproj</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Absolute paths of the files that it was made of; none for items.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Absolute paths of files that would be among them, if they existed.</summary>
    public IReadOnlyList<string> LookedFor { get; init; } = [];

    /// <summary>Where paths start; null when all addresses are whole.</summary>
    public string? BaseUrlExpression { get; init; } = "__ENV.BASE_URL";

    /// <summary>What the script imports besides what the writer needs itself, such as test data, and functions of <c>k6-sdk</c> in expressions.</summary>
    public IReadOnlyList<ScriptImport> Imports { get; init; } = [];

    /// <summary>Columns of test data that the requests ask for; there is one look at them when the data were read.</summary>
    public IReadOnlyList<ScriptColumn> Columns { get; init; } = [];

    /// <summary>Statements at the top level of the module, before everything else: constants, functions.</summary>
    public IReadOnlyList<string> Declarations { get; init; } = [];

    /// <summary>Files that expressions use as bytes; each is read once.</summary>
    public IReadOnlyList<ScriptFile> Files { get; init; } = [];

    /// <summary>Requests that each virtual user makes once.</summary>
    public IReadOnlyList<ScriptRequest> SetUp { get; init; } = [];

    /// <summary>What an iteration may do; at least one.</summary>
    public required IReadOnlyList<RequestSequence> Choices { get; init; }

    /// <summary>Iterations of one virtual user when the project gives no load; null for k6's own, which is one.</summary>
    public long? Iterations { get; init; }

    /// <summary>Thresholds of the script itself, in k6's words; a failed expectation fails the run through one on <c>checks</c>.</summary>
    public IReadOnlyList<ScriptThresholdLine> Thresholds { get; init; } = [];

    /// <summary>Place of the first expectation or capture; null when there is none.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public SourceLocation? FirstExpectation =>
        Requests.SelectMany(request => request.Expectations.Select(one => one.Location).Concat(request.Captures.Select(one => one.Location))).FirstOrDefault();

    /// <summary>All requests, in their order.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<ScriptRequest> Requests => SetUp.Concat(Choices.SelectMany(choice => choice.Requests));
}

/// <summary>An import of a module.</summary>
/// <param name="Module">The module, such as <c>k6-data/users</c>.</param>
/// <param name="Names">What it exports and the script uses.</param>
internal sealed record ScriptImport(string Module, IReadOnlyList<string> Names);

/// <summary>A column of test data that a request asks for.</summary>
/// <param name="Data">Name of the data.</param>
/// <param name="Column">Name of the column.</param>
/// <param name="Text">As the user wrote it, such as <c>users.email</c>.</param>
/// <param name="Location">Where.</param>
internal sealed record ScriptColumn(string Data, string Column, string Text, SourceLocation Location);

/// <summary>A file that has a name in the script.</summary>
/// <param name="Name">The identifier of its bytes.</param>
/// <param name="File">Absolute path.</param>
internal sealed record ScriptFile(string Name, string File);

/// <summary>A threshold of the script.</summary>
/// <param name="Metric">Metric or submetric.</param>
/// <param name="Expression">k6's expression, such as <c>p(95)&lt;500</c>.</param>
/// <param name="Location">Where it was declared.</param>
internal sealed record ScriptThresholdLine(string Metric, string Expression, SourceLocation Location);

/// <summary>Requests that run one after the other in an iteration: one alone, or a journey.</summary>
internal sealed record RequestSequence
{
    /// <summary>Name of the group in results; null for a request that stands alone.</summary>
    public string? Name { get; init; }

    /// <summary>Its part of the iterations against the sum of all weights, 0 or more, up to six decimals.</summary>
    public decimal Weight { get; init; } = 1;

    /// <summary>Values that are chosen at its start.</summary>
    public IReadOnlyList<ScriptVariable> Variables { get; init; } = [];

    /// <summary>The requests; at least one.</summary>
    public required IReadOnlyList<ScriptRequest> Requests { get; init; }

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }
}

/// <summary>A value that has a name in the script.</summary>
/// <param name="Name">The identifier.</param>
/// <param name="ValueExpression">The value, such as <c>integer(1, 200)</c>.</param>
/// <param name="Location">Where it was declared.</param>
internal sealed record ScriptVariable(string Name, string ValueExpression, SourceLocation Location);

/// <summary>A name with a value: a header, a part of the query or of the path.</summary>
/// <param name="Name">The name.</param>
/// <param name="ValueExpression">The value.</param>
internal sealed record ScriptPair(string Name, string ValueExpression);

/// <summary>One request.</summary>
internal sealed record ScriptRequest
{
    /// <summary>Name in results: the tag <c>name</c> of its samples; without commas, since k6 splits submetrics there.</summary>
    public required string Name { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The address: a path, or the whole; <c>{name}</c> in it stands for <see cref="Path"/>.</summary>
    public required string AddressExpression { get; init; }

    /// <summary>Values of <c>{name}</c> in the address; they are encoded.</summary>
    public IReadOnlyList<ScriptPair> Path { get; init; } = [];

    /// <summary>The query; names and values are encoded.</summary>
    public IReadOnlyList<ScriptPair> Query { get; init; } = [];

    /// <summary>Headers.</summary>
    public IReadOnlyList<ScriptPair> Headers { get; init; } = [];

    /// <summary>The body: a text, or bytes; null for none.</summary>
    public string? BodyExpression { get; init; }

    /// <summary>Absolute path of a file that is the body, as it is; null for none.</summary>
    public string? BodyFile { get; init; }

    /// <summary>Values that are chosen before the request.</summary>
    public IReadOnlyList<ScriptVariable> Variables { get; init; } = [];

    /// <summary>What the answer has to be; each is a check.</summary>
    public IReadOnlyList<ScriptExpectation> Expectations { get; init; } = [];

    /// <summary>Values that expectations compare with, by the names that they have there.</summary>
    public IReadOnlyList<ScriptPair> Values { get; init; } = [];

    /// <summary>Values that are taken out of the answer.</summary>
    public IReadOnlyList<ScriptCapture> Captures { get; init; } = [];

    /// <summary>The answer's name, where expressions of later requests use the answer itself; null otherwise.</summary>
    public string? AnswerName { get; init; }

    /// <summary>Shortest pause after the request, a k6 duration; null for none.</summary>
    public string? ThinkTime { get; init; }

    /// <summary>Longest pause; null for always the shortest.</summary>
    public string? LongestThinkTime { get; init; }

    /// <summary>Longest wait for the answer, a k6 duration; null for k6's own.</summary>
    public string? Timeout { get; init; }

    /// <summary>How many redirects are followed; null for k6's own 10.</summary>
    public int? Redirects { get; init; }

    /// <summary>Whether cookies are sent and kept.</summary>
    public bool Cookies { get; init; } = true;

    /// <summary>Tags of its samples, besides the name.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Statements before the request, each a line.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Statements after the request and its captures, each a line.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Name of the group in results, for neighbours of a sequence that belong together; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>Where it was declared.</summary>
    public required SourceLocation Location { get; init; }
}

/// <summary>An expectation, as a call of <c>k6-sdk</c>; <see cref="ExpectationText"/> makes it of the words that users write.</summary>
/// <param name="CallExpression">Such as <c>json('$.price', above(0))</c>.</param>
/// <param name="Functions">The functions of <c>k6-sdk</c> in it.</param>
/// <param name="Location">Where it was declared.</param>
internal sealed record ScriptExpectation(string CallExpression, IReadOnlyList<string> Functions, SourceLocation Location)
{
    /// <summary>Names of the values of the request that it needs; they are in <see cref="ScriptRequest.Values"/>.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}

/// <summary>A value that is taken out of an answer.</summary>
/// <param name="Name">The identifier that holds it from then on.</param>
/// <param name="Label">How the user calls it; the check is called after the request and it.</param>
/// <param name="PlaceExpression">Such as <c>json('$.token')</c>.</param>
/// <param name="Functions">The functions of <c>k6-sdk</c> in it.</param>
/// <param name="Location">Where it was declared.</param>
internal sealed record ScriptCapture(string Name, string Label, string PlaceExpression, IReadOnlyList<string> Functions, SourceLocation Location);
