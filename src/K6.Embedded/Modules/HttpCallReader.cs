using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Cli;
using K6.Embedded.Http;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>A request that cannot be made of what the script gave. The message is k6's.</summary>
/// <param name="message">k6's text.</param>
/// <param name="code">k6's <c>error_code</c>.</param>
internal sealed class HttpCallException(string message, int code) : Exception(message)
{
    /// <summary>k6's <c>error_code</c>.</summary>
    public int Code { get; } = code;
}

/// <summary>Makes a request of a script's arguments.</summary>
internal static class HttpCallReader
{
    /// <summary>k6's number for a URL that cannot be parsed.</summary>
    public const int InvalidUrl = 1020;

    /// <summary>Who the engine says it is.</summary>
    public static string DefaultUserAgent { get; } = $"K6.Sdk/{typeof(HttpCallReader).Assembly.GetName().Version?.ToString(3)} (embedded; k6 compatible)";

    /// <summary>Reads the arguments of a request.</summary>
    /// <exception cref="HttpCallException">They make no request.</exception>
    public static HttpCall Read(VuRealm realm, string method, JsValue url, JsValue body, JsValue parameters)
    {
        var (target, name) = ReadUrl(realm, url);
        var options = realm.Test.Options;
        var call = new HttpCall
        {
            Method = method,
            Url = target,
            Name = name,
            Expected = realm.Expected,
            Jar = realm.Http.Jar,
            DiscardsBody = options?.DiscardResponseBodies == true,
            MaxRedirects = (int)Math.Clamp(options?.MaxRedirects ?? 10, 0, int.MaxValue - 1),
            HasMaxRedirects = options?.MaxRedirects is not null,
        };
        string? compression = null;
        if (parameters is ObjectInstance given)
        {
            foreach (var (key, value) in Interop.Properties(given))
            {
                ReadParameter(realm, call, key, value, ref compression);
            }
        }

        ReadBody(realm, call, body, compression);
        if (!call.Headers.Exists(h => h.Name == "User-Agent"))
        {
            call.Headers.Add(("User-Agent", options?.UserAgent ?? DefaultUserAgent));
        }

        return call;
    }

    private static (GoUrl Url, string? Name) ReadUrl(VuRealm realm, JsValue url)
    {
        string text;
        string? name = null;
        if (url is ObjectInstance instance && instance.Get("clean_url").IsString())
        {
            text = TypeConverter.ToString(instance.Get("url"));
            name = TypeConverter.ToString(instance.Get("name"));
        }
        else if (url.IsString())
        {
            text = url.AsString();
        }
        else
        {
            throw new HttpCallException($"invalid URL: '#{Interop.GoText(url)}'", InvalidUrl);
        }

        try
        {
            return (realm.Urls.Get(text), name);
        }
        catch (Exception e) when (e is FormatException)
        {
            throw new HttpCallException($"invalid URL: {e.Message}", InvalidUrl);
        }
    }

    private static void ReadParameter(VuRealm realm, HttpCall call, string key, JsValue value, ref string? compression)
    {
        try
        {
            switch (key)
            {
                case "headers":
                    ReadHeaders(call, value);
                    break;
                case "tags":
                    ReadTags(call, value);
                    break;
                case "cookies":
                    ReadCookies(call, value);
                    break;
                case "jar" when HostObject.Held<CookieJar>(value) is { } jar:
                    call.Jar = jar;
                    break;
                case "timeout" when !value.IsNothing():
                    call.Timeout = ReadTimeout(value);
                    break;
                case "redirects" when !value.IsNothing():
                    var redirects = TypeConverter.ToNumber(value);
                    call.MaxRedirects = double.IsNaN(redirects) ? 0 : (int)Math.Clamp(redirects, 0, int.MaxValue - 1);
                    call.HasMaxRedirects = true;
                    break;
                case "responseType" when !value.IsNothing():
                    ReadResponseType(call, TypeConverter.ToString(value));
                    break;
                case "responseCallback":
                    call.Expected = value.IsUndefined() ? call.Expected : ReadExpected(realm, value);
                    break;
                case "compression" when !value.IsNothing():
                    compression = TypeConverter.ToString(value);
                    break;
                case "auth" when value.IsString() && value.AsString() == "digest":
                    call.UsesDigest = true;
                    break;
                case "auth" when value.IsString() && value.AsString() == "ntlm":
                    throw realm.GoError(Unsupported.Api("auth: 'ntlm'", "it has basic and digest authentication").Message);
                default:
                    break;
            }
        }
        catch (FormatException e)
        {
            throw new HttpCallException(e.Message, 0);
        }
    }

