using System.Reflection;
using System.Runtime.CompilerServices;

namespace K6.LoadTesting.Tests.Api.Reference;

/// <summary>What users of an assembly can name: its public types and their members, without what the compiler adds to records.</summary>
internal static class Surface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<Type> Types(Assembly assembly) => [.. assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)];

    /// <summary>Constructors, values, properties, methods; by name.</summary>
    public static IReadOnlyList<MemberInfo> Members(Type type)
    {
        if (typeof(MulticastDelegate).IsAssignableFrom(type))
        {
            return [];
        }

        if (type.IsEnum)
        {
            return [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(field => Convert.ToInt64(field.GetRawConstantValue(), null)).ThenBy(field => field.Name, StringComparer.Ordinal)];
        }

        return [.. type.GetMembers(Declared).Where(IsPublic).OrderBy(Kind).ThenBy(member => member.Name, StringComparer.Ordinal).ThenBy(Signature.Of, StringComparer.Ordinal)];
    }

    /// <summary>The whole surface as one text, a declaration a line.</summary>
    public static string Write(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (var space in Types(assembly).GroupBy(type => type.Namespace).OrderBy(space => space.Key, StringComparer.Ordinal))
        {
            lines.Add($"namespace {space.Key}");
            foreach (var type in space)
            {
                lines.Add("");
                lines.Add(Signature.Of(type));
                lines.AddRange(Members(type).Select(member => $"    {Signature.Of(member)}"));
            }

            lines.Add("");
        }

        return string.Join('\n', lines);
    }

    private static bool IsPublic(MemberInfo member) => member switch
    {
        // What a record writes itself, and the copy behind `with`.
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) => false,
        ConstructorInfo constructor => !constructor.IsStatic && Signature.IsVisible(constructor) && !IsEmptyOfStruct(constructor),
        FieldInfo field => field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && Signature.IsOpen(field.DeclaringType!)),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(Signature.IsVisible),
        MethodInfo method => Signature.IsVisible(method)
            && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
            && method.GetBaseDefinition().DeclaringType != typeof(object),
        _ => false,
    };

    private static bool IsEmptyOfStruct(ConstructorInfo constructor) => constructor.DeclaringType!.IsValueType && constructor.GetParameters().Length == 0;

    private static int Kind(MemberInfo member) => member switch
    {
        ConstructorInfo => 0,
        FieldInfo => 1,
        PropertyInfo => 2,
        _ => 3,
    };
}
