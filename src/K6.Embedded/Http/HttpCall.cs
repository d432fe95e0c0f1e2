namespace K6.Embedded.Http;

/// <summary>What a script asks for: one request with everything that decides how it is sent and measured.</summary>
internal sealed class HttpCall
{
    public required string Method { get; init; }
    public required GoUrl Url { get; init; }

    /// <summary>The <c>name</c> tag: from <c>tags.name</c> or <c>http.url</c>; null for the URL of each hop.</summary>
    public string? Name { get; set; }

    /// <summary>Headers with k6's spelling, in order. <c>User-Agent</c> is among them.</summary>
    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The body as sent; null for none.</summary>
    public byte[]? Body { get; set; }

    /// <summary>The body as <c>response.request.body</c> shows it: before compression.</summary>
    public byte[]? ShownBody { get; set; }

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many redirects are followed.</summary>
    public int MaxRedirects { get; set; } = 10;

    /// <summary>Whether the script set <see cref="MaxRedirects"/>; if not, reaching it is worth a warning.</summary>
    public bool HasMaxRedirects { get; set; }

    /// <summary>Whether the body of the response is thrown away.</summary>
    public bool DiscardsBody { get; set; }

    /// <summary>Whether the script sees the body as an ArrayBuffer.</summary>
    public bool IsBinary { get; set; }

    /// <summary>Whether challenges of digest authentication are answered: <c>auth: 'digest'</c>.</summary>
    public bool UsesDigest { get; set; }

    /// <summary>The cookies of <c>params.cookies</c>.</summary>
    public List<(string Name, string Value, bool Replace)> Cookies { get; } = [];

    public CookieJar? Jar { get; set; }

    /// <summary>Which answers are expected; null measures no failures at all.</summary>
    public ExpectedStatuses? Expected { get; set; } = ExpectedStatuses.Default;

    /// <summary>The tags of <c>params.tags</c>.</summary>
    public List<KeyValuePair<string, string>> Tags { get; } = [];
}

/// <summary>What <c>http.expectedStatuses</c> makes: statuses and ranges of them, both ends included.</summary>
internal sealed class ExpectedStatuses(IReadOnlyList<(int Minimum, int Maximum)> ranges)
{
    /// <summary>200 to 399.</summary>
    public static ExpectedStatuses Default { get; } = new([(200, 399)]);

    /// <summary>Whether a status is expected.</summary>
    public bool Contains(int status)
    {
        foreach (var (minimum, maximum) in ranges)
        {
            if (status >= minimum && status <= maximum)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What came of a request: the last hop's answer.</summary>
internal sealed class HttpResult
{
    public required HttpCall Call { get; init; }

    /// <summary>The URL of the last hop.</summary>
    public required GoUrl Url { get; init; }

    /// <summary>0 without an answer.</summary>
    public int Status { get; init; }

    public string StatusText { get; init; } = "";

    /// <summary><c>HTTP/1.1</c> or <c>HTTP/2.0</c>; empty without an answer.</summary>
    public string Proto { get; init; } = "";

    public HttpResponseMessage? Message { get; init; }

    /// <summary>The body, decompressed; null when there is none or it was thrown away.</summary>
    public byte[]? Body { get; init; }

    public HttpTimings Timings { get; init; }
    public ConnectionInfo? Connection { get; init; }
    public HttpFailure? Failure { get; init; }

    /// <summary>Cookies of the answer, in order.</summary>
    public IReadOnlyList<SetCookie> SetCookies { get; init; } = [];

    /// <summary>The <c>Cookie</c> header that the first hop sent; null for none.</summary>
    public string? SentCookies { get; set; }

    /// <summary>k6's number: 0, 1400 to 1999 for a status of 400 and more, or the failure's.</summary>
    public int ErrorCode => Failure?.Code ?? (Status >= 400 ? 1000 + Status : 0);

    public string Error => Failure?.Message ?? "";
}
