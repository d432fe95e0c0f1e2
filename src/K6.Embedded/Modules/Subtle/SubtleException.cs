namespace K6.Embedded.Modules.Subtle;

/// <summary>An operation of <c>crypto.subtle</c> is rejected, with a name of the Web Cryptography API (<c>OperationError</c>) or, as some of k6's, with none.</summary>
internal sealed class SubtleException(string? name, string message) : Exception(message)
{
    /// <summary>The error's name.</summary>
    public string? Name { get; } = name;

    /// <summary>k6's words for what it does not have.</summary>
    public static SubtleException NotSupported(string algorithm, string operation) =>
        new("NotSupportedError", $"algorithm \"{algorithm}\" doesn't support (in implementation) operation \"{operation}\"");

    /// <summary>A parameter of the algorithm is missing.</summary>
    public static SubtleException Missing(string parameter) => new("SyntaxError", $"could not get {parameter} from algorithm parameter");

    /// <summary>A key may not be used like this.</summary>
    public static SubtleException Access(string message) => new("InvalidAccessError", message);

    /// <summary>The data of a key is none.</summary>
    public static SubtleException BadData(string message) => new("DataError", message);

    /// <summary>An operation failed.</summary>
    public static SubtleException Operation(string message) => new("OperationError", message);

    /// <summary>A format in which the key cannot be imported or exported.</summary>
    public static SubtleException Format(string format) => new("NotSupportedError", $"unsupported key format {format}");
}
