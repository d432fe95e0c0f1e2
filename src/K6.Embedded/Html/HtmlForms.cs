using AngleSharp.Dom;

namespace K6.Embedded.Html;

/// <summary>What fields of forms say.</summary>
internal static class HtmlForms
{
    private static readonly string[] NoFields = ["button", "submit", "reset", "image", "file", "checkbox", "radio"];

    /// <summary>The value of a field: a text, a list for a select of several, null for none.</summary>
    public static object? ValueOf(IElement element)
    {
        switch (element.LocalName)
        {
            case "select":
                var chosen = Selected(element).Select(OptionValue).ToArray();
                return element.HasAttribute("multiple") ? chosen : chosen.FirstOrDefault("");
            case "option":
                return OptionValue(element);
            case "textarea":
                return element.TextContent;
            case "button" or "input":
                return element.GetAttribute("value") ?? (element.GetAttribute("type") is "checkbox" or "radio" ? "on" : element.LocalName == "button" ? element.TextContent : "");
            default:
                return null;
        }
    }

    /// <summary>An option's value: its attribute, or its text.</summary>
    public static string OptionValue(IElement option) => option.GetAttribute("value") ?? option.TextContent;

    /// <summary>The options of a select or a datalist.</summary>
    public static IEnumerable<IElement> Options(IElement element) => element.QuerySelectorAll("option");

    /// <summary>The options that are selected.</summary>
    public static IEnumerable<IElement> Selected(IElement select) => Options(select).Where(o => o.HasAttribute("selected"));

    /// <summary>The fields that a form sends, as k6 sees it: with those that are disabled, and without boxes and radio buttons.</summary>
    public static IEnumerable<IElement> Sent(IEnumerable<IElement> elements) => elements
        .SelectMany<IElement, IElement>(e => e.LocalName == "form" ? e.QuerySelectorAll("input,select,textarea,keygen,button") : [e])
        .Where(e => e.LocalName is "input" or "select" or "textarea" or "keygen" && e.HasAttribute("name") && !NoFields.Contains(e.GetAttribute("type")));
}
