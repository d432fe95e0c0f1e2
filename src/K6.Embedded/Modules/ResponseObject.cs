using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;
using Jint.Runtime.Interop;
using K6.Embedded.Html;
using K6.Embedded.Http;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>A response as scripts see it. What few scripts read is made when it is read.</summary>
internal sealed class ResponseObject
{
    /// <summary>What k6 shows as the expiry of a cookie without one.</summary>
    private const double NoExpiry = -6795364578871;

    private static readonly JsObjectLayout Layout = BuildLayout();
    private static readonly JsObjectLayout TimingsLayout = new("duration", "blocked", "looking_up", "connecting", "tls_handshaking", "sending", "waiting", "receiving");
    private static readonly JsObjectLayout OcspLayout = new("produced_at", "this_update", "next_update", "revoked_at", "revocation_reason", "status");
    private static readonly JsObjectLayout RequestLayout = new("method", "url", "headers", "body", "cookies");
    private static readonly JsObjectLayout CookieLayout = new("name", "value", "domain", "path", "http_only", "secure", "max_age", "expires");
    private static readonly JsObjectLayout SentCookieLayout = new("name", "value", "replace");

    private readonly VuRealm realm;
    private readonly HttpResult? result;
    private JsValue? json;
    private HtmlPage? page;

    private ResponseObject(VuRealm realm, HttpResult? result)
    {
        this.realm = realm;
        this.result = result;
    }

    /// <summary>The object of a result.</summary>
    public static JsObject Create(VuRealm realm, HttpResult result)
    {
        var remote = result.Connection?.Remote;
        return JsObject.Create(
            realm.Engine,
            Layout,
            [
                remote is null ? JsString.Empty : new JsString(AddressTexts.Of(remote.Address)),
                JsNumber.Create(remote?.Port ?? 0),
                new JsString(result.Url.Text),
                JsNumber.Create(result.Status),
                new JsString(result.StatusText),
                new JsString(result.Proto),
                null,
                null,
                null,
                null,
                new JsString(result.Connection?.TlsVersion ?? ""),
                new JsString(result.Connection?.CipherSuite ?? ""),
                null,
                new JsString(result.Error),
                JsNumber.Create(result.ErrorCode),
                null,
                null,
                null,
                null,
                null,
            ],
            new ResponseObject(realm, result));
    }

    /// <summary>The object of a request that could not be made: k6's has nothing but the error.</summary>
    public static JsObject Empty(VuRealm realm, string error, int code) => JsObject.Create(
        realm.Engine,
        Layout,
        [
            JsString.Empty, JsNumber.Create(0), JsString.Empty, JsNumber.Create(0), JsString.Empty, JsString.Empty, null, null, null, null,
            JsString.Empty, JsString.Empty, null, new JsString(error), JsNumber.Create(code), null, null, null, null, null,
        ],
        new ResponseObject(realm, null));

    private static JsObjectLayout BuildLayout()
    {
        var builder = JsObjectLayout.CreateBuilder();
        foreach (var name in (string[])["remote_ip", "remote_port", "url", "status", "status_text", "proto"])
        {
            builder.Add(name);
        }

        Lazy("headers", r => r.Headers());
        Lazy("cookies", r => r.Cookies());
        Lazy("body", r => r.Body());
        Lazy("timings", r => r.Timings());
        builder.Add("tls_version").Add("tls_cipher_suite");
        Lazy("ocsp", r => r.Ocsp());
        builder.Add("error").Add("error_code");
        Lazy("request", r => r.Request());
        Lazy("clickLink", r => new ClrFunction(r.realm.Engine, "clickLink", (_, a) => ResponsePage.ClickLink(r.realm, r.Page(), a.Arg(0))));
        Lazy("html", r => new ClrFunction(r.realm.Engine, "html", (_, a) => r.Html(a.Arg(0))));
        Lazy("json", r => new ClrFunction(r.realm.Engine, "json", (_, a) => r.Json(a.Arg(0))));
        Lazy("submitForm", r => new ClrFunction(r.realm.Engine, "submitForm", (_, a) => ResponsePage.SubmitForm(r.realm, r.Page(), a.Arg(0))));
        return builder.Build();

        void Lazy(string name, Func<ResponseObject, JsValue> make) => builder.AddLazy(name, (_, state) => make((ResponseObject)state!));
    }

    private JsObject Headers()
    {
        var headers = new JsObject(realm.Engine);
        if (result?.Message is { } message)
        {
            foreach (var header in message.Headers.NonValidated)
            {
                if (!header.Key.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && !header.Key.Equals("Trailer", StringComparison.OrdinalIgnoreCase))
                {
                    headers.Set(HeaderNames.Canonical(header.Key), new JsString(string.Join(", ", header.Value)));
                }
            }

            foreach (var header in message.Content.Headers.NonValidated)
            {
                headers.Set(HeaderNames.Canonical(header.Key), new JsString(string.Join(", ", header.Value)));
            }
        }

        return headers;
    }

