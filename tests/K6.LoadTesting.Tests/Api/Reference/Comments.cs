using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace K6.LoadTesting.Tests.Api.Reference;

/// <summary>The doc comments of an assembly, as Markdown.</summary>
internal sealed partial class Comments
{
    private readonly Dictionary<string, XElement> _members;
    private readonly Dictionary<string, Type> _types;

    public Comments(Assembly assembly)
    {
        _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace)
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value);
        _types = Surface.Types(assembly).ToDictionary(type => $"T:{Id(type)}");
    }

    /// <summary>The link of a type in these pages.</summary>
    public static string Link(Type type) => $"[{Signature.Name(type)}]({type.Namespace}.md#{Anchor(type)})";

    /// <summary>The summary, and remarks where there are some; empty when nothing was said.</summary>
    public string Summary(MemberInfo member) => Join(Own(member, "summary"), Own(member, "remarks"));

    /// <summary>An example as it was written.</summary>
    public string? Example(MemberInfo member) =>
        _members.GetValueOrDefault(Id(member))?.Element("example")?.Element("code")?.Value is { } code ? Unindent(code) : null;

    /// <summary>What callers have to know besides the summary: parameters, what comes back, what is thrown.</summary>
    public string Details(MethodBase method, Func<ParameterInfo, bool> shows)
    {
        var lines = new List<string>();
        foreach (var parameter in method.GetParameters().Where(shows))
        {
            if (Parameter(method, parameter.Name!) is { Length: > 0 } text)
            {
                lines.Add($"`{parameter.Name}`: {text}");
            }
        }

        if (Own(method, "returns") is { Length: > 0 } returns)
        {
            lines.Add($"Returns: {returns}");
        }

        lines.AddRange(Elements(method, "exception").Select(thrown => $"Throws {Reference(thrown)}: {Text(thrown)}"));
        return string.Join("<br>", lines);
    }

    /// <summary>Text of a parameter; empty when nothing was said.</summary>
    public string Parameter(MemberInfo member, string name) =>
        Elements(member, "param").FirstOrDefault(one => one.Attribute("name")!.Value == name) is { } element ? Text(element) : "";

    private string Own(MemberInfo member, string element)
    {
        if (Elements(member, element).FirstOrDefault() is { } found)
        {
            return Text(found);
        }

        // The comment of a record's parameter is that of the property that it makes.
        return element == "summary" && member is PropertyInfo && Signature.IsRecord(member.DeclaringType!) ? Parameter(member.DeclaringType!, member.Name) : "";
    }

    private IEnumerable<XElement> Elements(MemberInfo member, string name)
    {
        var own = _members.GetValueOrDefault(Id(member));
        if (own is null || own.Elements(name).Any())
        {
            return own?.Elements(name) ?? [];
        }

        if (own.Element("inheritdoc") is not { } inherit)
        {
            return [];
        }

        return inherit.Attribute("cref") is { } cref
            ? _members.GetValueOrDefault(cref.Value)?.Elements(name) ?? []
            : Overridden(member) is { } above ? Elements(above, name) : [];
    }

    private static MemberInfo? Overridden(MemberInfo member)
    {
        var type = member.DeclaringType!;
        foreach (var above in new[] { type.BaseType }.Concat(type.GetInterfaces()).OfType<Type>())
        {
            if (above.GetMember(member.Name) is [var found, ..])
            {
                return found;
            }
        }

        return null;
    }

    private string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal),
                XElement { Name.LocalName: "c" } code => $"`{code.Value.Replace("|", "\\|", StringComparison.Ordinal)}`",
                XElement { Name.LocalName: "see" or "seealso" } see => Reference(see),
                XElement { Name.LocalName: "paramref" or "typeparamref" } name => $"`{name.Attribute("name")!.Value}`",
                XElement { Name.LocalName: "para" } paragraph => $" {Text(paragraph)} ",
                XElement { Name.LocalName: "br" } => "<br>",
                XElement other => throw new NotSupportedException($"<{other.Name}> in a doc comment is not written yet"),
                _ => "",
            });
        }

        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    private string Reference(XElement see)
    {
        if (see.Attribute("langword") is { } word)
        {
            return $"`{word.Value}`";
        }

        if (see.Attribute("href") is { } address)
        {
            return $"[{(see.Value.Length > 0 ? see.Value : address.Value)}]({address.Value})";
        }

        var target = see.Attribute("cref")!.Value;
        if (_types.TryGetValue(target, out var type))
        {
            return Link(type);
        }

        // A member: its name, with that of its type where a reader would not know it.
        var name = target[2..].Split('(')[0].Replace("#ctor", "new", StringComparison.Ordinal);
        return $"`{string.Join('.', name.Split('.')[(target[0] == 'T' ? ^1 : ^2)..])}`";
    }

    private static string Anchor(Type type) => NotInAnchors().Replace(Signature.Name(type), "").ToLowerInvariant();

    private static string Join(params string[] texts) => string.Join(' ', texts.Where(text => text.Length > 0));

    private static string Unindent(string code)
    {
        var lines = code.ReplaceLineEndings("\n").Trim('\n').TrimEnd().Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : ""));
    }

    private static string Id(MemberInfo member) => member switch
    {
        Type type => $"T:{Id(type)}",
        ConstructorInfo constructor => $"M:{Id(constructor.DeclaringType!)}.#ctor{Parameters(constructor.GetParameters())}",
        MethodInfo method => $"M:{Id(method.DeclaringType!)}.{method.Name}{(method.IsGenericMethodDefinition ? $"``{method.GetGenericArguments().Length}" : "")}{Parameters(method.GetParameters())}",
        PropertyInfo property => $"P:{Id(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        FieldInfo field => $"F:{Id(field.DeclaringType!)}.{field.Name}",
        _ => throw new NotSupportedException($"{member.MemberType} {member.Name}"),
    };

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => Id(parameter.ParameterType)))})";

    private static string Id(Type type)
    {
        if (type.IsByRef)
        {
            return $"{Id(type.GetElementType()!)}@";
        }

        if (type.IsArray)
        {
            return $"{Id(type.GetElementType()!)}[]";
        }

        if (type.IsGenericParameter)
        {
            return $"{(type.DeclaringMethod is null ? "`" : "``")}{type.GenericParameterPosition}";
        }

        if (type is { IsGenericType: true, IsGenericTypeDefinition: false })
        {
            return $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0].Replace('+', '.')}{{{string.Join(',', type.GetGenericArguments().Select(Id))}}}";
        }

        return type.FullName!.Replace('+', '.');
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[^\w-]")]
    private static partial Regex NotInAnchors();
}
