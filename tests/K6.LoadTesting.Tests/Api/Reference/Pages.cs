using System.Reflection;
using System.Runtime.CompilerServices;

namespace K6.LoadTesting.Tests.Api.Reference;

/// <summary>Writes <c>docs/api</c>: a page a namespace, and one that lists them.</summary>
internal static class Pages
{
    /// <summary>Text of each page by its file name.</summary>
    public static IReadOnlyDictionary<string, string> Write(Assembly assembly)
    {
        var comments = new Comments(assembly);
        var spaces = Surface.Types(assembly).GroupBy(type => type.Namespace!).OrderBy(space => space.Key, StringComparer.Ordinal).ToList();
        var pages = spaces.ToDictionary(space => $"{space.Key}.md", space => Page(space.Key, space, comments));
        pages["README.md"] = Index(assembly, spaces, comments);
        return pages;
    }

    /// <summary>Public types and members that no comment says anything about.</summary>
    public static IReadOnlyList<string> Uncommented(Assembly assembly)
    {
        var comments = new Comments(assembly);
        return
        [
            .. from type in Surface.Types(assembly)
               from member in Surface.Members(type).Where(member => member is not ConstructorInfo || !Signature.IsRecord(type)).Prepend(type)
               where !(member is ConstructorInfo constructor && constructor.GetParameters().Length == 0) && comments.Summary(member).Length == 0
               select member == type ? type.FullName! : $"{type.FullName}.{member.Name}",
        ];
    }

    private static string Index(Assembly assembly, List<IGrouping<string, Type>> spaces, Comments comments)
    {
        var lines = new List<string>
        {
            $"# API of {assembly.GetName().Name}",
            "",
            "Generated from the doc comments. Begin with [load tests in C#](../csharp.md); every declaration in one file is [PublicAPI.txt](../../src/K6.LoadTesting/PublicAPI.txt).",
        };
        foreach (var space in spaces)
        {
            lines.AddRange("", $"## [{space.Key}]({space.Key}.md)", "", "| type | |", "| --- | --- |");
            lines.AddRange(space.Select(type => $"| {Comments.Link(type)} | {FirstSentence(comments.Summary(type))} |"));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Page(string name, IEnumerable<Type> types, Comments comments)
    {
        var lines = new List<string> { $"# {name}", "", "[All types](README.md)" };
        foreach (var type in types)
        {
            lines.AddRange("", $"## {Signature.Name(type)}", "", "```csharp", Signature.Of(type), "```", "", comments.Summary(type));
            if (comments.Example(type) is { } example)
            {
                lines.AddRange("", "```csharp", example, "```");
            }

            var members = Surface.Members(type).Where(member => !IsPlain(member, type)).ToList();
            if (members.Count > 0)
            {
                lines.AddRange("", "| member | |", "| --- | --- |");
                lines.AddRange(members.Select(member => $"| `{Signature.Of(member, IsWritten).Replace("|", "\\|", StringComparison.Ordinal)}` | {Text(member, comments)} |"));
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>A constructor that says nothing: of an object whose properties are set, or of a record, whose properties are its parameters.</summary>
    private static bool IsPlain(MemberInfo member, Type type) =>
        member is ConstructorInfo constructor && (constructor.GetParameters().Length == 0 || Signature.IsRecord(type));

    /// <summary>Whether callers write an argument; of others the compiler fills in the file and the line of the call.</summary>
    private static bool IsWritten(ParameterInfo parameter) => !parameter.IsDefined(typeof(CallerFilePathAttribute)) && !parameter.IsDefined(typeof(CallerLineNumberAttribute));

    private static string Text(MemberInfo member, Comments comments)
    {
        var details = member is MethodBase method ? comments.Details(method, IsWritten) : "";
        return comments.Summary(member) + (details.Length > 0 ? $"<br>{details}" : "");
    }

    private static string FirstSentence(string text) =>
        text.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? text[..(end + 1)] : text;
}
