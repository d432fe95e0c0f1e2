using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Acornima;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace K6.Embedded.Runtime;

/// <summary>
/// Stack traces in k6's form: <c>\tat name (file:///path:LINE:COLUMN(n))\n</c>, positions through source maps.
/// k6 counts instructions in the last number; ours is always 1.
/// </summary>
internal sealed class StackTraces(Engine engine)
{
    /// <summary>Whether module code runs: its frame is the last of a trace. Otherwise Jint ends traces with a nameless frame of the call from the host, which k6 has not.</summary>
    public bool InModuleCode { get; set; } = true;

    /// <summary>Jint's hook for one frame.</summary>
    public static string Frame(ScriptProgram program, string name, in SourceLocation location)
    {
        var position = program.PositionOf(location.SourceFile, location.Start.Line, location.Start.Column + 1);
        var place = string.Create(CultureInfo.InvariantCulture, $"{Escaped(position.Source)}:{position.Line}:{position.Column}(1)");
        return name.Length == 0 || name == "(anonymous)" ? $"\tat {place}\n" : $"\tat {name} ({place})\n";
    }

    /// <summary>What the log says of an exception: <c>Error: boom\n\tat …\n</c>.</summary>
    public string TextOf(JavaScriptException exception)
    {
        if (exception.Error is ObjectInstance error && IsError(error))
        {
            return WithStack(HeaderOf(error), StackOf(error));
        }

        return WithStack(StringOf(exception.Error), exception.JavaScriptStackTrace ?? "");
    }

    /// <summary>The same in one line: the text and the first place.</summary>
    public string LineOf(JavaScriptException exception)
    {
        var lines = TextOf(exception).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(' ', lines.Take(2));
    }

    /// <summary>What the log says of the reason of a rejected promise; only errors have a stack.</summary>
    public static string TextOfRejection(JsValue? reason) =>
        reason is ObjectInstance error && IsError(error) ? $"{HeaderOf(error)}\n{StackOf(error)}" : StringOf(reason ?? JsValue.Undefined);

    /// <summary>Makes <c>error.stack</c> begin with the error's text, as in k6; Jint's own has frames only.</summary>
    public void InstallStackProperty()
    {
        var prototype = (ObjectInstance)engine.Intrinsics.Error.Get("prototype");
        var own = prototype.GetOwnProperty("stack");
        if (own.Get is not { } getter)
        {
            return;
        }

        // An error is asked for its stack at each call that it leaves, so the text is made once: it is as long as the stack is deep.
        var texts = new ConditionalWeakTable<ObjectInstance, KnownText>();
        var withHeader = new ClrFunction(engine, "get stack", (self, _) =>
        {
            if (self is not ObjectInstance error || ReferenceEquals(error, prototype))
            {
                return JsValue.Undefined;
            }

            var header = HeaderOf(error);
            if (texts.TryGetValue(error, out var known) && known.Header == header)
            {
                return known.Text;
            }

            if (engine.Call(getter, self, []) is not JsString frames)
            {
                return JsValue.Undefined;
            }

            var text = new JsString(WithStack(header, frames.AsString()));
            texts.AddOrUpdate(error, new KnownText(header, text));
            return text;
        });
        prototype.DefineOwnProperty("stack", new GetSetPropertyDescriptor(withHeader, own.Set, enumerable: false, configurable: true));
    }

    // As k6 prints addresses; readers take a space for the end.
    private static string Escaped(string url) => Uri.EscapeDataString(url).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal);

    private static bool IsError(ObjectInstance value) => value is JsError;

    private static string StackOf(ObjectInstance error)
    {
        var stack = error.Get("stack");
        if (!stack.IsString())
        {
            return "";
        }

        var text = stack.AsString();
        var frames = text.IndexOf("\tat ", StringComparison.Ordinal);
        return frames < 0 ? "" : text[frames..];
    }

    private static string HeaderOf(ObjectInstance error)
    {
        var name = TextOrEmpty(error.Get("name"));
        var message = K6Message(TextOrEmpty(error.Get("message")));
        return message.Length == 0 ? name : name.Length == 0 ? message : $"{name}: {message}";
    }

    private static string TextOrEmpty(JsValue value) => value.IsUndefined() ? "" : value.IsString() ? value.AsString() : value.ToString();

    private static string StringOf(JsValue value)
    {
        try
        {
            return TypeConverter.ToString(value);
        }
        catch (JavaScriptException)
        {
            return "[object Object]";
        }
    }

    /// <summary>Jint's wording of the two commonest errors in k6's words.</summary>
    private static string K6Message(string message)
    {
        const string cannotRead = "Cannot read properties of ";
        if (message.StartsWith(cannotRead, StringComparison.Ordinal) && message.IndexOf("(reading '", StringComparison.Ordinal) is > 0 and var at)
        {
            return $"Cannot read property {message[(at + 9)..^1]} of undefined";
        }

        const string property = "Property '";
        const string notFunction = "' of object is not a function";
        return message.StartsWith(property, StringComparison.Ordinal) && message.EndsWith(notFunction, StringComparison.Ordinal)
            ? $"Object has no member '{message[property.Length..^notFunction.Length]}'"
            : message;
    }

    private string WithStack(string header, string frames)
    {
        var text = new StringBuilder(header).Append('\n');
        var lines = frames.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            var (name, place) = Split(lines[i]);
            if (!InModuleCode && i > 0 && i == lines.Length - 1 && name.Length == 0)
            {
                break;
            }

            // A native function has no position of its own and repeats its caller's.
            var isNative = name.Length > 0 && i + 1 < lines.Length && Split(lines[i + 1]).Place == place;
            text.Append(isNative ? $"\tat {name} (native)" : lines[i]).Append('\n');
        }

        return text.ToString();
    }

    private static (string Name, string Place) Split(string frame)
    {
        var text = frame.StartsWith("\tat ", StringComparison.Ordinal) ? frame[4..] : frame;
        var open = text.IndexOf(" (", StringComparison.Ordinal);
        return open < 0 || !text.EndsWith("))", StringComparison.Ordinal) ? ("", text) : (text[..open], text[(open + 2)..^1]);
    }

    private sealed record KnownText(string Header, JsString Text);
}
