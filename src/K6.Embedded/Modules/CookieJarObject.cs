using System.Globalization;
using Jint.Native;
using Jint.Runtime;
using K6.Embedded.Http;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>A cookie jar as scripts see it.</summary>
internal static class CookieJarObject
{
    /// <summary>Makes the object of a jar.</summary>
    public static HostObject Create(VuRealm realm, CookieJar jar)
    {
        var result = new HostObject(realm.Engine, jar);
        result.AddFunction(realm, "clear", (_, a) => Remove(realm, jar, a.Arg(0), null));
        result.AddFunction(realm, "cookiesForURL", (_, a) => CookiesFor(realm, jar, a.Arg(0)));
        result.AddFunction(realm, "delete", (_, a) => Remove(realm, jar, a.Arg(0), TypeConverter.ToString(a.Arg(1))));
        result.AddFunction(realm, "set", (_, a) => Set(realm, jar, a));
        return result;
    }

    private static JsValue Remove(VuRealm realm, CookieJar jar, JsValue url, string? name)
    {
        jar.Remove(UrlOf(realm, url), name);
        return JsValue.Undefined;
    }

    private static JsObject CookiesFor(VuRealm realm, CookieJar jar, JsValue url)
    {
        var result = new JsObject(realm.Engine);
        foreach (var cookies in jar.For(UrlOf(realm, url)).GroupBy(c => c.Name, StringComparer.Ordinal))
        {
            result.Set(cookies.Key, new JsArray(realm.Engine, [.. cookies.Select(c => new JsString(c.Value))]));
        }

        return result;
    }

    private static JsBoolean Set(VuRealm realm, CookieJar jar, JsValue[] arguments)
    {
        var cookie = new SetCookie(TypeConverter.ToString(arguments.Arg(1)), TypeConverter.ToString(arguments.Arg(2)));
        foreach (var (key, value) in Interop.Properties(arguments.Arg(3)))
        {
            cookie = key switch
            {
                "domain" => cookie with { Domain = TypeConverter.ToString(value) },
                "path" => cookie with { Path = TypeConverter.ToString(value) },
                "expires" => cookie with { Expires = Expires(realm, TypeConverter.ToString(value)) },
                "max_age" => cookie with { MaxAge = (int)TypeConverter.ToNumber(value) },
                "secure" => cookie with { Secure = TypeConverter.ToBoolean(value) },
                "http_only" => cookie with { HttpOnly = TypeConverter.ToBoolean(value) },
                _ => cookie,
            };
        }

        jar.Set(UrlOf(realm, arguments.Arg(0)), cookie);
        return JsBoolean.True;
    }

    private static DateTime? Expires(VuRealm realm, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        // The day of the week and the zone's name are read and not checked, as in k6.
        var space = text.LastIndexOf(' ');
        return space > 5 && text[3] == ',' && DateTime.TryParseExact(text[5..space], "dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var when)
            ? when
            : throw realm.GoError($"unable to parse \"expires\" date string \"{text}\": parsing time \"{text}\" as \"Mon, 02 Jan 2006 15:04:05 MST\": cannot parse \"{text}\" as \"Mon\"");
    }

    private static GoUrl UrlOf(VuRealm realm, JsValue url)
    {
        try
        {
            return GoUrl.Parse(TypeConverter.ToString(url));
        }
        catch (FormatException e)
        {
            throw realm.GoError(e.Message);
        }
    }
}
