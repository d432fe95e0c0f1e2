namespace K6.Conformance.Tests.Server;

/// <summary>Pages of HTML, by the last part of the path.</summary>
internal static class Pages
{
    private const string Links =
        """
        <html><head><title>Links</title></head><body>
        <a href="/end?from=first">first</a> <a id="second" href="second?x=1">second</a> <a id="none">none</a> <a id="other" href="http://127.0.0.1:1/x">other</a>
        </body></html>
        """;

    private const string Forms =
        """
        <html><body>
        <form id="get" action="/end"><input name="q" value="a b"><input type="checkbox" name="c" value="1" checked><input type="checkbox" name="d"><input type="submit" name="s" value="Go"><input name="off" value="x" disabled></form>
        <form id="post" method="post" action="/end"><input name="user" value="u"><input type="password" name="pw"><textarea name="t">text</textarea>
        <select name="o"><option value="1">one</option><option value="2" selected>two</option></select><select name="m" multiple><option selected>x</option><option selected>y</option></select>
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked><button type="submit" name="b" value="press">Send</button></form>
        <form id="bare"><input name="x" value="1"></form>
        </body></html>
        """;

    /// <summary>A page.</summary>
    public static string Of(string name) => name == "forms" ? Forms : Links;
}
