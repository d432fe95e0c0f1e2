using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Http;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The module <c>k6/http</c>.</summary>
internal static class HttpModule
{
    private static readonly (string Name, string Value)[] Constants =
    [
        ("TLS_1_0", "tls1.0"), ("TLS_1_1", "tls1.1"), ("TLS_1_2", "tls1.2"), ("TLS_1_3", "tls1.3"),
        ("OCSP_STATUS_GOOD", "good"), ("OCSP_STATUS_REVOKED", "revoked"), ("OCSP_STATUS_SERVER_FAILED", "server_failed"), ("OCSP_STATUS_UNKNOWN", "unknown"),
        ("OCSP_REASON_UNSPECIFIED", "unspecified"), ("OCSP_REASON_KEY_COMPROMISE", "key_compromise"), ("OCSP_REASON_CA_COMPROMISE", "ca_compromise"),
        ("OCSP_REASON_AFFILIATION_CHANGED", "affiliation_changed"), ("OCSP_REASON_SUPERSEDED", "superseded"), ("OCSP_REASON_CESSATION_OF_OPERATION", "cessation_of_operation"),
        ("OCSP_REASON_CERTIFICATE_HOLD", "certificate_hold"), ("OCSP_REASON_REMOVE_FROM_CRL", "remove_from_crl"), ("OCSP_REASON_PRIVILEGE_WITHDRAWN", "privilege_withdrawn"),
        ("OCSP_REASON_AA_COMPROMISE", "aa_compromise"),
    ];

    /// <summary>Makes the module.</summary>
    public static ObjectInstance Create(VuRealm realm)
    {
        var module = new JsObject(realm.Engine);
        foreach (var (name, value) in Constants)
        {
            module.Set(name, new JsString(value));
        }

        module.AddFunction(realm, "url", (_, a) => UrlTemplate(realm, a));
        module.Set("CookieJar", new HostClass(realm, "CookieJar", _ => CookieJarObject.Create(realm, new CookieJar())));
        module.AddFunction(realm, "cookieJar", (_, _) => realm.InInit
            ? throw realm.GoError("Making cookie jars in the init context is not supported")
            : CookieJarObject.Create(realm, realm.Http.Jar));
        module.AddFunction(realm, "file", (_, a) => FormBody.CreateFile(realm, a));
        Verb("get", "GET", hasBody: false);
        Verb("head", "HEAD", hasBody: false);
        Verb("post", "POST", hasBody: true);
        Verb("put", "PUT", hasBody: true);
        Verb("patch", "PATCH", hasBody: true);
        Verb("del", "DELETE", hasBody: true);
        Verb("options", "OPTIONS", hasBody: true);
        module.AddFunction(realm, "request", (_, a) => Request(realm, TypeConverter.ToString(a.Arg(0)), a.Arg(1), a.Arg(2), a.Arg(3)));
        module.AddFunction(realm, "asyncRequest", (_, a) => RequestAsync(realm, a));
        module.AddFunction(realm, "batch", (_, a) => HttpBatch.Run(realm, a));
        module.AddFunction(realm, "setResponseCallback", (_, a) => SetResponseCallback(realm, a.Arg(0)));
        module.AddFunction(realm, "expectedStatuses", (_, a) => ExpectedStatuses(realm, a));
        return module;

        void Verb(string name, string method, bool hasBody) => module.AddFunction(realm, name, hasBody
            ? (_, a) => Request(realm, method, a.Arg(0), a.Arg(1), a.Arg(2))
            : (_, a) => Request(realm, method, a.Arg(0), JsValue.Undefined, a.Arg(1)));
    }

    /// <summary>Reports a request that could not be sent or got no answer: throws where the option <c>throw</c> says so, and warns otherwise.</summary>
    /// <param name="realm">The VU.</param>
    /// <param name="what">The beginning of the record: <c>Request Failed</c>.</param>
    /// <param name="error">k6's long text.</param>
    public static void ReportFailure(VuRealm realm, string what, string error)
    {
        if (realm.Test.Options?.Throw == true)
        {
            throw realm.GoError(error);
        }

        realm.Test.Log.Warning(what, ("error", error));
    }

    /// <summary>k6's long text of a failure: <c>Get "http://…": connection refused</c>.</summary>
    public static string LongText(HttpResult result)
    {
        var method = result.Call.Method.Length == 0 ? "" : char.ToUpperInvariant(result.Call.Method[0]) + result.Call.Method[1..].ToLowerInvariant();
        var failure = result.Failure!;
        var message = (failure.Detail ?? failure.Message).Replace(GoUrl.NoHost, result.Url.HostName, StringComparison.Ordinal);
        return failure.IsOfBody ? message : $"{method} \"{result.Url.Text}\": {message}";
    }

