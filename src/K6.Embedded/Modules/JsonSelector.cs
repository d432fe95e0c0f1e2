using System.Globalization;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace K6.Embedded.Modules;

/// <summary>
/// The selectors of <c>response.json('a.b.0.#.c')</c>: the part of the GJSON path syntax that scripts use. Keys with <c>*</c>, <c>?</c> and escapes,
/// indexes, <c>#</c>, <c>#(query)</c> and <c>#(query)#</c>, <c>|</c>, <c>{a,b}</c> and <c>[a,b]</c>, <c>@this</c>, <c>@reverse</c>, <c>@keys</c>, <c>@values</c>, <c>@flatten</c>.
/// </summary>
internal static class JsonSelector
{
    /// <summary>What a selector finds; undefined when there is nothing.</summary>
    public static JsValue Select(Engine engine, JsValue root, string path)
    {
        if (path.Length == 0)
        {
            return JsValue.Undefined;
        }

        if (path.StartsWith("..", StringComparison.Ordinal))
        {
            // JSON lines: a document of one line is a list of one.
            return Walk(engine, new JsArray(engine, [root]), path[2..].TrimStart('.'));
        }

        return Walk(engine, root, path);
    }

    private static JsValue Walk(Engine engine, JsValue value, string path)
    {
        while (path.Length > 0)
        {
            if (path[0] is '{' or '[')
            {
                return Multi(engine, value, ref path) is var multi && path.Length > 0 ? Walk(engine, multi, path[1..]) : multi;
            }

            var part = TakePart(ref path, out var isPipe, out var hasMore);
            if (part.Length > 0 && part[0] == '#' && value is ObjectInstance array && array.IsArray())
            {
                return Hash(engine, array, part, path, isPipe, hasMore);
            }

            value = Step(engine, value, part);
            if (value.IsUndefined())
            {
                return value;
            }
        }

        return value;
    }

    private static JsValue Hash(Engine engine, ObjectInstance array, string part, string rest, bool isPipe, bool hasMore)
    {
        if (part == "#")
        {
            if (!hasMore)
            {
                return JsNumber.Create((uint)TypeConverter.ToNumber(array.Get("length")));
            }

            if (isPipe)
            {
                return JsValue.Undefined;
            }

            // A pipe ends what is done with each item; the rest is done with the list.
            var list = TakeUntilPipe(ref rest);
            var mapped = Map(engine, Interop.Items(array), list);
            return rest.Length > 0 ? Walk(engine, mapped, rest) : mapped;
        }

        if (part[1] != '(')
        {
            return JsValue.Undefined;
        }

        var takesAll = part.EndsWith('#');
        var query = part[2..(takesAll ? ^2 : ^1)];
        var found = Interop.Items(array).Where(item => Matches(engine, item, query));
        if (!takesAll)
        {
            var first = found.FirstOrDefault();
            return first is null ? JsValue.Undefined : Walk(engine, first, rest);
        }

        if (!hasMore || isPipe)
        {
            return Walk(engine, new JsArray(engine, [.. found]), rest);
        }

        var each = TakeUntilPipe(ref rest);
        var all = Map(engine, found, each);
        return rest.Length > 0 ? Walk(engine, all, rest) : all;
    }

    private static string TakeUntilPipe(ref string path)
    {
        var depth = 0;
        for (var i = 0; i < path.Length; i++)
        {
            depth += path[i] is '{' or '[' or '(' ? 1 : path[i] is '}' or ']' or ')' ? -1 : 0;
            if (path[i] == '\\')
            {
                i++;
            }
            else if (path[i] == '|' && depth == 0)
            {
                var before = path[..i];
                path = path[(i + 1)..];
                return before;
            }
        }

        var whole = path;
        path = "";
        return whole;
    }

    private static JsArray Map(Engine engine, IEnumerable<JsValue> items, string rest) =>
        new(engine, [.. items.Select(item => Walk(engine, item, rest)).Where(v => !v.IsUndefined())]);

    private static JsValue Step(Engine engine, JsValue value, string part)
    {
        if (part.Length > 0 && part[0] == '@')
        {
            return Modify(engine, value, part);
        }

        if (value is not ObjectInstance instance)
        {
            return JsValue.Undefined;
        }

        if (instance.IsArray())
        {
            return int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? instance.Get(JsNumber.Create(index)) : JsValue.Undefined;
        }

        var key = Unescape(part, out var isPattern);
        if (!isPattern)
        {
            return instance.HasOwnProperty(key) ? instance.Get(key) : JsValue.Undefined;
        }

        foreach (var (name, item) in Interop.Properties(instance))
        {
            if (Like(name, part))
            {
                return item;
            }
        }

        return JsValue.Undefined;
    }

    private static JsValue Modify(Engine engine, JsValue value, string name)
    {
        switch (name)
        {
            case "@this" or "@ugly" or "@pretty" or "@valid":
                return value;
            case "@reverse" when value is ObjectInstance array && array.IsArray():
                return new JsArray(engine, [.. Interop.Items(array).Reverse()]);
            case "@keys" when value is ObjectInstance map:
                return new JsArray(engine, [.. Interop.Properties(map).Select(p => new JsString(p.Name))]);
            case "@values" when value is ObjectInstance map:
                return new JsArray(engine, [.. Interop.Properties(map).Select(p => p.Value)]);
            case "@flatten" when value is ObjectInstance array && array.IsArray():
                return new JsArray(engine, [.. Interop.Items(array).SelectMany(i => i is ObjectInstance inner && inner.IsArray() ? Interop.Items(inner) : [i])]);
            default:
                return JsValue.Undefined;
        }
    }

