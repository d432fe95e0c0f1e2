using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources;

/// <summary>
/// Writes a <see cref="RequestScript"/> as a TypeScript module on <c>k6-sdk</c> that a person can read and go on with: a function a
/// sequence, a call a request. The same requests give the same text anywhere. Each line knows where it was declared, and
/// <see cref="WrittenScript.SourceMap"/> says so to the bundler: an exception of a request has the line of its declaration.
/// </summary>
internal sealed partial class ScriptWriter
{
    private readonly RequestScript script;
    private readonly string directory;
    private readonly WrittenScript written = new();
    private readonly SortedSet<string> library = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> functions;
    private int indent;

    private ScriptWriter(RequestScript script, string directory)
    {
        this.script = script;
        this.directory = directory;
        // A function must not be called like a value in it.
        functions = [.. script.Requests.SelectMany(request => request.Variables.Select(one => one.Name).Concat(request.Captures.Select(one => one.Name)).Append(request.AnswerName ?? "")),
            .. script.Choices.SelectMany(choice => choice.Variables.Select(one => one.Name)), .. script.Imports.SelectMany(import => import.Names), .. script.Files.Select(file => file.Name)];
    }

    /// <summary>Writes a script.</summary>
    /// <param name="name">Name of the scenario.</param>
    /// <param name="script">Its requests.</param>
    /// <param name="directory">Absolute path of the folder where the module will be; files that are bodies are named from there.</param>
    /// <param name="note">What else the head says, a line each.</param>
    public static WrittenScript Write(string name, RequestScript script, string directory, params IReadOnlyList<string> note)
    {
        var writer = new ScriptWriter(script, directory);
        writer.WriteBody();
        writer.written.InsertHead([$"// {name}: made of {script.Origin}.", .. note.Select(line => $"// {line}"), .. writer.Imports(), "", .. writer.Variables()]);
        return writer.written;
    }

    private IEnumerable<string> Imports()
    {
        if (script.Choices.Any(choice => choice.Name is not null || choice.Requests.Any(request => request.Group is not null)))
        {
            yield return "import { group } from 'k6';";
        }

        yield return "import type { Options } from 'k6/options';";
        foreach (var import in script.Imports.Append(new ScriptImport("k6-sdk", [.. library]))
            .GroupBy(import => import.Module, import => import.Names).OrderBy(import => import.Key, StringComparer.Ordinal))
        {
            yield return $"import {{ {string.Join(", ", import.SelectMany(names => names).Distinct().Order(StringComparer.OrdinalIgnoreCase))} }} from {TypeScript.Text(import.Key)};";
        }
    }

