using System.Globalization;
using AngleSharp.Dom;
using Jint.Native;
using Jint.Runtime;
using K6.Embedded.Html;
using K6.Embedded.Http;
using Read = System.Func<K6.Embedded.Modules.HtmlObjects, K6.Embedded.Modules.HtmlNode, Jint.Native.JsValue[], Jint.Native.JsValue>;

namespace K6.Embedded.Modules;

/// <summary>The functions of elements: those that all have, and those of each kind, which read attributes for the most part.</summary>
internal static class HtmlElementFunctions
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";
    private static readonly string[] Encodings = [UrlEncoded, "multipart/form-data", "text/plain"];
    private static readonly string[] Methods = ["get", "post", "dialog"];
    private static readonly string[] CrossOrigins = ["anonymous", "use-credentials"];

    private static readonly string[] InputTypes =
    [
        "button", "checkbox", "color", "date", "datetime", "datetime-local", "email", "file", "hidden", "image", "month", "number", "password", "radio", "range", "reset", "search",
        "submit", "tel", "text", "time", "url", "week",
    ];

    private static readonly (string, Read)[] Link =
    [
        Text("accessKey"), Text("download"), Text("hrefLang"), Text("referrerPolicy"), Text("rel"), Text("target"), Text("type"), RelList,
        ("text", (_, n, _) => new JsString(TextOf(n.Node))),
        ("href", (_, n, _) => new JsString(HrefOf(n))),
        Part("hash", u => u.Fragment is { Length: > 0 } hash ? "#" + hash : ""),
        Part("host", u => u.Host),
        Part("hostname", u => u.HostName),
        Part("origin", u => u.Scheme.Length == 0 ? "" : $"{u.Scheme}://{u.Host}"),
        Part("password", u => u.UserInfo?.Split(':', 2) is [_, var password] ? Uri.UnescapeDataString(password) : ""),
        Part("pathname", u => u.Path),
        Part("port", u => u.Host.Length > u.HostName.Length ? u.Host[(u.Host.LastIndexOf(':') + 1)..] : ""),
        Part("protocol", u => u.Scheme, ":"),
        Part("search", u => u.Query is null ? "" : "?" + u.Query),
        Part("username", u => Uri.UnescapeDataString(u.UserInfo?.Split(':', 2)[0] ?? "")),
    ];

    private static readonly (string, Read)[] Media =
    [
        Flag("autoplay"), Flag("controls"), Choice("crossOrigin", null, CrossOrigins), Text("currentSrc", "src"), Flag("defaultMuted", "muted"), Flag("loop"), Text("mediaGroup"), Flag("muted"),
        Choice("preload", "auto", ["none", "metadata", "auto"]), Text("src"), All("textTracks", "track"),
    ];

    private static readonly (string, Read)[] Cell = [Count("colSpan", 1), Text("headers"), Count("rowSpan", 1), ("cellIndex", (_, n, _) => JsNumber.Create(Before(n.Element!, "td", "th")))];

    private static readonly (string, Read)[] FormField =
    [
        Form, Labels, Text("formAction"), Choice("formEnctype", UrlEncoded, Encodings), Choice("formMethod", "get", Methods), Flag("formNoValidate"), Text("formTarget"), Text("name"),
    ];

    /// <summary>The functions that every node has.</summary>
    public static IReadOnlyList<(string Name, Read Read)> OfAll { get; } =
    [
        ("attributes", (o, n, _) => Attributes(o, n)),
        ("childElementCount", (_, n, _) => JsNumber.Create(n.Node.ChildNodes.OfType<IElement>().Count())),
        ("childNodes", (o, n, _) => o.Array(n.Page, n.Node.ChildNodes)),
        ("children", (o, n, _) => o.Array(n.Page, n.Node.ChildNodes.OfType<IElement>())),
        ("classList", (o, n, _) => o.Texts(n.Element?.ClassList ?? Enumerable.Empty<string>())),
        ("className", (_, n, _) => TextOrUndefined(n.Element?.GetAttribute("class"))),
        ("contains", (_, n, a) => Truth(HtmlObjects.NodeOf(a.Arg(0)) is { } other && n.Node != other && n.Node.Contains(other))),
        ("firstChild", (o, n, _) => o.Element(n.Page, n.Node.FirstChild)),
        ("firstElementChild", (o, n, _) => o.Element(n.Page, n.Node.ChildNodes.OfType<IElement>().FirstOrDefault())),
        ("getAttribute", (_, n, a) => TextOrUndefined(n.Element?.GetAttribute(TypeConverter.ToString(a.Arg(0))))),
        ("getAttributeNode", (o, n, a) => o.Attribute(n.Element?.Attributes.GetNamedItem(TypeConverter.ToString(a.Arg(0))))),
        ("getElementsByClassName", (o, n, a) => o.Array(n.Page, n.Element?.GetElementsByClassName(TypeConverter.ToString(a.Arg(0))) ?? Enumerable.Empty<INode>())),
        ("getElementsByTagName", (o, n, a) => o.Array(n.Page, n.Element?.GetElementsByTagName(TypeConverter.ToString(a.Arg(0))) ?? Enumerable.Empty<INode>())),
        ("hasAttribute", (_, n, a) => Truth(n.Element?.HasAttribute(TypeConverter.ToString(a.Arg(0))) == true)),
        ("hasAttributes", (_, n, _) => Truth(n.Element?.Attributes.Length > 0)),
        ("hasChildNodes", (_, n, _) => Truth(n.Node.HasChildNodes)),
        ("id", (_, n, _) => new JsString(n.Element?.GetAttribute("id") ?? "")),
        ("innerHTML", (_, n, _) => new JsString(HtmlObjects.MarkupInside(n.Node))),
        ("isDefaultNamespace", (_, n, _) => Truth(NamespaceOf(n.Node) == NamespaceNames.HtmlUri)),
        ("isEqualNode", (_, n, a) => Truth(HtmlObjects.NodeOf(a.Arg(0)) is { } other && n.Node.Equals(other))),
        ("isSameNode", (_, n, a) => Truth(HtmlObjects.NodeOf(a.Arg(0)) == n.Node)),
        ("lang", (_, n, _) => TextOrUndefined(n.Element?.GetAttribute("lang"))),
        ("lastChild", (o, n, _) => o.Element(n.Page, n.Node.LastChild)),
        ("lastElementChild", (o, n, _) => o.Element(n.Page, n.Node.ChildNodes.OfType<IElement>().LastOrDefault())),
        ("matches", (_, n, a) => Truth(HtmlSelection.Matches(n.Node, TypeConverter.ToString(a.Arg(0))))),
        ("namespaceURI", (_, n, _) => new JsString(NamespaceOf(n.Node))),
        ("nextElementSibling", (o, n, _) => o.Element(n.Page, Next(n.Node, s => s.NextSibling))),
        ("nextSibling", (o, n, _) => o.Element(n.Page, n.Node.NextSibling)),
        ("nodeName", (_, n, _) => new JsString(NameOf(n.Node))),
        ("nodeType", (_, n, _) => JsNumber.Create((int)n.Node.NodeType)),
        ("nodeValue", (_, n, _) => TextOrUndefined(n.Node is IText text ? text.Data : n.Node is IComment ? "" : null)),
        ("ownerDocument", (o, n, _) => o.Element(n.Page, n.Node.Owner)),
        ("parentElement", (o, n, _) => o.Element(n.Page, n.Node.ParentElement)),
        ("parentNode", (o, n, _) => o.Element(n.Page, n.Node.Parent)),
        ("previousElementSibling", (o, n, _) => o.Element(n.Page, Next(n.Node, s => s.PreviousSibling))),
        ("previousSibling", (o, n, _) => o.Element(n.Page, n.Node.PreviousSibling)),
        ("querySelector", (o, n, a) => o.Element(n.Page, HtmlSelection.All(n.Node, TypeConverter.ToString(a.Arg(0))).FirstOrDefault())),
        ("querySelectorAll", (o, n, a) => o.Array(n.Page, HtmlSelection.All(n.Node, TypeConverter.ToString(a.Arg(0))))),
        ("selection", (o, n, _) => o.Selection(new HtmlSelection(n.Page, [n.Node], null))),
        ("textContent", (_, n, _) => new JsString(TextOf(n.Node))),
        ("toString", (_, n, _) => new JsString(n.Node is IElement ? "[object html.Node]" : $"[object {NameOf(n.Node)}]")),
    ];

    /// <summary>What elements of each kind have besides.</summary>
    public static IReadOnlyDictionary<string, (string Name, Read Read)[]> ByTag { get; } = new Dictionary<string, (string, Read)[]>(StringComparer.Ordinal)
    {
        ["a"] = Link,
        ["area"] = Link,
        ["audio"] = Media,
        ["base"] = [Text("href"), Text("target")],
        ["button"] = [.. FormField, Text("accessKey"), Flag("autofocus"), Flag("disabled"), Count("tabIndex", 0), Choice("type", "submit", ["button", "menu", "reset", "submit"]), Value(TextOf)],
        ["canvas"] = [Count("height", 150), Count("width", 150)],
        ["col"] = [Count("span", 1)],
        ["data"] = [Text("value")],
        ["datalist"] = [All("options", "option")],
        ["del"] = [Text("cite"), Text("datetime")],
        ["embed"] = [Text("height"), Text("src"), Text("type"), Text("width")],
        ["fieldset"] = [Flag("disabled"), Elements, Form, Text("name"), Always("type", "fieldset"), ("validity", (_, _, _) => JsValue.Undefined)],
        ["form"] =
        [
            Text("acceptCharset", "accept-charset"), Text("action"), Choice("autocomplete", "on", ["on", "off"]), Elements, Choice("encoding", UrlEncoded, Encodings, "enctype"), Choice("enctype", UrlEncoded, Encodings),
            ("length", (_, n, _) => JsNumber.Create(ElementsOf(n.Element!).Count())), Choice("method", "get", Methods), Text("name"), Flag("noValidate"), Text("target"),
        ],
        ["iframe"] = [Flag("allowfullscreen"), Text("height"), Text("name"), Text("referrerPolicy"), Text("src"), Text("width")],
        ["img"] =
        [
            Text("alt"), Choice("crossOrigin", null, CrossOrigins), Text("currentSrc", "src"), Count("height", 0), Flag("isMap"), Text("name"), Text("referrerPolicy"), Text("sizes"), Text("src"), Text("srcset"), Text("useMap"),
            Count("width", 0),
        ],
        ["input"] =
        [
            .. FormField, Text("accept"), Text("accessKey"), Text("alt"), Choice("autocomplete", "on", ["on", "off"]), Flag("autofocus"), Flag("checked"), Flag("defaultChecked", "checked"), Text("defaultValue", "value"), Text("dirName"),
            Flag("disabled"), Text("height"), ("list", (o, n, _) => ById(o, n, "list")), Text("max"), Count("maxLength", -1), Text("min"), Flag("multiple"), Text("pattern"), Text("placeholder"), Flag("readonly"), Flag("required"),
            Count("size", 0), Text("src"), Text("step"), Count("tabIndex", 0), Choice("type", "text", InputTypes), Text("value"), Text("width"),
        ],
        ["ins"] = [Text("cite"), Text("datetime")],
        ["keygen"] = [Flag("autofocus"), Text("challenge"), Flag("disabled"), Form, Choice("keytype", "RSA", ["RSA", "DSA", "EC"]), Labels, Text("name"), Always("type", "keygen")],
        ["label"] = [("control", (o, n, _) => o.Element(n.Page, ControlOf(n.Element!))), Form, Text("htmlFor", "for")],
        ["legend"] = [Text("accessKey"), Form],
        ["li"] = [Choice("type", "", ["1", "A", "a", "I", "i", "disc", "square", "circle"]), Count("value", 0)],
        ["link"] = [Choice("crossOrigin", null, CrossOrigins), Text("href"), Text("hreflang"), Text("media"), Text("referrerPolicy"), Text("rel"), RelList, Text("target"), Text("type")],
        ["map"] = [All("areas", "area"), ("images", (o, n, _) => o.Array(n.Page, n.Element!.GetAttribute("name") is { } name ? HtmlSelection.All(n.Page.Document, $"img[usemap=\"#{name}\"],object[usemap=\"#{name}\"]") : [])), Text("name")],
        ["meta"] = [Text("content"), Choice("httpEquiv", "content-type", ["content-type", "default-style", "refresh"], "http-equiv"), Text("name")],
        ["meter"] = [Number("high"), Labels, Number("low"), Number("max"), Number("min"), Number("optimum")],
        ["object"] = [Text("data"), Form, Text("height"), Text("name"), Count("tabIndex", 0), Text("type"), Flag("typeMustMatch"), Text("useMap"), Text("width")],
        ["ol"] = [Flag("reversed"), Count("start", 0), Choice("type", "1", ["1", "a", "A", "i", "I"])],
        ["optgroup"] = [Flag("disabled"), Text("label")],
        ["option"] =
        [
            Flag("defaultSelected", "selected"), Flag("disabled"), Form, ("index", (_, n, _) => JsNumber.Create(IndexOf(n.Element!))), ("label", (_, n, _) => new JsString(n.Element!.GetAttribute("label") ?? TextOf(n.Node))), Flag("selected"),
            ("text", (_, n, _) => new JsString(TextOf(n.Node))), Value(TextOf),
        ],
        ["output"] = [("defaultValue", (_, n, _) => new JsString(TextOf(n.Node))), Form, Text("htmlFor", "for"), Labels, Text("name"), Always("type", "output"), ("value", (_, n, _) => new JsString(TextOf(n.Node)))],
        ["param"] = [Text("name"), Text("value")],
        ["pre"] = [Text("name"), Text("value")],
        ["progress"] = [Labels, Number("max", 1), ("position", (_, n, _) => JsNumber.Create(Progress(n.Element!) ?? -1)), ("value", (_, n, _) => JsNumber.Create(Progress(n.Element!) ?? 0))],
        ["script"] = [Flag("async"), Text("charset"), Text("crossOrigin"), Flag("defer"), Flag("noModule"), Text("src"), ("text", (_, n, _) => new JsString(TextOf(n.Node))), Text("type")],
        ["select"] =
        [
            Flag("autofocus"), Flag("disabled"), Form, Labels, ("length", (_, n, _) => JsNumber.Create(HtmlForms.Options(n.Element!).Count())), Flag("multiple"), Text("name"), All("options", "option"), Flag("required"),
            ("selectedIndex", (_, n, _) => JsNumber.Create(Chosen(n.Element!) is { } chosen ? IndexOf(chosen) : -1)), ("selectedOptions", (o, n, _) => o.Array(n.Page, HtmlForms.Selected(n.Element!))),
            ("size", (_, n, _) => JsNumber.Create(n.Element!.HasAttribute("multiple") ? 4 : 1)), Count("tabIndex", 0),
            ("type", (_, n, _) => new JsString(n.Element!.HasAttribute("multiple") ? "select-multiple" : "select")), ("value", (_, n, _) => new JsString(Chosen(n.Element!) is { } chosen ? HtmlForms.OptionValue(chosen) : "")),
        ],
        ["source"] = [Text("keySystem"), Text("media"), Text("sizes"), Text("src"), Text("srcset"), Text("type")],
        ["style"] = [Text("media"), Text("type", "type", "text/css")],
        ["table"] =
        [
            First("caption", "caption"), All("rows", "tr"), Flag("sortable"), All("tBodies", "tbody"), First("tFoot", "tfoot"), First("tHead", "thead"),
        ],
        ["tbody"] = [All("rows", "tr")],
        ["td"] = Cell,
        ["textarea"] =
        [
            Text("accessKey"), Choice("autocapitalize", "sentences", ["none", "off", "characters", "words", "sentences"]), Choice("autocomplete", "on", ["on", "off"]), Count("cols", 0), Text("defaultValue", "value"), Form, Labels,
            ("length", (_, n, _) => JsNumber.Create((n.Element!.GetAttribute("value") ?? "").Length)), Count("maxLength", 0), Text("placeholder"), Flag("readOnly"), Flag("required"), Count("rows", 0), Count("tabIndex", 0),
            Always("type", "textarea"), Text("value"), Choice("wrap", "soft", ["soft", "hard", "off"]),
        ],
        ["tfoot"] = [All("rows", "tr")],
        ["th"] = [.. Cell, Text("abbr"), Choice("scope", "", ["row", "col", "colgroup", "rowgroup"]), Flag("sorted")],
        ["thead"] = [All("rows", "tr")],
        ["time"] = [Text("datetime")],
        ["title"] = [("text", (_, n, _) => new JsString(TextOf(n.Node)))],
        ["tr"] =
        [
            All("cells", "td,th"), ("rowIndex", (_, n, _) => JsNumber.Create(RowIndex(n.Element!, "table"))), ("sectionRowIndex", (_, n, _) => JsNumber.Create(RowIndex(n.Element!, "tbody,thead,tfoot"))),
        ],
        ["track"] = [Flag("default"), Choice("kind", "subtitle", ["subtitle", "captions", "descriptions", "chapters", "metadata"]), Text("label"), Text("src"), Text("srclang")],
        ["ul"] = [Text("type")],
        ["video"] = Media,
    };

    private static (string, Read) RelList => ("relList", (o, n, _) => o.Texts((n.Element!.GetAttribute("rel") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private static (string, Read) Form => ("form", (o, n, _) => o.Element(n.Page, n.Element!.GetAttribute("form") is { } id ? n.Page.Document.GetElementById(id) : n.Element.Closest("form")));

    private static (string, Read) Labels => ("labels", (o, n, _) => o.Array(n.Page, LabelsOf(n)));

    private static (string, Read) Elements => ("elements", (o, n, _) => o.Array(n.Page, ElementsOf(n.Element!)));

    /// <summary>The text of a node and of all below it.</summary>
    public static string TextOf(INode node) => node is IText text ? text.Data : string.Concat(node.Descendants<IText>().Select(t => t.Data));

    private static string NameOf(INode node) => node switch
    {
        IDocument => "#document",
        IElement element => element.LocalName,
        IComment => "#comment",
        IText => "#text",
        _ => node.NodeName,
    };

    private static string NamespaceOf(INode node) => (node as IElement)?.NamespaceUri ?? "";

    private static INode? Next(INode node, Func<INode, INode?> step)
    {
        var next = step(node);
        while (next is not null and not IElement)
        {
            next = step(next);
        }

        return next;
    }

    private static JsObject Attributes(HtmlObjects objects, HtmlNode node)
    {
        var result = objects.Map();
        foreach (var attribute in node.Element?.Attributes ?? Enumerable.Empty<IAttr>())
        {
            result.Set(attribute.Name, objects.Attribute(attribute));
        }

        return result;
    }

    private static JsBoolean Truth(bool value) => value ? JsBoolean.True : JsBoolean.False;

    private static JsValue TextOrUndefined(string? text) => text is null ? JsValue.Undefined : new JsString(text);

    private static (string, Read) Text(string name, string? attribute = null, string otherwise = "") =>
        (name, (_, n, _) => new JsString(n.Element!.GetAttribute(attribute ?? name.ToLowerInvariant()) ?? otherwise));

    private static (string, Read) Value(Func<INode, string> otherwise) => ("value", (_, n, _) => new JsString(n.Element!.GetAttribute("value") ?? otherwise(n.Node)));

    private static (string, Read) Always(string name, string value) => (name, (_, _, _) => new JsString(value));

    private static (string, Read) Flag(string name, string? attribute = null) => (name, (_, n, _) => Truth(n.Element!.HasAttribute(attribute ?? name.ToLowerInvariant())));

    private static (string, Read) Count(string name, int otherwise) =>
        (name, (_, n, _) => JsNumber.Create(int.TryParse(n.Element!.GetAttribute(name.ToLowerInvariant()), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : otherwise));

    private static (string, Read) Number(string name, double otherwise = 0) => (name, (_, n, _) => JsNumber.Create(NumberOf(n.Element!, name) ?? otherwise));

    private static (string, Read) Choice(string name, string? otherwise, string[] known, string? attribute = null) =>
        (name, (_, n, _) => n.Element!.GetAttribute(attribute ?? name.ToLowerInvariant()) is { } value && known.Contains(value) ? new JsString(value) : TextOrUndefined(otherwise));

    private static (string, Read) All(string name, string selector) => (name, (o, n, _) => o.Array(n.Page, HtmlSelection.All(n.Node, selector)));

    private static (string, Read) First(string name, string selector) => (name, (o, n, _) => o.Element(n.Page, HtmlSelection.All(n.Node, selector).FirstOrDefault()));

    private static (string, Read) Part(string name, Func<GoUrl, string> part, string otherwise = "") => (name, (_, n, _) => new JsString(PartOf(HrefOf(n), part, otherwise)));

    private static string PartOf(string href, Func<GoUrl, string> part, string otherwise)
    {
        try
        {
            return href.Length == 0 ? otherwise : part(GoUrl.Parse(href));
        }
        catch (FormatException)
        {
            return "";
        }
    }

    private static string HrefOf(HtmlNode node) => node.Element!.GetAttribute("href") is { } href ? node.Page.Resolve(href) : "";

    private static double? NumberOf(IElement element, string attribute) =>
        double.TryParse(element.GetAttribute(attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Progress(IElement element) => NumberOf(element, "value") is { } value ? value / (NumberOf(element, "max") ?? 1) : null;

    private static int Before(IElement element, params string[] tags)
    {
        var count = 0;
        for (var previous = element.PreviousElementSibling; previous is not null; previous = previous.PreviousElementSibling)
        {
            count += tags.Contains(previous.LocalName) ? 1 : 0;
        }

        return count;
    }

    private static int RowIndex(IElement row, string within) => row.Closest(within) is { } around ? HtmlSelection.All(around, "tr").TakeWhile(r => r != row).Count() : 0;

    private static int IndexOf(IElement option) => option.Closest("select") is { } select ? HtmlForms.Options(select).TakeWhile(o => o != option).Count() : 0;

    private static IElement? Chosen(IElement select) => HtmlForms.Selected(select).FirstOrDefault();

    private static IEnumerable<IElement> ElementsOf(IElement form) => HtmlSelection.All(form, "button,fieldset,input,keygen,object,select,textarea");

    private static JsValue ById(HtmlObjects objects, HtmlNode node, string attribute) =>
        node.Element!.GetAttribute(attribute) is { } id ? objects.Element(node.Page, node.Page.Document.GetElementById(id)) : JsValue.Undefined;

    private static IElement? ControlOf(IElement label) => label.GetAttribute("for") is { } id ? label.Owner!.GetElementById(id) : null;

    private static IEnumerable<INode> LabelsOf(HtmlNode node)
    {
        var id = node.Element!.GetAttribute("id");
        return HtmlSelection.All(node.Page.Document, "label").Where(l => (id is not null && l.GetAttribute("for") == id) || l.Contains(node.Node));
    }
}
