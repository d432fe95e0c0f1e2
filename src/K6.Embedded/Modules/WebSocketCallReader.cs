using Jint.Native;
using Jint.Runtime;
using K6.Embedded.Http;
using K6.Embedded.Runtime;
using K6.Embedded.WebSockets;

namespace K6.Embedded.Modules;

/// <summary>Makes a WebSocket's handshake of a script's arguments; <c>k6/websockets</c> and <c>k6/ws</c> have the same parameters.</summary>
internal static class WebSocketCallReader
{
    /// <summary>Reads the parameters.</summary>
    /// <param name="realm">The VU.</param>
    /// <param name="url">The address.</param>
    /// <param name="parameters">The parameters, or nothing.</param>
    /// <param name="isStrict">Whether unknown parameters are refused: <c>k6/ws</c> ignores them.</param>
    /// <exception cref="FormatException">They make no handshake; the message is k6's.</exception>
    public static WebSocketCall Read(VuRealm realm, GoUrl url, JsValue parameters, bool isStrict)
    {
        var call = new WebSocketCall(url) { Jar = realm.Http.Jar, HasName = isStrict };
        foreach (var (key, value) in Interop.Properties(Interop.ObjectOf(realm, parameters)))
        {
            if (!ReadParameter(call, key, value) && isStrict)
            {
                throw new FormatException($"unknown WebSocket's option {key}");
            }
        }

        if (!call.Headers.Exists(h => h.Name == "User-Agent"))
        {
            call.Headers.Add(("User-Agent", realm.Test.Options?.UserAgent ?? HttpCallReader.DefaultUserAgent));
        }

        return call;
    }

    private static bool ReadParameter(WebSocketCall call, string key, JsValue value)
    {
        switch (key)
        {
            case "headers":
                foreach (var (name, header) in Interop.Properties(value))
                {
                    call.Headers.Add((HeaderNames.Canonical(name), TypeConverter.ToString(header)));
                }

                return true;
            case "tags":
                ReadTags(call, value);
                return true;
            case "jar":
                call.Jar = HostObject.Held<CookieJar>(value) ?? call.Jar;
                return true;
            case "compression":
                var algorithm = value.IsNothing() ? "" : TypeConverter.ToString(value).Trim();
                call.OffersDeflate = algorithm == "deflate" ? true
                    : algorithm.Length == 0 ? false
                    : throw new FormatException($"unsupported compression algorithm '{algorithm}', supported algorithm is 'deflate'");
                return true;
            default:
                return false;
        }
    }

    private static void ReadTags(WebSocketCall call, JsValue tags)
    {
        try
        {
            foreach (var (name, tag) in Interop.Properties(tags))
            {
                call.Tags.Add(new(name, Interop.TagValue(name, tag)));
            }
        }
        catch (FormatException e)
        {
            throw new FormatException($"invalid WebSocket tags option: {e.Message}");
        }
    }
}
