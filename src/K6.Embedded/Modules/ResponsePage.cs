using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using K6.Embedded.Html;
using K6.Embedded.Http;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary><c>response.clickLink()</c> and <c>response.submitForm()</c>: the request that a browser would make of a page.</summary>
internal static class ResponsePage
{
    /// <summary>Follows a link: the first of the page, or the one that <c>selector</c> names.</summary>
    public static JsValue ClickLink(VuRealm realm, HtmlPage page, JsValue arguments)
    {
        var selector = Text(arguments, "selector") ?? "a[href]";
        var link = HtmlSelection.All(page.Document, selector).FirstOrDefault() ?? throw realm.GoError($"no element found for selector '{selector}' in response '{page.Url!.Text}'");
        return link.GetAttribute("href") is { } href
            ? HttpModule.Request(realm, "GET", new JsString(page.Resolve(href)), JsValue.Undefined, Of(arguments, "params"))
            : throw realm.GoError($"no valid href attribute value found on element '{selector}' in response '{page.Url!.Text}'");
    }

    /// <summary>Sends a form with its values, and those of <c>fields</c> in their place.</summary>
    public static JsValue SubmitForm(VuRealm realm, HtmlPage page, JsValue arguments)
    {
        var selector = Text(arguments, "formSelector") ?? "form";
        var forms = HtmlSelection.All(page.Document, selector).ToArray();
        if (forms.Length == 0)
        {
            throw realm.GoError($"no form found for selector '{selector}' in response '{page.Url!.Text}'");
        }

        // k6 sends the fields of all forms that a selector finds, to where the first one goes.
        var values = new JsObject(realm.Engine);
        foreach (var (name, value) in HtmlSelectionFunctions.FieldsOf(realm.Engine, forms))
        {
            values.Set(name, value);
        }

        var submits = Text(arguments, "submitSelector") ?? "[type=\"submit\"]";
        if (forms.SelectMany(f => HtmlSelection.All(f, submits)).FirstOrDefault() is { } submit && submit.GetAttribute("name") is { } pressed)
        {
            values.Set(pressed, new JsString(submit.GetAttribute("value") ?? ""));
        }

        foreach (var (name, value) in Interop.Properties(Of(arguments, "fields")))
        {
            values.Set(name, value);
        }

        var action = forms[0].GetAttribute("action") is { Length: > 0 } given ? page.Resolve(given) : page.Url!.Text;
        var method = forms[0].GetAttribute("method") is { } asked && asked.Equals("post", StringComparison.OrdinalIgnoreCase) ? "POST" : "GET";
        return method == "POST"
            ? HttpModule.Request(realm, method, new JsString(action), Flat(realm, values, Interop.GoText), Of(arguments, "params"))
            : HttpModule.Request(realm, method, new JsString(WithQuery(realm, action, values)), JsValue.Undefined, Of(arguments, "params"));
    }

    private static string WithQuery(VuRealm realm, string action, JsObject values)
    {
        var url = GoUrl.Parse(action);
        var query = System.Text.Encoding.UTF8.GetString(FormBody.Encode(realm, Flat(realm, values, TypeConverter.ToString)).Content);
        var before = action.Split('?', '#')[0];
        return url.Query is { Length: > 0 } own ? $"{before}?{own}&{query}" : $"{before}?{query}";
    }

    /// <summary>k6 sends lists as one text, which differs by the method.</summary>
    private static JsObject Flat(VuRealm realm, JsObject values, Func<JsValue, string> textOf)
    {
        var flat = new JsObject(realm.Engine);
        foreach (var (name, value) in Interop.Properties(values))
        {
            flat.Set(name, value is ObjectInstance list && list.IsArray() ? new JsString(textOf(list)) : value);
        }

        return flat;
    }

    private static JsValue Of(JsValue arguments, string name) => arguments is ObjectInstance given ? given.Get(name) : JsValue.Undefined;

    private static string? Text(JsValue arguments, string name) => Of(arguments, name) is var value && value.IsNothing() ? null : TypeConverter.ToString(value);
}
