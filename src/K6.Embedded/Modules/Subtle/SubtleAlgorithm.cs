using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace K6.Embedded.Modules.Subtle;

/// <summary>The algorithm argument of an operation: a name, or an object with a name and parameters.</summary>
internal sealed class SubtleAlgorithm
{
    private readonly ObjectInstance? parameters;

    private SubtleAlgorithm(string name, ObjectInstance? parameters)
    {
        Name = name;
        this.parameters = parameters;
    }

    /// <summary>The name in capitals.</summary>
    public string Name { get; }

    /// <summary>Whether it is an object, so that its parameters are asked for.</summary>
    public bool IsObject => parameters is not null;

    /// <summary>The modes of AES.</summary>
    public bool IsAes => Name is "AES-CBC" or "AES-CTR" or "AES-GCM" or "AES-KW";

    /// <summary>ECDSA or ECDH.</summary>
    public bool IsElliptic => Name is "ECDSA" or "ECDH";

    /// <summary>One of the three RSA schemes.</summary>
    public bool IsRsa => Name is "RSA-OAEP" or "RSA-PSS" or "RSASSA-PKCS1-V1_5";

    /// <summary>The name as keys have it.</summary>
    public string KeyName => Name == "RSASSA-PKCS1-V1_5" ? "RSASSA-PKCS1-v1_5" : Name;

    /// <summary>Reads an argument.</summary>
    /// <exception cref="SubtleException">It is neither a text nor an object.</exception>
    public static SubtleAlgorithm Of(JsValue value) => value switch
    {
        _ when value.IsString() => new SubtleAlgorithm(value.AsString().ToUpperInvariant(), null),
        ObjectInstance o => new SubtleAlgorithm(o.Get("name") is var name && name.IsString() ? name.AsString().ToUpperInvariant() : "", o),
        _ => throw new SubtleException("SyntaxError", "algorithm cannot be interpreted as a string or an object"),
    };

    /// <summary>A parameter; undefined when it is not there.</summary>
    public JsValue Get(string parameter) => parameters?.Get(parameter) ?? JsValue.Undefined;

    /// <summary>The bytes of a parameter, also of a text; null for none.</summary>
    public byte[]? Bytes(string parameter) => Get(parameter) is var value && value.IsString() ? Interop.BytesOf(value) : Interop.WholeBuffer(value);

    /// <summary>A parameter that must be there.</summary>
    public JsValue Need(string parameter) => Get(parameter) is var value && !value.IsNothing() ? value : throw SubtleException.Missing(parameter);

    /// <summary>A whole number; 0 for what is none.</summary>
    public int Integer(string parameter) => ToInteger(Get(parameter));

    /// <summary>A value as a whole number; 0 for what is none.</summary>
    public static int ToInteger(JsValue value) => value.IsObject() || value.IsSymbol() ? 0 : TypeConverter.ToInt32(value);

    /// <summary>The hash that <c>hash</c> names.</summary>
    /// <param name="operation">Which operation asks, for the message.</param>
    public string Hash(string operation)
    {
        var name = Of(Need("hash")).Name;
        return Hashes.IsKnown(name) ? name : throw SubtleException.NotSupported(name, operation);
    }

    /// <summary>The curve that <c>namedCurve</c> names.</summary>
    public string Curve()
    {
        var name = TypeConverter.ToString(Need("namedCurve"));
        return name is "P-256" or "P-384" or "P-521" ? name : throw new SubtleException("NotSupportedError", $"elliptic curve {name} is not supported");
    }
}