    private static JsValue Multi(Engine engine, JsValue value, ref string path)
    {
        var isObject = path[0] == '{';
        var end = ClosingOf(path);
        var parts = SplitTop(path[1..end]);
        path = path[(end + 1)..];
        if (!isObject)
        {
            return new JsArray(engine, [.. parts.Select(p => Walk(engine, value, p)).Where(v => !v.IsUndefined())]);
        }

        var result = new JsObject(engine);
        foreach (var part in parts)
        {
            var colon = part.StartsWith('"') ? part.IndexOf("\":", StringComparison.Ordinal) : -1;
            var inner = colon > 0 ? part[(colon + 2)..] : part;
            var item = Walk(engine, value, inner);
            if (!item.IsUndefined())
            {
                result.Set(colon > 0 ? part[1..colon] : inner[(inner.LastIndexOf('.') + 1)..], item);
            }
        }

        return result;
    }

    private static string TakePart(ref string path, out bool isPipe, out bool hasMore)
    {
        var depth = 0;
        for (var i = 0; i < path.Length; i++)
        {
            switch (path[i])
            {
                case '\\':
                    i++;
                    break;
                case '(' or '[' when path[0] == '#':
                    depth++;
                    break;
                case ')' or ']' when depth > 0:
                    depth--;
                    break;
                case '.' or '|' when depth == 0:
                    var part = path[..i];
                    isPipe = path[i] == '|';
                    path = path[(i + 1)..];
                    hasMore = true;
                    return part;
                default:
                    break;
            }
        }

        var last = path;
        path = "";
        isPipe = false;
        hasMore = false;
        return last;
    }

    private static int ClosingOf(string path)
    {
        var depth = 0;
        for (var i = 0; i < path.Length; i++)
        {
            depth += path[i] is '{' or '[' or '(' ? 1 : path[i] is '}' or ']' or ')' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return path.Length - 1;
    }

    private static List<string> SplitTop(string text)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] is '{' or '[' or '(' ? 1 : text[i] is '}' or ']' or ')' ? -1 : 0;
            if (text[i] == ',' && depth == 0)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static bool Matches(Engine engine, JsValue item, string query)
    {
        foreach (var symbol in (string[])["!=", "==", "<=", ">=", "!%", "%", "=", "<", ">"])
        {
            var at = query.IndexOf(symbol, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }

            var left = at == 0 ? item : Walk(engine, item, query[..at].Trim());
            return !left.IsUndefined() && Compare(left, symbol, query[(at + symbol.Length)..].Trim());
        }

        return !Walk(engine, item, query).IsUndefined();
    }

    private static bool Compare(JsValue left, string symbol, string right)
    {
        if (right.StartsWith('"') && right.EndsWith('"') && right.Length > 1)
        {
            right = right[1..^1];
            if (!left.IsString())
            {
                return symbol is "!=";
            }

            var text = left.AsString();
            return symbol switch
            {
                "%" => Like(text, right),
                "!%" => !Like(text, right),
                _ => Holds(symbol, string.CompareOrdinal(text, right)),
            };
        }

        if (double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return left.IsNumber() ? Holds(symbol, left.AsNumber().CompareTo(number)) : symbol == "!=";
        }

        var same = right switch
        {
            "true" => left.IsBoolean() && left.AsBoolean(),
            "false" => left.IsBoolean() && !left.AsBoolean(),
            "null" => left.IsNull(),
            _ => left.IsString() && left.AsString() == right,
        };
        return symbol == "!=" ? !same : symbol is "==" or "=" && same;
    }

    private static bool Holds(string symbol, int comparison) => symbol switch
    {
        "==" or "=" => comparison == 0,
        "!=" => comparison != 0,
        "<" => comparison < 0,
        "<=" => comparison <= 0,
        ">" => comparison > 0,
        _ => comparison >= 0,
    };

    private static string Unescape(string part, out bool isPattern)
    {
        isPattern = false;
        if (!part.AsSpan().ContainsAny('\\', '*', '?'))
        {
            return part;
        }

        var text = new StringBuilder(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] == '\\' && i + 1 < part.Length)
            {
                i++;
            }
            else if (part[i] is '*' or '?')
            {
                isPattern = true;
            }

            text.Append(part[i]);
        }

        return text.ToString();
    }

    private static bool Like(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        while (pattern.Length > 0)
        {
            if (pattern[0] == '*')
            {
                for (var i = 0; i <= text.Length; i++)
                {
                    if (Like(text[i..], pattern[1..]))
                    {
                        return true;
                    }
                }

                return false;
            }

            var escaped = pattern[0] == '\\' && pattern.Length > 1;
            if (text.Length == 0 || (pattern[0] != '?' && text[0] != pattern[escaped ? 1 : 0]))
            {
                return false;
            }

            text = text[1..];
            pattern = pattern[(escaped ? 2 : 1)..];
        }

        return text.Length == 0;
    }
}
