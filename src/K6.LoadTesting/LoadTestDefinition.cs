using System.Globalization;
using System.Runtime.CompilerServices;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting;

/// <summary>
/// What a <see cref="LoadTestScenario"/> consists of. Each call declares what an item of a project would declare (<c>K6Scenario</c>,
/// <c>K6Endpoint</c>, <c>K6Threshold</c>, <c>K6EnvironmentVariable</c>), and remembers its own line: what is wrong with it, and what
/// it limits and was crossed, is reported there. Durations are k6 durations such as <c>1m30s</c>.
/// </summary>
public sealed class LoadTestDefinition
{
    private const string AddressVariable = ServicePlan.DefaultUrlVariable;

    private readonly Declared _scenario;
    private readonly List<Declared> _items = [];
    private string? _journey;

    internal LoadTestDefinition(string name)
    {
        Name = name;
        _scenario = new Declared("K6Scenario", name, null);
    }

    internal string Name { get; }

    /// <summary>Values of environment variables: they stay out of the declaration, so that no message and no file can show them.</summary>
    internal Dictionary<string, string> Values { get; } = [];

    /// <summary>A load in one word and a few numbers; docs/patterns.md has the formulas.</summary>
    /// <param name="pattern">The shape over time.</param>
    /// <param name="numbers">Its numbers: <c>Vus</c> or <c>Rate</c>, and <c>Duration</c>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Load(LoadPattern pattern, PatternNumbers numbers, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        Placed(file, line)
            .Set("Pattern", pattern.ToString())
            .Set("Vus", numbers.Vus).Set("Rate", numbers.Rate).Set("Duration", numbers.Duration)
            .Set("Ramp", numbers.Ramp).Set("Steps", numbers.Steps)
            .Set("StartVUs", numbers.StartVUs).Set("StartRate", numbers.StartRate).Set("TimeUnit", numbers.TimeUnit)
            .Set("PreAllocatedVUs", numbers.PreAllocatedVUs).Set("MaxVUs", numbers.MaxVUs)
            .Set("StartTime", numbers.StartTime).Set("GracefulStop", numbers.GracefulStop).Set("GracefulRampDown", numbers.GracefulRampDown);
        return this;
    }

    /// <summary>A load written out in the words of k6's executors.</summary>
    /// <param name="load">The executor and its options.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Load(ScenarioLoad load, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(load);
        Placed(file, line)
            .Set("Executor", load.Executor)
            .Set("Vus", load.Vus).Set("StartVUs", load.StartVUs).Set("Duration", load.Duration)
            .Set("Iterations", load.Iterations).Set("MaxDuration", load.MaxDuration)
            .Set("Rate", load.Rate).Set("StartRate", load.StartRate).Set("TimeUnit", load.TimeUnit)
            .Set("PreAllocatedVUs", load.PreAllocatedVUs).Set("MaxVUs", load.MaxVUs)
            .Set("Stages", load.Stages is { } stages ? string.Join(", ", stages.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Duration}:{stage.Target}"))) : null)
            .Set("StartTime", load.StartTime).Set("GracefulStop", load.GracefulStop).Set("GracefulRampDown", load.GracefulRampDown);
        return this;
    }

    /// <summary>Runs a k6 script, an <c>.http</c> file or a recording instead of declared requests.</summary>
    /// <param name="script">The script, <c>.ts</c> or <c>.js</c>, or <c>.http</c>, <c>.har</c>; a relative path starts at <see cref="K6Options.Directory"/>.</param>
    /// <param name="exec">Exported function to run; null for the default export.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Script(string script, string? exec = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Placed(file, line).Set("Name", Name).Set("Exec", exec).Include = script;
        return this;
    }

    /// <summary>A request with the method GET.</summary>
    /// <param name="address">Path or whole address; <c>{id}</c> stands for a parameter, <c>{env.NAME}</c> for a variable.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Get(string address, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Request("GET", address, file, line);

    /// <summary>A request with the method POST.</summary>
    /// <inheritdoc cref="Get" />
    public RequestDefinition Post(string address, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Request("POST", address, file, line);

    /// <summary>A request with the method PUT.</summary>
    /// <inheritdoc cref="Get" />
    public RequestDefinition Put(string address, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Request("PUT", address, file, line);

    /// <summary>A request with the method PATCH.</summary>
    /// <inheritdoc cref="Get" />
    public RequestDefinition Patch(string address, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Request("PATCH", address, file, line);

    /// <summary>A request with the method DELETE.</summary>
    /// <inheritdoc cref="Get" />
    public RequestDefinition Delete(string address, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Request("DELETE", address, file, line);

    /// <summary>A request. Each iteration makes one of those that stand alone, by their weights, or runs one journey.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="address">Path or whole address; <c>{id}</c> stands for a parameter, <c>{env.NAME}</c> for a variable.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Request(string method, string address, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var item = Add("K6Endpoint", $"{method} {address}", file, line).Set("Scenario", Name).Set("Journey", _journey);
        return new RequestDefinition(item);
    }

    /// <summary>Requests that run in their order in one iteration and can hand values on.</summary>
    /// <param name="name">Name of the journey: a group in the results.</param>
    /// <param name="requests">Declares them, on this definition.</param>
    public LoadTestDefinition Journey(string name, Action requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var outer = _journey;
        _journey = name;
        requests();
        _journey = outer;
        return this;
    }

    /// <summary>A parameter of all requests, whose value is chosen once per iteration.</summary>
    /// <param name="name">Its name in templates.</param>
    /// <param name="values">A range <c>1..200</c>, a list <c>S|M|L</c>, or <c>env.NAME</c>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Parameter(string name, string values, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _scenario.AppendLine("Parameters", $"{name}={values}", file, line);
        return this;
    }

    /// <summary>A header of all requests that have none of that name themselves.</summary>
    /// <param name="name">Name.</param>
    /// <param name="value">Value; <c>{env.NAME}</c> stands for a variable.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Header(string name, string value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _scenario.AppendLine("Headers", $"{name}: {value}", file, line);
        return this;
    }

    /// <summary>A pause after each request that has none of its own.</summary>
    /// <param name="pause">A duration, or the shortest and the longest one: <c>500ms..2s</c>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition ThinkTime(string pause, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _scenario.Set("ThinkTime", pause, file, line);
        return this;
    }

    /// <summary>A run of its own before the measured one, at the steady load of the plan: what .NET compiles and caches at first is not measured (docs/warm-up.md).</summary>
    /// <param name="length">Its length, 1 s or more.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition WarmUp(string length, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _scenario.Set(WarmUps.Metadatum, length, file, line);
        return this;
    }

    /// <summary>A limit. One without the tag <c>scenario</c> is one on the whole run, which is this scenario alone.</summary>
    /// <param name="threshold">The limit.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Threshold(Threshold threshold, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(threshold);
        var item = Add("K6Threshold", threshold.Metric, file, line).Set("Test", Name);
        foreach (var (name, value) in threshold.Metadata)
        {
            item.Set(name, value);
        }

        return this;
    }

    /// <summary>A limit in k6's own grammar.</summary>
    /// <param name="metric">Metric or submetric, such as <c>http_req_duration{name:GET /products}</c>.</param>
    /// <param name="expression">Such as <c>p(95)&lt;500</c>: times in ms, rates from 0 to 1.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Threshold(string metric, string expression, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Add("K6Threshold", metric, file, line).Set("Test", Name).Set("Expression", expression);
        return this;
    }

    /// <summary>A variable that scripts and templates receive. Its value reaches the engine's environment and nothing else: no file, no log.</summary>
    /// <param name="name">Its name; those that start with <c>K6_</c> are refused, since they configure k6 itself.</param>
    /// <param name="value">Its value; null inherits the variable of this process.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Environment(string name, string? value = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Add("K6EnvironmentVariable", name, file, line);
        if (value is not null)
        {
            Values[name] = value;
        }

        return this;
    }

    /// <summary>A tag of every sample of the scenario.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value, without commas.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public LoadTestDefinition Tag(string key, string value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _scenario.Append("Tags", $"{key}={value}", ", ", file, line);
        return this;
    }

    /// <summary>The items, those without a place at the first that has one.</summary>
    internal IReadOnlyList<ItemDeclaration> Items(string? baseUrl)
    {
        if (baseUrl is not null && _items.TrueForAll(item => item.Kind != "K6EnvironmentVariable" || item.Include != AddressVariable))
        {
            _items.Add(new Declared("K6EnvironmentVariable", AddressVariable, null));
            Values[AddressVariable] = baseUrl;
        }

        var place = _items.Prepend(_scenario).Select(item => item.Location).FirstOrDefault(location => location is not null)
            ?? new SourceLocation(System.Environment.ProcessPath ?? Name, 0, 0);
        return [.. _items.Prepend(_scenario).Select(item => item.ToItem(place))];
    }

    private Declared Placed(string file, int line)
    {
        _scenario.Location ??= new SourceLocation(file, line, 0);
        return _scenario;
    }

    private Declared Add(string kind, string include, string file, int line)
    {
        var item = new Declared(kind, include, new SourceLocation(file, line, 0));
        _items.Add(item);
        return item;
    }
}
