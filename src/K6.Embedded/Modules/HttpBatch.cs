using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Http;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary><c>http.batch</c>: requests in parallel, at most <c>batch</c> (20) at once and <c>batchPerHost</c> (6) to one host.</summary>
internal static class HttpBatch
{
    private const int DefaultBatch = 20;
    private const int DefaultBatchPerHost = 6;

    /// <summary>Runs a batch: an array of requests gives an array of responses, an object an object.</summary>
    public static JsValue Run(VuRealm realm, JsValue[] arguments)
    {
        if (realm.InInit)
        {
            throw realm.GoError("Using batch in the init context is not supported");
        }

        if (arguments.Length == 0)
        {
            throw realm.GoError("no argument was provided to http.batch()");
        }

        if (arguments[0] is not ObjectInstance requests || requests.IsCallable())
        {
            throw realm.GoError($"invalid http.batch() argument type {Interop.GoTypeOf(arguments[0])}");
        }

        var isArray = requests.IsArray();
        (string Name, JsValue Value)[] entries = isArray ? [.. Interop.Items(requests).Select(r => ("", r))] : [.. Interop.Properties(requests)];
        var calls = new List<HttpCall>(entries.Length);
        foreach (var (name, value) in entries)
        {
            try
            {
                calls.Add(ReadRequest(realm, value, isArray ? calls.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) : name));
            }
            catch (HttpCallException e)
            {
                HttpModule.ReportFailure(realm, "A batch request failed", e.Message);
                return ToJs(realm, isArray, entries, [.. calls.Select(_ => ResponseObject.Empty(realm, "", 0)), ResponseObject.Empty(realm, e.Message, e.Code)]);
            }
        }

        var results = Send(realm, calls);
        foreach (var result in results)
        {
            if (result.Failure is not null)
            {
                HttpModule.ReportFailure(realm, "Request Failed", HttpModule.LongText(result));
            }
        }

        return ToJs(realm, isArray, entries, [.. results.Select(r => ResponseObject.Create(realm, r))]);
    }

    private static JsValue ToJs(VuRealm realm, bool isArray, (string Name, JsValue Value)[] entries, JsValue[] responses)
    {
        if (isArray)
        {
            return new JsArray(realm.Engine, responses);
        }

        var result = new JsObject(realm.Engine);
        for (var i = 0; i < responses.Length; i++)
        {
            result.Set(entries[i].Name, responses[i]);
        }

        return result;
    }

    private static HttpResult[] Send(VuRealm realm, List<HttpCall> calls)
    {
        var options = realm.Test.Options;
        using var all = new SemaphoreSlim((int)Math.Clamp(options?.Batch ?? DefaultBatch, 1, int.MaxValue));
        var perHost = (int)Math.Clamp(options?.BatchPerHost ?? DefaultBatchPerHost, 0, int.MaxValue);
        var hosts = calls.Select(c => c.Url.Host).Distinct(StringComparer.Ordinal).ToDictionary(h => h, _ => new SemaphoreSlim(perHost == 0 ? int.MaxValue : perHost), StringComparer.Ordinal);
        var interrupt = realm.Interrupt.Token;
        var http = realm.Http;
        try
        {
            var tasks = calls.Select(call => SendOneAsync(call, hosts[call.Url.Host])).ToArray();
            return Task.WhenAll(tasks).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new IterationInterruptedException();
        }
        finally
        {
            foreach (var host in hosts.Values)
            {
                host.Dispose();
            }
        }

        async Task<HttpResult> SendOneAsync(HttpCall call, SemaphoreSlim host)
        {
            await all.WaitAsync(interrupt).ConfigureAwait(false);
            try
            {
                await host.WaitAsync(interrupt).ConfigureAwait(false);
                try
                {
                    return await http.SendAsync(call, interrupt).ConfigureAwait(false);
                }
                finally
                {
                    host.Release();
                }
            }
            finally
            {
                all.Release();
            }
        }
    }

    private static HttpCall ReadRequest(VuRealm realm, JsValue request, string place)
    {
        if (request is not ObjectInstance instance)
        {
            return request.IsString()
                ? HttpCallReader.Read(realm, "GET", request, JsValue.Undefined, JsValue.Undefined)
                : throw new HttpCallException($"invalid URL: '#{Interop.GoText(request)}'", HttpCallReader.InvalidUrl);
        }

        if (instance.IsArray())
        {
            JsValue[] items = [.. Interop.Items(instance)];
            return items.Length < 2
                ? throw new HttpCallException($"invalid batch request '[]interface {{}}{{{string.Join(", ", items.Select(i => $"\"{Interop.GoText(i)}\""))}}}'", 0)
                : HttpCallReader.Read(realm, TypeConverter.ToString(items[0]), items[1], items.Arg(2), items.Arg(3));
        }

        if (instance.Get("clean_url").IsString())
        {
            return HttpCallReader.Read(realm, "GET", instance, JsValue.Undefined, JsValue.Undefined);
        }

        if (!instance.HasProperty("url"))
        {
            throw new HttpCallException($"batch request {place} doesn't have a url key", 0);
        }

        var method = instance.Get("method");
        return HttpCallReader.Read(realm, method.IsUndefined() ? "GET" : TypeConverter.ToString(method), instance.Get("url"), instance.Get("body"), instance.Get("params"));
    }
}
