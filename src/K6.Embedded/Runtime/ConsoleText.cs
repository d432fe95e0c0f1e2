using System.Globalization;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace K6.Embedded.Runtime;

/// <summary>Values as k6's <c>console</c> shows them.</summary>
internal static class ConsoleText
{
    /// <summary>The text of one argument.</summary>
    public static string Of(JsValue value)
    {
        if (value is not ObjectInstance instance)
        {
            return Primitive(value);
        }

        var text = new StringBuilder();
        Append(text, instance, []);
        return text.ToString();
    }

    private static string Primitive(JsValue value)
    {
        if (value.IsSymbol())
        {
            var text = value.ToString();
            return text.StartsWith("Symbol(", StringComparison.Ordinal) ? text[7..^1] : text;
        }

        return value.IsNumber() && value.AsNumber() == 0 ? "0" : TypeConverter.ToString(value);
    }

    private static void Append(StringBuilder text, JsValue value, List<ObjectInstance> open)
    {
        if (value is not ObjectInstance instance)
        {
            _ = value.IsUndefined() ? text.Append("null")
                : value.IsString() ? text.Append('"').Append(value.AsString()).Append('"')
                : text.Append(Primitive(value));
            return;
        }

        if (open.Contains(instance))
        {
            text.Append("[Circular]");
            return;
        }

        if (instance.IsCallable())
        {
            text.Append("[object Function]");
            return;
        }

        open.Add(instance);
        switch (instance)
        {
            case JsError:
                text.Append(ErrorText(instance));
                break;
            case JsDate date:
                text.Append('"').Append(DateText(date)).Append('"');
                break;
            case JsTypedArray array:
                AppendTypedArray(text, array, open);
                break;
            case JsArrayBuffer:
                AppendBuffer(text, instance.AsArrayBuffer() ?? []);
                break;
            default:
                if (instance.IsArray() || instance.Get("length") is { } length && length.IsNumber() && IsSharedArray(instance))
                {
                    AppendItems(text, instance, open);
                }
                else
                {
                    AppendProperties(text, instance, open);
                }

                break;
        }

        open.RemoveAt(open.Count - 1);
    }

    private static bool IsSharedArray(ObjectInstance instance) => instance.GetType().Name == "JsProxy";

    private static string ErrorText(ObjectInstance error)
    {
        var name = error.Get("name").ToString();
        var message = error.Get("message").ToString();
        return message.Length == 0 ? name : $"{name}: {message}";
    }

    private static string DateText(JsDate date)
    {
        try
        {
            return date.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException)
        {
            return "Invalid Date";
        }
    }

    private static void AppendItems(StringBuilder text, ObjectInstance array, List<ObjectInstance> open)
    {
        var length = (uint)TypeConverter.ToNumber(array.Get("length"));
        text.Append('[');
        for (var i = 0u; i < length; i++)
        {
            text.Append(i == 0 ? " " : ", ");
            Append(text, array.Get(i), open);
        }

        text.Append(length == 0 ? "]" : " ]");
    }

    private static void AppendTypedArray(StringBuilder text, ObjectInstance array, List<ObjectInstance> open)
    {
        text.Append(array.Get("constructor").AsObject().Get("name")).Append('(').Append(array.Get("length")).Append(") ");
        AppendItems(text, array, open);
    }

    private static void AppendBuffer(StringBuilder text, byte[] content)
    {
        text.Append("ArrayBuffer { [Uint8Contents]: <");
        text.AppendJoin(' ', content.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
        text.Append(CultureInfo.InvariantCulture, $">, byteLength: {content.Length} }}");
    }

    private static void AppendProperties(StringBuilder text, ObjectInstance instance, List<ObjectInstance> open)
    {
        text.Append('{');
        var first = true;
        foreach (var key in instance.GetOwnPropertyKeys(Types.String))
        {
            if (!instance.GetOwnProperty(key).Enumerable)
            {
                continue;
            }

            text.Append(first ? " " : ", ").Append(key).Append(": ");
            first = false;
            Append(text, instance.Get(key), open);
        }

        text.Append(first ? "}" : " }");
    }
}