    private static ExpectedStatuses? ReadExpected(VuRealm realm, JsValue value)
    {
        try
        {
            return HttpModule.ExpectedOf(realm, value);
        }
        catch (JavaScriptException)
        {
            throw new HttpCallException("unsupported responseCallback", 0);
        }
    }

    private static TimeSpan ReadTimeout(JsValue value)
    {
        try
        {
            return Interop.Duration(value);
        }
        catch (FormatException e)
        {
            throw new HttpCallException($"invalid timeout value: {e.Message}", 0);
        }
    }

    private static void ReadResponseType(HttpCall call, string type)
    {
        call.DiscardsBody = type == "none";
        call.IsBinary = type == "binary";
        if (type is not ("text" or "binary" or "none"))
        {
            throw new HttpCallException($"{type} does not belong to ResponseType values", 0);
        }
    }

    private static void ReadHeaders(HttpCall call, JsValue headers)
    {
        foreach (var (name, value) in Interop.Properties(headers))
        {
            var canonical = HeaderNames.Canonical(name);
            call.Headers.RemoveAll(h => h.Name == canonical);
            call.Headers.Add((canonical, value.IsNothing() ? Interop.GoText(value) : TypeConverter.ToString(value)));
        }
    }

    private static void ReadTags(HttpCall call, JsValue tags)
    {
        foreach (var (name, value) in Interop.Properties(tags))
        {
            var text = TagText(name, value);
            if (name == "name")
            {
                call.Name = text;
            }
            else
            {
                call.Tags.Add(new(name, text));
            }
        }
    }

    private static string TagText(string name, JsValue value)
    {
        try
        {
            return Interop.TagValue(name, value);
        }
        catch (FormatException e)
        {
            throw new HttpCallException($"invalid HTTP request metric tags: {e.Message}", 0);
        }
    }

    private static void ReadCookies(HttpCall call, JsValue cookies)
    {
        foreach (var (name, value) in Interop.Properties(cookies))
        {
            if (value is ObjectInstance cookie)
            {
                call.Cookies.Add((name, TypeConverter.ToString(cookie.Get("value")), TypeConverter.ToBoolean(cookie.Get("replace"))));
            }
            else
            {
                call.Cookies.Add((name, TypeConverter.ToString(value), false));
            }
        }
    }

    private static void ReadBody(VuRealm realm, HttpCall call, JsValue body, string? compression)
    {
        if (body.IsNothing())
        {
            return;
        }

        if (Interop.BytesOf(body) is { } bytes)
        {
            call.Body = bytes;
        }
        else if (body is ObjectInstance form && !form.IsArray() && !form.IsCallable())
        {
            var (content, contentType) = FormBody.Encode(realm, form);
            call.Body = content;
            if (!call.Headers.Exists(h => h.Name == "Content-Type") || contentType.StartsWith("multipart/", StringComparison.Ordinal))
            {
                call.Headers.RemoveAll(h => h.Name == "Content-Type");
                call.Headers.Add(("Content-Type", contentType));
            }
        }
        else
        {
            throw new HttpCallException($"unknown request body type {Interop.GoTypeOf(body)}", 0);
        }

        call.ShownBody = call.Body;
        if (compression is { Length: > 0 })
        {
            Compress(call, compression);
        }

        WarnAboutLength(realm, call);
    }

    private static void Compress(HttpCall call, string compression)
    {
        try
        {
            call.Body = ContentCodings.Compress(call.Body!, compression);
        }
        catch (FormatException e)
        {
            throw new HttpCallException(e.Message, 0);
        }

        if (!call.Headers.Exists(h => h.Name == "Content-Encoding"))
        {
            call.Headers.Add(("Content-Encoding", compression));
        }
    }

    private static void WarnAboutLength(VuRealm realm, HttpCall call)
    {
        var given = call.Headers.Find(h => h.Name == "Content-Length").Value;
        if (given is null)
        {
            return;
        }

        var length = (call.Body?.Length ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (given != length)
        {
            realm.Test.Log.Warning($"The specified Content-Length header \"{given}\" in the {call.Method} request for {call.Url.Text} doesn't match the actual request body length of {length}, so it will be ignored!");
        }

        call.Headers.RemoveAll(h => h.Name == "Content-Length");
    }
}