    /// <summary>Makes a request, blocking.</summary>
    public static JsObject Request(VuRealm realm, string method, JsValue url, JsValue body, JsValue parameters)
    {
        RefuseInit(realm);
        HttpCall call;
        try
        {
            call = HttpCallReader.Read(realm, method, url, body, parameters);
        }
        catch (HttpCallException e)
        {
            ReportFailure(realm, "Request Failed", e.Message);
            return ResponseObject.Empty(realm, e.Message, e.Code);
        }

        var result = realm.Http.Send(call, realm.Interrupt.Token);
        if (result.Failure is not null)
        {
            ReportFailure(realm, "Request Failed", LongText(result));
        }

        return ResponseObject.Create(realm, result);
    }

    private static JsValue RequestAsync(VuRealm realm, JsValue[] arguments)
    {
        RefuseInit(realm);
        var promise = realm.Engine.Advanced.RegisterPromise();
        HttpCall call;
        try
        {
            call = HttpCallReader.Read(realm, TypeConverter.ToString(arguments.Arg(0)), arguments.Arg(1), arguments.Arg(2), arguments.Arg(3));
        }
        catch (HttpCallException e)
        {
            realm.Test.Log.Warning("Request Failed", ("error", e.Message));
            promise.Resolve(ResponseObject.Empty(realm, e.Message, e.Code));
            return promise.Promise;
        }

        var ticket = realm.Loop.Expect();
        _ = FinishAsync(realm.Http.SendAsync(call, realm.Interrupt.Token));
        return promise.Promise;

        async Task FinishAsync(ValueTask<HttpResult> sending)
        {
            try
            {
                var result = await sending.ConfigureAwait(false);
                realm.Loop.Enqueue(ticket, () => Settle(result));
            }
            catch (OperationCanceledException)
            {
                // The iteration is over; nobody waits any more.
            }
        }

        void Settle(HttpResult result)
        {
            if (result.Failure is not null)
            {
                if (realm.Test.Options?.Throw == true)
                {
                    promise.Reject(realm.GoError(LongText(result)).Error);
                    return;
                }

                realm.Test.Log.Warning("Request Failed", ("error", LongText(result)));
            }

            promise.Resolve(ResponseObject.Create(realm, result));
        }
    }

    private static void RefuseInit(VuRealm realm)
    {
        if (realm.InInit)
        {
            throw realm.GoError("Making http requests in the init context is not supported");
        }
    }

    private static JsObject UrlTemplate(VuRealm realm, JsValue[] arguments)
    {
        var parts = arguments.Arg(0) is ObjectInstance strings ? Interop.Items(strings).Select(TypeConverter.ToString).ToArray() : throw realm.GoError("http.url is a template tag");
        var url = new System.Text.StringBuilder(parts[0]);
        for (var i = 1; i < parts.Length; i++)
        {
            url.Append(TypeConverter.ToString(arguments.Arg(i))).Append(parts[i]);
        }

        var text = new JsString(url.ToString());
        var result = new JsObject(realm.Engine);
        result.Set("name", new JsString(string.Join("${}", parts)));
        result.Set("url", text);
        result.Set("clean_url", text);
        result.AddFunction(realm, "clean", (_, _) => text);
        result.AddFunction(realm, "getURL", (_, _) => text);
        return result;
    }

    private static JsValue SetResponseCallback(VuRealm realm, JsValue callback)
    {
        realm.Expected = ExpectedOf(realm, callback);
        return JsValue.Undefined;
    }

    /// <summary>What a script gave as a response callback; null for null.</summary>
    public static ExpectedStatuses? ExpectedOf(VuRealm realm, JsValue callback)
    {
        if (callback.IsNull())
        {
            return null;
        }

        return HostObject.Held<ExpectedStatuses>(callback)
            ?? throw realm.GoError("unsupported argument, expected http.expectedStatuses");
    }

    private static HostObject ExpectedStatuses(VuRealm realm, JsValue[] arguments)
    {
        if (arguments.Length == 0)
        {
            throw realm.GoError("no arguments");
        }

        var ranges = new List<(int, int)>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = arguments[i];
            if (value.IsNothing())
            {
                throw realm.TypeError("Cannot convert undefined or null to object");
            }

            if (value.IsNumber() && value.AsNumber() % 1 == 0)
            {
                ranges.Add(((int)value.AsNumber(), (int)value.AsNumber()));
            }
            else if (value is ObjectInstance range && range.Get("min") is var min && range.Get("max") is var max && min.IsNumber() && max.IsNumber())
            {
                ranges.Add(((int)min.AsNumber(), (int)max.AsNumber()));
            }
            else
            {
                throw realm.GoError(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"argument number {i + 1} to expectedStatuses was neither an integer nor an object like {{min:100, max:329}}"));
            }
        }

        return new HostObject(realm.Engine, new ExpectedStatuses(ranges));
    }
}
