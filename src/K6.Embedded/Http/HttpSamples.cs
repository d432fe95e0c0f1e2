using System.Globalization;
using K6.Embedded.Execution;
using K6.Embedded.Metrics;

namespace K6.Embedded.Http;

/// <summary>Records k6's samples of a hop. Finds the tag set of a repeated request with one look-up.</summary>
internal sealed class HttpSamples(VuContext context)
{
    private const int MaximumKept = 1_000;
    private readonly Dictionary<TagKey, TagSet> known = [];
    private readonly Lock gate = new();

    private readonly record struct TagKey(TagSet Base, string Name, string Method, int Status, string Proto, string TlsVersion, string Error, int ErrorCode, string? Expected, string Ip);

    /// <summary>Records a hop. Where a challenge may come, k6 expects one and nothing else, whatever the script expects.</summary>
    public void Record(HttpCall call, GoUrl url, string method, HttpResult result, TagSet tags, bool expectsChallenge = false)
    {
        bool? expected = call.Expected is null ? null : result.Failure is null && (expectsChallenge ? result.Status == 401 : call.Expected.Contains(result.Status));
        var full = TagsOf(new TagKey(
            tags,
            call.Name ?? url.Name,
            method,
            result.Status,
            result.Proto,
            result.Connection?.TlsVersion ?? "",
            result.Error,
            result.ErrorCode,
            expected switch { true => "true", false => "false", null => null },
            context.Test.SystemTags.Ip && result.Connection is { } connection ? connection.Remote.Address.ToString() : ""));
        var metrics = context.Test.Metrics;
        var samples = context.Samples;
        var now = EngineClock.NowMicros;
        var timings = result.Timings;
        samples.Add(metrics.HttpReqs, full, 1, now);
        samples.Add(metrics.HttpReqDuration, full, timings.Duration, now);
        samples.Add(metrics.HttpReqBlocked, full, timings.Blocked, now);
        samples.Add(metrics.HttpReqConnecting, full, timings.Connecting, now);
        samples.Add(metrics.HttpReqTlsHandshaking, full, timings.TlsHandshaking, now);
        samples.Add(metrics.HttpReqSending, full, timings.Sending, now);
        samples.Add(metrics.HttpReqWaiting, full, timings.Waiting, now);
        samples.Add(metrics.HttpReqReceiving, full, timings.Receiving, now);
        if (expected is { } isExpected)
        {
            samples.Add(metrics.HttpReqFailed, full, isExpected ? 0 : 1, now);
        }
    }

    private TagSet TagsOf(in TagKey key)
    {
        lock (gate)
        {
            if (known.TryGetValue(key, out var tags))
            {
                return tags;
            }

            tags = Make(key);
            if (known.Count >= MaximumKept)
            {
                known.Clear();
            }

            if (tags.IsShared)
            {
                known[key] = tags;
            }

            return tags;
        }
    }

    private TagSet Make(in TagKey key)
    {
        var system = context.Test.SystemTags;
        var tags = key.Base;
        Add(ref tags, system.Method, "method", key.Method);
        Add(ref tags, system.Status, "status", key.Status.ToString(CultureInfo.InvariantCulture));
        Add(ref tags, system.Proto && key.Proto.Length > 0, "proto", key.Proto);
        Add(ref tags, system.TlsVersion && key.TlsVersion.Length > 0, "tls_version", key.TlsVersion);
        Add(ref tags, system.Error && key.Error.Length > 0, "error", key.Error);
        Add(ref tags, system.ErrorCode && key.ErrorCode != 0, "error_code", key.ErrorCode.ToString(CultureInfo.InvariantCulture));
        Add(ref tags, system.ExpectedResponse && key.Expected is not null, "expected_response", key.Expected ?? "");
        Add(ref tags, system.Ip && key.Ip.Length > 0, "ip", key.Ip);

        // The name comes last: where it is a new one for each request, the steps before it stay shared.
        Add(ref tags, system.Name, "name", key.Name);
        Add(ref tags, system.Url, "url", key.Name);
        return tags;
    }

    private static void Add(ref TagSet tags, bool applies, string name, string value)
    {
        if (applies)
        {
            tags = tags.With(name, value);
        }
    }
}
