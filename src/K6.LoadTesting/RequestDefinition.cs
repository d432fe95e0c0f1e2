using System.Globalization;
using System.Runtime.CompilerServices;

namespace K6.LoadTesting;

/// <summary>
/// A request of a <see cref="LoadTestScenario"/>; the same as a <c>K6Endpoint</c> item, whose metadata are called like the methods. Texts are
/// templates: <c>{id}</c> stands for a parameter, <c>{env.NAME}</c> for a variable, <c>{{id}}</c> for <c>{id}</c> itself.
/// </summary>
public sealed class RequestDefinition
{
    private readonly Declared _item;

    internal RequestDefinition(Declared item) => _item = item;

    /// <summary>Names the request: the tag <c>name</c> of its samples. By default method and path, such as <c>GET /products/{id}</c>.</summary>
    /// <param name="name">Name, unique in the scenario.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Named(string name, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Set("Name", name, file, line);

    /// <summary>Its part of the iterations, against the sum of all weights; kept exactly, not by chance.</summary>
    /// <param name="weight">0 (never) to a million.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Weight(decimal weight, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Set("Weight", weight.ToString(CultureInfo.InvariantCulture), file, line);

    /// <summary>Adds a part of the query; it is encoded by us.</summary>
    /// <param name="name">Name, not encoded.</param>
    /// <param name="value">Value, not encoded.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Query(string name, string value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Append("Query", $"{name}={value}", file, line);

    /// <summary>Adds a header.</summary>
    /// <param name="name">Name.</param>
    /// <param name="value">Value.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Header(string name, string value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Append("Headers", $"{name}: {value}", file, line);

    /// <summary>The body; one that starts with <c>{</c> or <c>[</c> is JSON unless a header says otherwise.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Body(string text, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Set("Body", text, file, line);

    /// <summary>A file as the body.</summary>
    /// <param name="path">The file; a relative path starts at <see cref="K6Options.Directory"/>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition BodyFile(string path, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Set("BodyFile", path, file, line);

    /// <summary>A parameter of this request, whose value is chosen each time.</summary>
    /// <param name="name">Its name in templates.</param>
    /// <param name="values">A range <c>1..200</c>, a list <c>S|M|L</c>, or <c>env.NAME</c>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Parameter(string name, string values, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Append("Parameters", $"{name}={values}", file, line);

    /// <summary>
    /// Adds what the answer has to be: <c>200</c>, <c>2xx|404</c>, <c>header Content-Type contains json</c>, <c>body contains oak</c>,
    /// <c>$.items.length &gt; 0</c>, <c>duration &lt; 500ms</c>. Each is a check; one that is not met fails the test, unless a threshold on <c>checks</c>
    /// says how many may be. <c>{id}</c> behind an operator stands for a value: <c>$.id == {id}</c>.
    /// </summary>
    /// <param name="expectation">One expectation; quotes keep a text with a comma together.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Expect(string expectation, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Append("Expect", expectation, file, line);

    /// <summary>Keeps a value of the answer for later requests of the journey.</summary>
    /// <param name="name">Its name in templates.</param>
    /// <param name="place">Where it is: <c>$.token</c>, <c>header Location</c>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Capture(string name, string place, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Append("Capture", $"{name}={place}", file, line);

    /// <summary>A pause after the request.</summary>
    /// <param name="pause">A duration, or the shortest and the longest one: <c>500ms..2s</c>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition ThinkTime(string pause, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Set("ThinkTime", pause, file, line);

    /// <summary>Longest wait for the answer, a k6 duration; k6's own is 60s.</summary>
    /// <param name="timeout">Such as <c>10s</c>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Timeout(string timeout, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Set("Timeout", timeout, file, line);

    /// <summary>How many redirects are followed; k6's own are 10.</summary>
    /// <param name="most">0 to 100; 0 follows none, so that the answer is the redirect itself.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition Redirects(int most, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Set("Redirects", most.ToString(CultureInfo.InvariantCulture), file, line);

    /// <summary>Sends and keeps no cookies.</summary>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public RequestDefinition WithoutCookies([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Set("Cookies", "false", file, line);

    private RequestDefinition Set(string name, string value, string file, int line)
    {
        _item.Set(name, value, file, line);
        return this;
    }

    private RequestDefinition Append(string name, string entry, string file, int line)
    {
        _item.AppendLine(name, entry, file, line);
        return this;
    }
}
