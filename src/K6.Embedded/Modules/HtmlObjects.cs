using AngleSharp.Dom;
using AngleSharp.Html;
using Jint.Native;
using Jint.Native.Object;
using K6.Embedded.Html;
using K6.Embedded.Http;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>Selections, elements and attributes of <c>k6/html</c> as scripts see them. The functions are those of prototypes, one for each kind of element and realm.</summary>
internal sealed class HtmlObjects
{
    private readonly VuRealm realm;
    private readonly JsObject selections;
    private readonly JsObject elements;
    private readonly JsObject attributes;
    private readonly Dictionary<string, ObjectInstance> kinds = new(StringComparer.Ordinal);

    /// <summary>Makes the prototypes.</summary>
    public HtmlObjects(VuRealm realm)
    {
        this.realm = realm;
        selections = HtmlSelectionFunctions.CreatePrototype(realm, this);
        elements = new JsObject(realm.Engine);
        foreach (var (name, read) in HtmlElementFunctions.OfAll)
        {
            Add(elements, name, read);
        }

        attributes = new JsObject(realm.Engine);
        AddToAttribute("localName", a => new JsString(a.LocalName));
        AddToAttribute("namespaceURI", a => new JsString(a.NamespaceUri ?? a.OwnerElement?.NamespaceUri ?? ""));
        AddToAttribute("prefix", a => new JsString(a.Prefix ?? ""));
    }

    /// <summary>A selection.</summary>
    public HostObject Selection(HtmlSelection selection)
    {
        var result = new HostObject(realm.Engine, selection, selections);
        result.Set("url", new JsString(selection.Page.Url?.Text ?? ""));
        return result;
    }

    /// <summary>One node of a page; undefined for null.</summary>
    public JsValue Element(HtmlPage page, INode? node) =>
        node is null ? JsValue.Undefined : new HostObject(realm.Engine, new HtmlNode(page, node), node is IElement element ? PrototypeOf(element.LocalName) : elements);

    /// <summary>Nodes as an array.</summary>
    public JsArray Array(HtmlPage page, IEnumerable<INode> nodes) => new(realm.Engine, [.. nodes.Select(n => Element(page, n))]);

    /// <summary>Texts as an array.</summary>
    public JsArray Texts(IEnumerable<string> texts) => new(realm.Engine, [.. texts.Select(t => new JsString(t))]);

    /// <summary>An attribute; undefined for null.</summary>
    public JsValue Attribute(IAttr? attribute)
    {
        if (attribute is null)
        {
            return JsValue.Undefined;
        }

        var result = new HostObject(realm.Engine, new HtmlAttribute(attribute), attributes);
        result.Set("name", new JsString(attribute.Name));
        result.Set("value", new JsString(attribute.Value));
        return result;
    }

    /// <summary>An empty object.</summary>
    public JsObject Map() => new(realm.Engine);

    /// <summary>The node that an object stands for; null for anything else.</summary>
    public static INode? NodeOf(JsValue value) => HostObject.Held<HtmlNode>(value)?.Node;

    /// <summary>Parses a page.</summary>
    public HostObject Parse(string html, GoUrl? url)
    {
        var page = HtmlPage.Parse(html, url);
        return Selection(new HtmlSelection(page, [page.Document], null));
    }

    /// <summary>The HTML inside of a node as k6 writes it: quotes are numbers, and the text of a script is escaped where the script itself is not shown.</summary>
    public static string MarkupInside(INode node)
    {
        using var html = new StringWriter();
        foreach (var child in node.ChildNodes)
        {
            if (child is IText text)
            {
                html.Write(K6Markup.Escaped(text.Data));
            }
            else
            {
                child.ToHtml(html, K6Markup.Instance);
            }
        }

        return html.ToString();
    }

    private ObjectInstance PrototypeOf(string tag)
    {
        if (kinds.TryGetValue(tag, out var known))
        {
            return known;
        }

        if (!HtmlElementFunctions.ByTag.TryGetValue(tag, out var functions))
        {
            return kinds[tag] = elements;
        }

        var prototype = new JsObject(realm.Engine);
        prototype.Set("__proto__", elements);
        foreach (var (name, read) in functions)
        {
            Add(prototype, name, read);
        }

        return kinds[tag] = prototype;
    }

    private void Add(JsObject prototype, string name, Func<HtmlObjects, HtmlNode, JsValue[], JsValue> read) => prototype.AddFunction(realm, name, (self, a) =>
        HostObject.Held<HtmlNode>(self) is { } node ? read(this, node, a) : throw realm.TypeError($"{name} is a function of elements"));

    private void AddToAttribute(string name, Func<IAttr, JsValue> read) => attributes.AddFunction(realm, name, (self, _) =>
        HostObject.Held<HtmlAttribute>(self) is { } held ? read(held.Attribute) : throw realm.TypeError($"{name} is a function of attributes"));

    private sealed record HtmlAttribute(IAttr Attribute);

    /// <summary>Go's way of writing HTML.</summary>
    private sealed class K6Markup : HtmlMarkupFormatter
    {
        public static new readonly K6Markup Instance = new();

        public override string Text(ICharacterData text) => text.Parent is IElement { LocalName: "iframe" or "noembed" or "noframes" or "noscript" or "plaintext" or "script" or "style" or "xmp" } ? text.Data : Escaped(text.Data);

        public override string LiteralText(ICharacterData text) => text.Data;

        protected override string Attribute(IAttr attribute) => $"{attribute.Name}=\"{Escaped(attribute.Value)}\"";

        public override string OpenTag(IElement element, bool selfClosing) =>
            element.Flags.HasFlag(NodeFlags.SelfClosing) ? base.OpenTag(element, selfClosing)[..^1] + "/>" : base.OpenTag(element, selfClosing);

        public static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);
    }
}

/// <summary>What an element of a script stands for.</summary>
/// <param name="Page">The page.</param>
/// <param name="Node">The node.</param>
internal sealed record HtmlNode(HtmlPage Page, INode Node)
{
    /// <summary>The node as an element; null for texts and comments.</summary>
    public IElement? Element => Node as IElement;
}
