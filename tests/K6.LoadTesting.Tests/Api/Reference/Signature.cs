using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace K6.LoadTesting.Tests.Api.Reference;

/// <summary>Public types and members as C# declares them, on one line each.</summary>
internal static class Signature
{
    private static readonly FrozenDictionary<Type, string> Keywords = new Dictionary<Type, string>
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    }.ToFrozenDictionary();

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Whether others can derive from a type, so that its protected members are public too.</summary>
    public static bool IsOpen(Type type) => type is { IsClass: true, IsSealed: false };

    public static bool IsRecord(Type type) => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;

    public static string Of(Type type)
    {
        if (typeof(MulticastDelegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"public delegate {Name(invoke.ReturnParameter)} {Name(type)}({Parameters(invoke, _ => true)})";
        }

        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => (IsReadOnly(type) ? "readonly " : "") + (IsRecord(type) ? "record struct" : "struct"),
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (IsRecord(type) ? "record" : "class"),
        };
        var bases = Bases(type).Select(Name).ToList();
        return $"public {kind} {Name(type)}{(bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}")}";
    }

    public static string Of(MemberInfo member) => Of(member, _ => true);

    /// <summary>A member with some of its parameters.</summary>
    public static string Of(MemberInfo member, Func<ParameterInfo, bool> shows) => member switch
    {
        ConstructorInfo constructor => $"{Access(constructor)} {Name(constructor.DeclaringType!)}({Parameters(constructor, shows)})",
        FieldInfo { DeclaringType.IsEnum: true } field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo field => Of(field),
        PropertyInfo property => Of(property),
        MethodInfo method => Of(method, shows),
        _ => throw new NotSupportedException($"{member.DeclaringType}.{member.Name}: {member.MemberType} is not written yet"),
    };

    /// <summary>Name of a type as code says it, without its namespace.</summary>
    public static string Name(Type type) => Name(type, null);

    private static string Of(FieldInfo field)
    {
        var kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue(), field.FieldType)}" : "";
        return $"{(field.IsPublic ? "public" : "protected")} {kind}{Name(field.FieldType, Nullability.Create(field))} {field.Name}{value}";
    }

    private static string Of(PropertyInfo property)
    {
        var getter = property.GetMethod is { } get && IsVisible(get) ? get : null;
        var setter = property.SetMethod is { } set && IsVisible(set) ? set : null;
        var access = getter ?? setter!;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var parameters = property.GetIndexParameters();
        var name = parameters.Length == 0 ? property.Name : $"this[{string.Join(", ", parameters.Select(Parameter))}]";
        var accessors = (getter is null ? "" : "get; ") + (setter is null ? "" : IsInit(setter) ? "init; " : "set; ");
        return $"{Access(access)} {Modifiers(access)}{required}{Name(property.PropertyType, Nullability.Create(property))} {name} {{ {accessors}}}";
    }

    private static string Of(MethodInfo method, Func<ParameterInfo, bool> shows)
    {
        var name = method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal) ? $"operator {method.Name["op_".Length..]}" : method.Name;
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(one => one.Name))}>" : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Access(method)} {Modifiers(method)}{Name(method.ReturnParameter)} {name}{generic}({extension}{Parameters(method, shows)})";
    }

    public static bool IsVisible(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && IsOpen(method.DeclaringType!));

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Modifiers(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true } => "",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => "abstract ",
        _ when method.GetBaseDefinition().DeclaringType != method.DeclaringType => "override ",
        { IsVirtual: true, IsFinal: false } when IsOpen(method.DeclaringType!) => "virtual ",
        _ => "",
    };

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool IsReadOnly(Type type) => type.IsDefined(typeof(IsReadOnlyAttribute));

    private static IEnumerable<Type> Bases(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetUnderlyingType(type) is { } underlying && underlying != typeof(int) ? [underlying] : [];
        }

        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var interfaces = type.GetInterfaces().Except(inherited).ToList();
        // A record is equatable by being one, and what an interface brings along needs no word.
        return (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [parent] : Array.Empty<Type>())
            .Concat(interfaces
                .Where(one => one.IsVisible && !(IsRecord(type) && one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEquatable<>)))
                .Where(one => !interfaces.Any(other => other != one && other.GetInterfaces().Contains(one)))
                .OrderBy(Name, StringComparer.Ordinal));
    }

    private static string Parameters(MethodBase method, Func<ParameterInfo, bool> shows) => string.Join(", ", method.GetParameters().Where(shows).Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var way = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) => "params ",
            _ => "",
        };
        return $"{way}{Name(parameter)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue, parameter.ParameterType)}" : "")}";
    }

    private static string Name(ParameterInfo parameter)
    {
        var tuples = parameter.GetCustomAttribute<TupleElementNamesAttribute>()?.TransformNames;
        return Name(parameter.ParameterType, Nullability.Create(parameter), tuples is null ? null : new Queue<string?>(tuples));
    }

    private static string Name(Type type, NullabilityInfo? nullability, Queue<string?>? tuples = null)
    {
        var mark = nullability is null || type.IsValueType ? "" : nullability.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!, nullability?.ElementType ?? nullability, tuples);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!, nullability?.ElementType, tuples)}[]{mark}";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Name(underlying, nullability, tuples)}?";
        }

        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword + mark;
        }

        if (type.IsGenericParameter)
        {
            return type.Name + mark;
        }

        var arguments = type.GetGenericArguments();
        var names = arguments
            .Select((argument, i) => (
                Name: tuples is { Count: > 0 } && IsTuple(type) ? tuples.Dequeue() : null,
                Type: argument,
                Nullability: nullability is { GenericTypeArguments: { } inner } && i < inner.Length ? inner[i] : null))
            .ToList();
        if (IsTuple(type))
        {
            return $"({string.Join(", ", names.Select(one => Name(one.Type, one.Nullability, tuples) + (one.Name is null ? "" : $" {one.Name}")))})";
        }

        var name = type.Name.Split('`')[0];
        var generic = arguments.Length == 0 ? "" : $"<{string.Join(", ", names.Select(one => Name(one.Type, one.Nullability, tuples)))}>";
        return $"{(type.IsNested ? $"{Name(type.DeclaringType!)}." : "")}{name}{generic}{mark}";
    }

    private static bool IsTuple(Type type) => type.IsGenericType && typeof(ITuple).IsAssignableFrom(type) && type.IsValueType;

    private static string Literal(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ when (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } words => $"{words.Name}.{Enum.GetName(words, value) ?? value}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
