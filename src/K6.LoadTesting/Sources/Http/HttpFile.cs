using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Sources.Http;

/// <summary>An <c>.http</c> file as it is written, before any meaning is given to names and placeholders.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Variables">Definitions <c>@name = value</c>, in their order; a name may be defined again.</param>
/// <param name="Requests">The requests, in their order.</param>
/// <param name="Annotations">Annotations <c># @k6 file …</c>, wherever they stand.</param>
/// <param name="Prompts">Names that <c># @prompt</c> asks for.</param>
internal sealed record HttpFile(
    string Path,
    IReadOnlyList<HttpVariable> Variables,
    IReadOnlyList<HttpRequest> Requests,
    IReadOnlyList<HttpAnnotation> Annotations,
    IReadOnlyList<HttpAnnotation> Prompts);

/// <summary>A definition <c>@name = value</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, evaluated each time that it is used.</param>
/// <param name="Location">Place of the name.</param>
internal sealed record HttpVariable(string Name, HttpTemplate Value, SourceLocation Location);

/// <summary>A request.</summary>
internal sealed record HttpRequest
{
    /// <summary>What <c># @name</c> says; null without.</summary>
    public HttpAnnotation? Name { get; init; }

    /// <summary>What stands behind the <c>###</c> above it; null for nothing.</summary>
    public string? Title { get; init; }

    /// <summary>Method, in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>Address.</summary>
    public required HttpTemplate Url { get; init; }

    /// <summary>Headers, in their order.</summary>
    public IReadOnlyList<HttpHeader> Headers { get; init; } = [];

    /// <summary>Body; empty without one.</summary>
    public IReadOnlyList<HttpBodyPart> Body { get; init; } = [];

    /// <summary>Annotations other than <c># @name</c>.</summary>
    public IReadOnlyList<HttpAnnotation> Annotations { get; init; } = [];

    /// <summary>Place of the request line.</summary>
    public required SourceLocation Location { get; init; }
}

/// <summary>A header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Location">Place of the name.</param>
internal sealed record HttpHeader(string Name, HttpTemplate Value, SourceLocation Location);

/// <summary>A part of a body: text, or a file.</summary>
/// <param name="Text">The text, or the path of the file.</param>
/// <param name="IsFile">Whether it is a file, <c>&lt; path</c>.</param>
/// <param name="Encoding">Encoding of a file whose placeholders are filled in, <c>&lt;@ path</c>; null for a file as it is.</param>
/// <param name="Location">Its place.</param>
internal sealed record HttpBodyPart(HttpTemplate Text, bool IsFile, string? Encoding, SourceLocation Location);

/// <summary>A comment that means something: <c># @name text</c>.</summary>
/// <param name="Name">Its name, without the <c>@</c>.</param>
/// <param name="Text">What follows; empty for nothing.</param>
/// <param name="Location">Place of the name.</param>
/// <param name="TextLocation">Place of the text.</param>
internal sealed record HttpAnnotation(string Name, string Text, SourceLocation Location, SourceLocation TextLocation);
