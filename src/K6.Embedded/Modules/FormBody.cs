using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>Bodies that are objects: forms, and multipart where there is a file.</summary>
internal static class FormBody
{
    /// <summary><c>http.file(data, filename, contentType)</c>.</summary>
    public static HostObject CreateFile(VuRealm realm, JsValue[] arguments)
    {
        if (Interop.BytesOf(arguments.Arg(0)) is null)
        {
            throw realm.GoError($"invalid type {Interop.GoTypeOf(arguments.Arg(0))}, expected string, []byte or ArrayBuffer");
        }

        var nanoseconds = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        var file = new HostObject(realm.Engine, FileMark);
        file.Set("data", arguments.Arg(0));
        file.Set("filename", arguments.Arg(1).IsNothing() ? new JsString(nanoseconds.ToString(CultureInfo.InvariantCulture)) : new JsString(TypeConverter.ToString(arguments[1])));
        file.Set("content_type", arguments.Arg(2).IsNothing() ? new JsString("application/octet-stream") : new JsString(TypeConverter.ToString(arguments[2])));
        return file;
    }

    /// <summary>Encodes a form.</summary>
    /// <returns>The body and its <c>Content-Type</c>.</returns>
    public static (byte[] Content, string ContentType) Encode(VuRealm realm, ObjectInstance form)
    {
        var fields = Interop.Properties(form).ToArray();
        if (fields.Any(f => IsFile(f.Value)))
        {
            return Multipart(realm, fields);
        }

        var pairs = fields.OrderBy(f => f.Name, StringComparer.Ordinal).SelectMany(f => Values(f.Value).Select(v => $"{Escape(f.Name)}={Escape(v)}"));
        return (Encoding.UTF8.GetBytes(string.Join('&', pairs)), "application/x-www-form-urlencoded");
    }

    private static readonly object FileMark = new();

    private static bool IsFile(JsValue value) =>
        ReferenceEquals(HostObject.Held<object>(value), FileMark);

    private static IEnumerable<string> Values(JsValue value) =>
        value is ObjectInstance array && array.IsArray() ? Interop.Items(array).Select(Interop.GoText) : [Interop.GoText(value)];

    // As k6: letters, digits and -_.~ stay, a space is a plus.
    private static string Escape(string text) => WebUtility.UrlEncode(text).Replace("~", "~", StringComparison.Ordinal).Replace("!", "%21", StringComparison.Ordinal)
        .Replace("*", "%2A", StringComparison.Ordinal).Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);

    private static (byte[] Content, string ContentType) Multipart(VuRealm realm, (string Name, JsValue Value)[] fields)
    {
        var boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(30));
        using var content = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            if (IsFile(value))
            {
                var file = (ObjectInstance)value;
                Write($"--{boundary}\r\nContent-Disposition: form-data; name=\"{Quoted(name)}\"; filename=\"{Quoted(TypeConverter.ToString(file.Get("filename")))}\"\r\nContent-Type: {file.Get("content_type")}\r\n\r\n");
                content.Write(Interop.BytesOf(file.Get("data")));
                Write("\r\n");
                continue;
            }

            foreach (var item in Values(value))
            {
                Write($"--{boundary}\r\nContent-Disposition: form-data; name=\"{Quoted(name)}\"\r\n\r\n{item}\r\n");
            }
        }

        Write($"--{boundary}--\r\n");
        return (content.ToArray(), $"multipart/form-data; boundary={boundary}");

        void Write(string text) => content.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
