using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using K6.Embedded.Http;

namespace K6.Embedded.Html;

/// <summary>A page and where it came from.</summary>
/// <param name="Document">The page.</param>
/// <param name="Url">Its address, against which links are resolved; null for one that was parsed from a text.</param>
internal sealed record HtmlPage(IDocument Document, GoUrl? Url)
{
    /// <summary>Parses a page.</summary>
    public static HtmlPage Parse(string html, GoUrl? url) => new(new HtmlParser().ParseDocument(html), url);

    /// <summary>A link as an absolute address, where the page has one.</summary>
    public string Resolve(string link)
    {
        try
        {
            return Url is null ? link : Url.Resolve(link).Text;
        }
        catch (FormatException)
        {
            return link;
        }
    }
}

/// <summary>Nodes of a page, in order and each once.</summary>
/// <param name="Page">The page.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="Previous">The selection that it was made from; null for the first.</param>
internal sealed record HtmlSelection(HtmlPage Page, IReadOnlyList<INode> Nodes, HtmlSelection? Previous)
{
    /// <summary>The elements among the nodes.</summary>
    public IEnumerable<IElement> Elements => Nodes.OfType<IElement>();

    /// <summary>Other nodes of the same page; repeated ones are left out.</summary>
    public HtmlSelection With(IEnumerable<INode> nodes) => new(Page, [.. nodes.Distinct()], this);

    /// <summary>What a selector finds below the nodes, in the order of the page.</summary>
    public HtmlSelection Find(string selector) => With(Nodes.SelectMany(node => All(node, selector)));

    /// <summary>The elements below a node that a selector finds; a selector that is none finds nothing.</summary>
    public static IEnumerable<IElement> All(INode node, string selector)
    {
        try
        {
            return node is IParentNode parent && selector.Length > 0 ? parent.QuerySelectorAll(selector) : [];
        }
        catch (DomException)
        {
            return [];
        }
    }

    /// <summary>Whether a node is an element that a selector means; a selector that is none means nothing.</summary>
    public static bool Matches(INode node, string selector)
    {
        try
        {
            return node is IElement element && selector.Length > 0 && element.Matches(selector);
        }
        catch (DomException)
        {
            return false;
        }
    }
}
