using System.Globalization;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Html;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>The functions of selections, which are jQuery's.</summary>
internal sealed class HtmlSelectionFunctions
{
    private readonly VuRealm realm;
    private readonly HtmlObjects objects;

    private HtmlSelectionFunctions(VuRealm realm, HtmlObjects objects)
    {
        this.realm = realm;
        this.objects = objects;
    }

    /// <summary>Makes the prototype of a realm's selections.</summary>
    public static JsObject CreatePrototype(VuRealm realm, HtmlObjects objects)
    {
        var functions = new HtmlSelectionFunctions(realm, objects);
        var prototype = new JsObject(realm.Engine);
        functions.AddWays(prototype);
        functions.AddFilters(prototype);
        functions.AddContents(prototype);
        return prototype;
    }

    private void AddWays(JsObject prototype)
    {
        Select("find", (s, a) => a.Arg(0).IsString() ? s.Find(a[0].AsString()) : s.With(s.Nodes.SelectMany(n => n.Descendants()).Where(IsIn(a.Arg(0), "find"))));
        Select("children", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(n => n.ChildNodes).OfType<IElement>()), a.Arg(0)));
        Select("contents", (s, _) => s.With(s.Nodes.SelectMany(n => n.ChildNodes)));
        Select("parent", (s, a) => Narrowed(s.With(s.Nodes.Select(n => n.Parent).OfType<IElement>()), a.Arg(0)));
        Select("parents", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(Ancestors)), a.Arg(0)));
        Select("parentsUntil", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(n => Until(Ancestors(n), a.Arg(0)))), a.Arg(1)));
        Select("closest", (s, a) => s.With(s.Nodes.Select(n => new[] { n }.Concat(Ancestors(n)).FirstOrDefault(IsIn(a.Arg(0), "closest"))).OfType<INode>()));
        Select("next", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(n => After(n).Take(1))), a.Arg(0)));
        Select("nextAll", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(After)), a.Arg(0)));
        Select("nextUntil", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(n => Until(After(n), a.Arg(0)))), a.Arg(1)));
        Select("prev", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(n => Before(n).Take(1))), a.Arg(0)));
        Select("prevAll", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(Before)), a.Arg(0)));
        Select("prevUntil", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(n => Until(Before(n), a.Arg(0)))), a.Arg(1)));
        Select("siblings", (s, a) => Narrowed(s.With(s.Nodes.SelectMany(n => n.Parent?.ChildNodes.OfType<IElement>().Where(e => e != n) ?? [])), a.Arg(0)));
        Select("add", (s, a) => s.With(s.Nodes.Concat(a.Arg(0).IsString() ? HtmlSelection.All(s.Page.Document, a[0].AsString()) : NodesOf(a.Arg(0)) ?? [])));
        Select("end", (s, _) => s.Previous ?? s.With([]));

        void Select(string name, Func<HtmlSelection, JsValue[], HtmlSelection> select) => Add(prototype, name, (s, a) => objects.Selection(select(s, a)));
    }

    private void AddFilters(JsObject prototype)
    {
        Select("first", (s, _) => s.With(s.Nodes.Take(1)));
        Select("last", (s, _) => s.With(s.Nodes.TakeLast(1)));
        Select("eq", (s, a) => s.With(At(s, Integer(a.Arg(0), 0)) is { } node ? [node] : []));
        Select("slice", (s, a) => s.With(Slice(s.Nodes, Integer(a.Arg(0), 0), Integer(a.Arg(1), s.Nodes.Count))));
        Select("filter", (s, a) => s.With(s.Nodes.Where(Tester(s, a.Arg(0), "filter"))));
        Select("not", (s, a) => s.With(s.Nodes.Where((n, i) => !Tester(s, a.Arg(0), "not")(n, i))));
        Select("has", (s, a) => s.With(s.Nodes.Where(n => n.Descendants().Any(IsIn(a.Arg(0), "has")))));
        Add(prototype, "is", (s, a) => s.Nodes.Where(Tester(s, a.Arg(0), "is")).Any() ? JsBoolean.True : JsBoolean.False);
        Add(prototype, "get", (s, a) => a.Length == 0 ? objects.Array(s.Page, s.Nodes) : objects.Element(s.Page, At(s, Integer(a[0], 0))));
        Add(prototype, "toArray", (s, _) => new JsArray(realm.Engine, [.. s.Nodes.Select(n => objects.Selection(s.With([n])))]));
        Add(prototype, "size", (s, _) => JsNumber.Create(s.Nodes.Count));
        Add(prototype, "index", (s, a) => JsNumber.Create(Index(s, a.Arg(0))));
        Add(prototype, "each", (s, a) =>
        {
            var call = Callback(a.Arg(0), "each");
            for (var i = 0; i < s.Nodes.Count; i++)
            {
                Call(call, "each", JsNumber.Create(i), objects.Element(s.Page, s.Nodes[i]));
            }

            return objects.Selection(s);
        });
        Add(prototype, "map", (s, a) =>
        {
            var call = Callback(a.Arg(0), "map");
            return new JsArray(realm.Engine, [.. s.Nodes.Select((n, i) => Call(call, "map", JsNumber.Create(i), objects.Selection(s.With([n]))))]);
        });

        void Select(string name, Func<HtmlSelection, JsValue[], HtmlSelection> select) => Add(prototype, name, (s, a) => objects.Selection(select(s, a)));
    }

    private void AddContents(JsObject prototype)
    {
        Add(prototype, "text", (s, _) => new JsString(string.Concat(s.Nodes.Select(HtmlElementFunctions.TextOf))));
        Add(prototype, "html", (s, _) => new JsString(s.Nodes.Count == 0 ? "" : HtmlObjects.MarkupInside(s.Nodes[0])));
        Add(prototype, "attr", (s, a) => s.Elements.FirstOrDefault()?.GetAttribute(TypeConverter.ToString(a.Arg(0))) is { } value ? new JsString(value) : a.Arg(1));
        Add(prototype, "data", (s, a) => Data(s, a.Arg(0)));
        Add(prototype, "val", (s, _) => s.Elements.FirstOrDefault() is { } element ? ToJs(HtmlForms.ValueOf(element)) : JsValue.Undefined);
        Add(prototype, "serializeArray", (s, _) => new JsArray(realm.Engine, [.. Fields(s).Select(f =>
        {
            var field = new JsObject(realm.Engine);
            field.Set("name", new JsString(f.Name));
            field.Set("value", f.Value);
            return field;
        })]));
        Add(prototype, "serializeObject", (s, _) => FieldsOf(s));
        Add(prototype, "serialize", (s, _) => new JsString(string.Join('&', Fields(s).OrderBy(f => f.Name, StringComparer.Ordinal).SelectMany(f =>
            (f.Value is ObjectInstance list ? Interop.Items(list).Select(TypeConverter.ToString) : [TypeConverter.ToString(f.Value)]).Select(v => $"{WebUtility.UrlEncode(f.Name)}={WebUtility.UrlEncode(v)}")))));
    }

    /// <summary>The fields that a form sends, with their values.</summary>
    public static IEnumerable<(string Name, JsValue Value)> FieldsOf(Engine engine, IEnumerable<IElement> elements) =>
        HtmlForms.Sent(elements).Select(e => (e.GetAttribute("name")!, ToJs(engine, HtmlForms.ValueOf(e))));

    private IEnumerable<(string Name, JsValue Value)> Fields(HtmlSelection selection) => FieldsOf(realm.Engine, selection.Elements);

    private JsObject FieldsOf(HtmlSelection selection)
    {
        var all = new JsObject(realm.Engine);
        foreach (var (name, value) in Fields(selection))
        {
            all.Set(name, value);
        }

        return all;
    }

    private JsValue ToJs(object? value) => ToJs(realm.Engine, value);

    private static JsValue ToJs(Engine engine, object? value) => value switch
    {
        string text => new JsString(text),
        string[] texts => new JsArray(engine, [.. texts.Select(t => new JsString(t))]),
        _ => JsValue.Undefined,
    };

    private JsValue Data(HtmlSelection selection, JsValue key)
    {
        if (selection.Elements.FirstOrDefault() is not { } element)
        {
            return JsValue.Undefined;
        }

        if (!key.IsUndefined())
        {
            var name = "data-" + Dashed(TypeConverter.ToString(key));
            return element.GetAttribute(name) is { Length: > 0 } value ? Converted(value) : JsValue.Undefined;
        }

        var all = new JsObject(realm.Engine);
        foreach (var attribute in element.Attributes.Where(a => a.Name.StartsWith("data-", StringComparison.Ordinal)))
        {
            all.Set(Camel(attribute.Name["data-".Length..]), attribute.Value.Length == 0 ? JsValue.Undefined : Converted(attribute.Value));
        }

        return all;
    }

    private static string Dashed(string name) => string.Concat(name.Select(c => char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : c.ToString()));

    private static string Camel(string name)
    {
        var text = new StringBuilder();
        var afterDash = false;
        foreach (var c in name)
        {
            if (c != '-')
            {
                text.Append(afterDash ? char.ToUpperInvariant(c) : c);
            }

            afterDash = c == '-';
        }

        return text.ToString();
    }

    private JsValue Converted(string value)
    {
        if (value is "true" or "false")
        {
            return value == "true" ? JsBoolean.True : JsBoolean.False;
        }

        if (value[0] is '{' or '[')
        {
            try
            {
                return new JsonParser(realm.Engine).Parse(value);
            }
            catch (JavaScriptException)
            {
                return new JsString(value);
            }
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? JsNumber.Create(number) : new JsString(value);
    }

    private void Add(JsObject prototype, string name, Func<HtmlSelection, JsValue[], JsValue> function) => prototype.AddFunction(realm, name, (self, a) =>
        HostObject.Held<HtmlSelection>(self) is { } selection ? function(selection, a) : throw realm.TypeError($"{name} is a function of selections"));

    private HtmlSelection Narrowed(HtmlSelection selection, JsValue by) => by.IsNothing() ? selection : selection with { Nodes = [.. selection.Nodes.Where(IsIn(by, "filter"))] };

    private IEnumerable<INode> Until(IEnumerable<INode> nodes, JsValue end) => end.IsNothing() ? nodes : nodes.TakeWhile(n => !IsIn(end, "until")(n));

    private Func<INode, bool> IsIn(JsValue what, string function) =>
        what.IsString() ? node => HtmlSelection.Matches(node, what.AsString())
        : NodesOf(what) is { } nodes ? nodes.Contains
        : throw NoSelector(what, function);

    private Func<INode, int, bool> Tester(HtmlSelection selection, JsValue what, string function)
    {
        if (what.IsCallable())
        {
            return (node, index) => TypeConverter.ToBoolean(Call(what, function, JsNumber.Create(index), objects.Selection(selection.With([node]))));
        }

        var test = IsIn(what, function);
        return (node, _) => test(node);
    }

    private JavaScriptException NoSelector(JsValue what, string function) => realm.GoError(function is "filter" or "is"
        ? $"the argument to {function}() must be a function, a selector or a selection"
        : $"invalid argument, cannot use a '{Interop.GoTypeOf(what)}' as a selector");

    private JsValue Callback(JsValue value, string function) => value.IsCallable() ? value : throw realm.GoError($"the argument to {function}() must be a function");

    private JsValue Call(JsValue callback, string function, params JsValue[] arguments)
    {
        try
        {
            return realm.Engine.Call(callback, JsValue.Undefined, arguments);
        }
        catch (JavaScriptException e)
        {
            throw realm.GoError($"the function passed to {function}() failed: {realm.Stacks.LineOf(e)}");
        }
    }

    private static List<INode>? NodesOf(JsValue value) =>
        HostObject.Held<HtmlSelection>(value) is { } selection ? [.. selection.Nodes] : HtmlObjects.NodeOf(value) is { } node ? [node] : null;

    private static IEnumerable<INode> Ancestors(INode node)
    {
        for (var parent = node.Parent; parent is IElement; parent = parent.Parent)
        {
            yield return parent;
        }
    }

    private static IEnumerable<INode> After(INode node)
    {
        for (var next = node.NextSibling; next is not null; next = next.NextSibling)
        {
            if (next is IElement)
            {
                yield return next;
            }
        }
    }

    private static IEnumerable<INode> Before(INode node)
    {
        for (var previous = node.PreviousSibling; previous is not null; previous = previous.PreviousSibling)
        {
            if (previous is IElement)
            {
                yield return previous;
            }
        }
    }

    private static int Integer(JsValue value, int otherwise)
    {
        var number = value.IsUndefined() ? otherwise : TypeConverter.ToNumber(value);
        return double.IsNaN(number) ? 0 : (int)Math.Clamp(number, int.MinValue, int.MaxValue);
    }

    private static INode? At(HtmlSelection selection, int index) => selection.Nodes.ElementAtOrDefault(index < 0 ? index + selection.Nodes.Count : index);

    private static IEnumerable<INode> Slice(IReadOnlyList<INode> nodes, int from, int to)
    {
        from = Math.Clamp(from < 0 ? from + nodes.Count : from, 0, nodes.Count);
        to = Math.Clamp(to < 0 ? to + nodes.Count : to, from, nodes.Count);
        return nodes.Skip(from).Take(to - from);
    }

    private int Index(HtmlSelection selection, JsValue of)
    {
        if (selection.Nodes.Count == 0)
        {
            return -1;
        }

        return of.IsUndefined() ? Before(selection.Nodes[0]).Count()
            : of.IsString() ? HtmlSelection.All(selection.Page.Document, of.AsString()).ToList().IndexOf((selection.Nodes[0] as IElement)!)
            : NodesOf(of) is { Count: > 0 } nodes ? selection.Nodes.ToList().IndexOf(nodes[0])
            : throw NoSelector(of, "index");
    }
}