    private JsObject Cookies()
    {
        var cookies = new JsObject(realm.Engine);
        foreach (var group in (result?.SetCookies ?? []).GroupBy(c => c.Name, StringComparer.Ordinal))
        {
            cookies.Set(group.Key, new JsArray(realm.Engine, [.. group.Select(c => JsObject.Create(
                realm.Engine,
                CookieLayout,
                [
                    new JsString(c.Name), new JsString(c.Value), new JsString(c.Domain), new JsString(c.Path),
                    c.HttpOnly ? JsBoolean.True : JsBoolean.False, c.Secure ? JsBoolean.True : JsBoolean.False, JsNumber.Create(c.MaxAge),
                    JsNumber.Create(c.Expires is { } when ? (when - DateTime.UnixEpoch).TotalMilliseconds : NoExpiry),
                ]))]));
        }

        return cookies;
    }

    private JsValue Body()
    {
        if (result?.Body is not { } body)
        {
            return result is null ? new JsArray(realm.Engine) : JsValue.Null;
        }

        if (result.Call.IsBinary)
        {
            return realm.Engine.Intrinsics.ArrayBuffer.Construct(body);
        }

        return body.Length == 0 && result.Status is 204 or 304 ? JsValue.Null : new JsString(Encoding.UTF8.GetString(body));
    }

    private JsObject Timings()
    {
        var timings = result?.Timings ?? default;
        return JsObject.Create(
            realm.Engine,
            TimingsLayout,
            [
                Time(timings.Duration), Time(timings.Blocked), JsNumber.Create(0), Time(timings.Connecting),
                Time(timings.TlsHandshaking), Time(timings.Sending), Time(timings.Waiting), Time(timings.Receiving),
            ]);
    }

    private static JsNumber Time(double milliseconds) => JsNumber.Create(Math.Round(milliseconds, 6));

    private JsObject Ocsp() => JsObject.Create(
        realm.Engine, OcspLayout, [JsNumber.Create(0), JsNumber.Create(0), JsNumber.Create(0), JsNumber.Create(0), JsString.Empty, JsString.Empty]);

    private JsValue Request()
    {
        if (result is null)
        {
            return JsValue.Null;
        }

        var call = result.Call;
        var headers = new JsObject(realm.Engine);
        foreach (var (name, value) in call.Headers.Where(h => h.Name != "Cookie"))
        {
            headers.Set(name, new JsArray(realm.Engine, [new JsString(value)]));
        }

        var cookies = new JsObject(realm.Engine);
        if (result.SentCookies is { } sent)
        {
            headers.Set("Cookie", new JsArray(realm.Engine, [new JsString(sent)]));
            foreach (var group in sent.Split("; ").Select(c => c.Split('=', 2)).GroupBy(c => c[0], c => c.Length > 1 ? c[1] : "", StringComparer.Ordinal))
            {
                cookies.Set(group.Key, new JsArray(realm.Engine, [.. group.Select(v => JsObject.Create(realm.Engine, SentCookieLayout, [new JsString(group.Key), new JsString(v), JsBoolean.False]))]));
            }
        }

        return JsObject.Create(
            realm.Engine,
            RequestLayout,
            [new JsString(call.Method), new JsString(call.Url.Text), headers, new JsString(call.ShownBody is null ? "" : Encoding.UTF8.GetString(call.ShownBody)), cookies]);
    }

    private HostObject Html(JsValue selector)
    {
        var document = new HtmlSelection(Page(), [page!.Document], null);
        return realm.Html.Selection(selector.IsUndefined() ? document : document.Find(TypeConverter.ToString(selector)));
    }

    private HtmlPage Page()
    {
        if (result?.Body is not { } body || (body.Length == 0 && result.Status is 204 or 304))
        {
            throw realm.GoError("the body is null so we can't transform it to HTML - this likely was because of a request error getting the response");
        }

        return page ??= HtmlPage.Parse(Encoding.UTF8.GetString(body), result.Url);
    }

    private JsValue Json(JsValue selector)
    {
        if (result?.Body is not { } body || (body.Length == 0 && result.Status is 204 or 304))
        {
            throw realm.GoError("the body is null so we can't transform it to JSON - this likely was because of a request error getting the response");
        }

        try
        {
            json ??= new JsonParser(realm.Engine).Parse(body);
        }
        catch (JavaScriptException)
        {
            if (!selector.IsUndefined())
            {
                return JsValue.Undefined;
            }

            throw realm.GoError(JsonErrors.Describe(body));
        }

        return selector.IsUndefined() ? json : JsonSelector.Select(realm.Engine, json, TypeConverter.ToString(selector));
    }
}