    // With names of its own it fulfils the strictest rules that a project may have for its scripts.
    private string[] Variables()
    {
        string[] variables = [.. Variable().Matches(written.Text).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal)];
        return variables.Length == 0 ? [] : [$"declare const __ENV: {{ {string.Join("; ", variables.Select(variable => $"{variable}: string"))} }};", ""];
    }

    private void WriteBody()
    {
        WriteOptions();
        foreach (var line in script.Declarations)
        {
            Line(line);
        }

        library.Add("ApiClient");
        Line($"const api = new ApiClient({(script.BaseUrlExpression is { } url ? $"{{ baseUrl: {url} }}" : "")});");
        foreach (var (file, constant) in BodyFiles().Concat(script.Files.Select(file => (file.File, file.Name))))
        {
            Line($"const {constant} = open({TypeScript.Text(ModulePaths.Relative(directory, file))}, 'b');");
        }

        if (script.SetUp.Count > 0)
        {
            WriteSetUp();
        }

        var runs = script.Choices.Select(choice => (Function: WriteSequence(choice), choice.Weight)).ToList();
        WriteDefault(runs);
    }

    private void WriteOptions()
    {
        Line("export const options: Options = {");
        indent++;
        if (script.Iterations is { } iterations)
        {
            Line("vus: 1,");
            Line($"iterations: {iterations.ToString(CultureInfo.InvariantCulture)},");
        }

        var thresholds = script.Thresholds.GroupBy(threshold => threshold.Metric).ToList();
        if (thresholds.Count > 0)
        {
            Line("thresholds: {");
            foreach (var metric in thresholds)
            {
                Line($"  {TypeScript.Property(metric.Key)}: [{string.Join(", ", metric.Select(one => TypeScript.Text(one.Expression)))}],", metric.First().Location);
            }

            Line("},");
        }

        // The entry module has each measured apart.
        Line("ext: {");
        Line("  k6sdk: {");
        Line("    endpoints: [");
        foreach (var request in script.Requests.DistinctBy(request => request.Name))
        {
            Line($"      {TypeScript.Text(request.Name)},", request.Location);
        }

        Line("    ],");
        Line("  },");
        Line("},");
        indent--;
        Line("};");
        Line("");
    }

    // Files that are bodies are read once, however often they are sent.
    private IEnumerable<(string File, string Constant)> BodyFiles()
    {
        foreach (var file in script.Requests.Select(request => request.BodyFile).OfType<string>().Distinct())
        {
            bodies[file] = TypeScript.Identifier(Path.GetFileNameWithoutExtension(file) + "-file", functions);
            yield return (file, bodies[file]);
        }
    }

    private readonly Dictionary<string, string> bodies = [];

    private void WriteSetUp()
    {
        Line("");
        var captures = script.SetUp.SelectMany(request => request.Captures).ToList();
        foreach (var capture in captures)
        {
            Line($"let {capture.Name}: string | number | boolean = '';", capture.Location);
        }

        WriteExpectations(script.SetUp, "setUp");
        Line("let ready = false;");
        Line("");
        Line("// Once per virtual user.");
        Line("function setUp(): boolean {");
        indent++;
        foreach (var request in script.SetUp)
        {
            WriteRequest(request, "return false;", declare: false);
        }

        Line("return true;");
        indent--;
        Line("}");
    }

    private string WriteSequence(RequestSequence sequence)
    {
        var name = TypeScript.Identifier(sequence.Name ?? sequence.Requests[0].Name, functions);
        Line("");
        WriteExpectations(sequence.Requests, name);
        Line($"// {sequence.Name ?? sequence.Requests[0].Name} ({Place(sequence.Location)})");
        Line($"function {name}(): void {{", sequence.Location);
        indent++;
        if (sequence.Name is { } group)
        {
            Line($"group({TypeScript.Text(group)}, () => {{", sequence.Location);
            indent++;
        }

        sequence.Variables.ToList().ForEach(WriteVariable);
        if (sequence.Requests.Any(request => request.Group is not null))
        {
            WriteGroups(sequence.Requests);
        }

        for (var i = 0; i < sequence.Requests.Count && sequence.Requests.All(request => request.Group is null); i++)
        {
            if (i > 0)
            {
                Line("");
            }

            WriteRequest(sequence.Requests[i], i == sequence.Requests.Count - 1 ? null : "return;", declare: true);
        }

        if (sequence.Name is not null)
        {
            indent--;
            Line("});", sequence.Location);
        }

        indent--;
        Line("}");
        return name;
    }

    // What a group takes out of an answer, later groups see; one that lacks a value ends the sequence.
    private void WriteGroups(IReadOnlyList<ScriptRequest> requests)
    {
        foreach (var capture in requests.SelectMany(request => request.Captures))
        {
            Line($"let {capture.Name}: string | number | boolean = '';", capture.Location);
        }

        for (var i = 0; i < requests.Count;)
        {
            var group = requests.Skip(i).TakeWhile(request => request.Group == requests[i].Group).ToList();
            i += group.Count;
            Line(group[0].Group is { } name ? $"if (!group({TypeScript.Text(name)}, () => {{" : "if (!(() => {", group[0].Location);
            indent++;
            group.ForEach(request => WriteRequest(request, "return false;", declare: false));
            Line("return true;");
            indent--;
            Line(group[0].Group is null ? "})()) {" : "})) {", group[0].Location);
            Line("  return;");
            Line("}");
        }
    }

    // Made once, since an iteration makes thousands of requests.
    private readonly Dictionary<ScriptRequest, string> expectations = new(ReferenceEqualityComparer.Instance);

    private void WriteExpectations(IReadOnlyList<ScriptRequest> requests, string owner)
    {
        foreach (var request in requests.Where(request => request.Expectations.Count > 0))
        {
            var name = TypeScript.Identifier(requests.Count == 1 ? owner + "-answer" : $"{request.Name} answer", functions);
            expectations[request] = name;
            Line($"const {name} = [", request.Location);
            foreach (var expectation in request.Expectations)
            {
                library.UnionWith(expectation.Functions);
                Line($"  {expectation.CallExpression},", expectation.Location);
            }

            Line("];");
        }
    }

    private void WriteVariable(ScriptVariable variable) => Line($"const {variable.Name} = {variable.ValueExpression};", variable.Location);

    private void WriteRequest(ScriptRequest request, string? leave, bool declare)
    {
        request.Variables.ToList().ForEach(WriteVariable);
        Lines(request.Before, request.Location);
        var answer = request.AnswerName ?? (request.Captures.Count > 0 ? TypeScript.Identifier($"{request.Name} response", functions) : null);
        Call(request, answer is null ? "" : $"const {answer} = ");
        foreach (var capture in request.Captures)
        {
            library.Add("capture");
            library.UnionWith(capture.Functions);
            var call = $"capture({answer}, {TypeScript.Text($"{request.Name}: {capture.Label}")}, {capture.PlaceExpression})";
            if (declare)
            {
                Line($"const {capture.Name} = {call};", capture.Location);
                Line($"if ({capture.Name} === undefined) {{", capture.Location);
            }
            else
            {
                var found = TypeScript.Identifier($"found {capture.Name}", functions);
                Line($"const {found} = {call};", capture.Location);
                Line($"if ({found} === undefined) {{", capture.Location);
                leave = "return false;";
                Line($"  {leave}");
                Line("}");
                Line($"{capture.Name} = {found};", capture.Location);
                continue;
            }

            Line($"  {leave ?? "return;"}");
            Line("}");
        }

        Lines(request.After, request.Location);
        if (request.ThinkTime is { } shortest)
        {
            library.Add("think");
            Line($"think({TypeScript.Text(shortest)}{(request.LongestThinkTime is { } longest ? $", {TypeScript.Text(longest)}" : "")});", request.Location);
        }
    }

    private void Call(ScriptRequest request, string assign)
    {
        var members = new List<string>();
        Add("name", request.AddressExpression == TypeScript.Text(AddressOf(request)) ? null : TypeScript.Text(request.Name));
        Add("path", Pairs(request.Path));
        Add("query", Pairs(request.Query));
        Add("headers", Pairs(request.Headers));
        Add("body", request.BodyExpression ?? (request.BodyFile is { } file ? bodies[file] : null));
        Add("expect", expectations.GetValueOrDefault(request));
        Add("values", Pairs(request.Values));
        Add("tags", Pairs([.. request.Tags.Select(tag => new ScriptPair(tag.Key, TypeScript.Text(tag.Value)))]));
        Add("timeout", request.Timeout is { } timeout ? TypeScript.Text(timeout) : null);
        Add("redirects", request.Redirects?.ToString(CultureInfo.InvariantCulture));
        Add("cookies", request.Cookies ? null : "false");
        var shortcut = request.Method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" ? request.Method.ToLowerInvariant() : null;
        var start = $"{assign}api.{(shortcut is null ? $"request({TypeScript.Text(request.Method)}, " : shortcut + "(")}{request.AddressExpression}";
        var line = members.Count == 0 ? $"{start});" : $"{start}, {{ {string.Join(", ", members)} }});";
        if (line.Length + (2 * indent) <= 120 && !line.Contains('\n', StringComparison.Ordinal))
        {
            Line(line, request.Location);
            return;
        }

        Line($"{start}, {{", request.Location);
        foreach (var member in members)
        {
            Raw($"  {member},", request.Location);
        }

        Line("});", request.Location);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                members.Add(name == value ? name : $"{name}: {value}");
            }
        }
    }

    // The address that would give the request its name by itself.
    private static string AddressOf(ScriptRequest request) =>
        request.Name.StartsWith(request.Method + " ", StringComparison.Ordinal) ? request.Name[(request.Method.Length + 1)..] : "";

    private static string? Pairs(IReadOnlyList<ScriptPair> pairs) => pairs.Count == 0 ? null
        : $"{{ {string.Join(", ", pairs.Select(pair => TypeScript.Property(pair.Name) is var name && name == pair.ValueExpression ? name : $"{name}: {pair.ValueExpression}"))} }}";

    private void WriteDefault(List<(string Function, decimal Weight)> runs)
    {
        Line("");
        if (runs.Count > 1)
        {
            library.Add("weighted");
            Line("const choose = weighted(");
            foreach (var (function, weight) in runs)
            {
                Line($"  [{function}, {TypeScript.Number(weight)}],");
            }

            Line(");");
            Line("");
        }

        Line("export default function (): void {");
        indent++;
        if (script.SetUp.Count > 0)
        {
            Line("ready ||= setUp();");
            Line("if (ready) {");
            indent++;
        }

        Line(runs.Count > 1 ? "choose()();" : $"{runs[0].Function}();");
        while (--indent >= 0)
        {
            Line("}");
        }

        indent = 0;
    }

    private void Lines(IEnumerable<string> lines, SourceLocation location)
    {
        foreach (var line in lines)
        {
            Line(line, location);
        }
    }

    private void Line(string text, SourceLocation? location = null) => Raw(text, location);

    // A template literal goes on at the margin: its line breaks are its own.
    private void Raw(string text, SourceLocation? location)
    {
        foreach (var (part, first) in text.Split('\n').Select((part, index) => (part, index == 0)))
        {
            written.Add(first && part.Length > 0 ? new string(' ', 2 * indent) + part : part, location);
        }
    }

    private static string Place(SourceLocation location) =>
        location.Line > 0 ? $"{Path.GetFileName(location.File)}:{location.Line.ToString(CultureInfo.InvariantCulture)}" : Path.GetFileName(location.File);

    [GeneratedRegex(@"\b__ENV\.(?<name>[A-Za-z_]\w*)")]
    private static partial Regex Variable();
}
