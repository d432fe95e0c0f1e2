using System.Text;
using System.Text.Json;
using Acornima;
using Acornima.Ast;
using Jint;
using K6.Embedded.Execution;

namespace K6.Embedded.Runtime;

/// <summary>A file of the script, read and parsed once and shared by all VUs. Thread-safe.</summary>
internal sealed class ScriptFile
{
    private readonly Lazy<SourceMap?> map;
    private readonly string text;

    private ScriptFile(string url, string source, EngineLog log)
    {
        Url = url;
        text = source;
        map = new Lazy<SourceMap?>(() => ReadMap(url, source, log));
    }

    /// <summary>Its address: <c>file:///…</c>.</summary>
    public string Url { get; }

    /// <summary>The parsed ES module; not valid for a CommonJS file.</summary>
    public Prepared<Module> Module { get; private init; }

    /// <summary>A CommonJS file as a function of <c>module</c>, <c>exports</c> and <c>require</c>; its line 1 is line 2 of the script.</summary>
    public Prepared<Script> Function { get; private init; }

    /// <summary>Whether the file is CommonJS: it has neither <c>import</c> nor <c>export</c>.</summary>
    public bool IsCommonJs { get; private init; }

    /// <summary>What it imports and requires by literal names.</summary>
    public required ScriptSyntax Syntax { get; init; }

    /// <summary>Whether its text has a word, be it in code or not.</summary>
    public bool Mentions(string word) => text.Contains(word, StringComparison.Ordinal);

    /// <summary>Parses a file.</summary>
    /// <exception cref="ScriptException">A syntax error, with k6's text, or syntax that k6's engine lacks.</exception>
    public static ScriptFile Parse(string url, string source, EngineLog log)
    {
        ScriptException? moduleError = null;
        try
        {
            var module = AsModule(url, source, log);
            if (module.Syntax.IsModule)
            {
                return module;
            }
        }
        catch (Exception e) when (SyntaxErrorOf(e, url, 0) is { } error)
        {
            moduleError = error;
        }

        try
        {
            var wrapped = "(function (module, exports, require) {\n" + source + "\n})";
            var function = Engine.PrepareScript(wrapped, url);
            var syntax = ScriptSyntax.Of(function.Program!, url);
            function = syntax.ImportCalls.Count == 0 ? function : Engine.PrepareScript(WithoutImportCalls(wrapped, syntax.ImportCalls), url);
            return new ScriptFile(url, source, log) { Function = function, IsCommonJs = true, Syntax = syntax };
        }
        catch (Exception e) when (SyntaxErrorOf(e, url, 1) is { } error)
        {
            if (moduleError is null)
            {
                // Neither import nor export, yet no script: top-level await makes it a module.
                return AsModule(url, source, log);
            }

            throw source.Contains("import", StringComparison.Ordinal) || source.Contains("export", StringComparison.Ordinal) ? moduleError : error;
        }
    }

    /// <summary>The position to show for a position of the parsed text: through the source map where there is one.</summary>
    public SourcePosition PositionOf(int line, int column)
    {
        var actual = IsCommonJs ? line - 1 : line;
        return map.Value?.Find(actual, column) ?? new SourcePosition(Url, actual, column);
    }

    private static ScriptFile AsModule(string url, string source, EngineLog log)
    {
        var module = Engine.PrepareModule(source, url);
        var syntax = ScriptSyntax.Of(module.Program!, url);
        module = syntax.ImportCalls.Count == 0 ? module : Engine.PrepareModule(WithoutImportCalls(source, syntax.ImportCalls), url);
        return new ScriptFile(url, source, log) { Module = module, Syntax = syntax };
    }

    /// <summary>k6 knows the syntax of <c>import()</c> and rejects every call; a function of the same length does that here, so that all places stay.</summary>
    private static string WithoutImportCalls(string source, IReadOnlyList<int> places)
    {
        var text = source.ToCharArray();
        foreach (var place in places)
        {
            Globals.ImportCall.CopyTo(text.AsSpan(place));
        }

        return new string(text);
    }

    private static ScriptException? SyntaxErrorOf(Exception exception, string url, int lineOffset)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is ParseErrorException parse)
            {
                var description = parse.Description?.Replace("'", "", StringComparison.Ordinal).Replace("Invalid or unexpected token", "Unexpected token ILLEGAL", StringComparison.Ordinal) ?? parse.Message;
                return new ScriptException($"{url}: Line {parse.LineNumber - lineOffset}:{parse.Column + 1} {description}", isStackTrace: false);
            }
        }

        return null;
    }

    private static SourceMap? ReadMap(string url, string source, EngineLog log)
    {
        const string marker = "//# sourceMappingURL=";
        var at = source.LastIndexOf(marker, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var end = source.AsSpan(at).IndexOfAny('\r', '\n');
        var reference = source.AsSpan(at + marker.Length, (end < 0 ? source.Length - at : end) - marker.Length).Trim().ToString();
        try
        {
            if (reference.StartsWith("data:", StringComparison.Ordinal))
            {
                var comma = reference.IndexOf(',', StringComparison.Ordinal);
                var data = reference[(comma + 1)..];
                var json = reference[..comma].EndsWith(";base64", StringComparison.Ordinal)
                    ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
                    : Uri.UnescapeDataString(data);
                return SourceMap.Parse(json, url);
            }

            var mapUrl = new Uri(new Uri(url), reference);
            return SourceMap.Parse(File.ReadAllText(mapUrl.LocalPath), mapUrl.AbsoluteUri);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException or UriFormatException)
        {
            log.Warning($"Couldn't load source map for {url}", ("error", e.Message));
            return null;
        }
    }
}
