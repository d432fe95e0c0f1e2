using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Where a secret is.</summary>
public enum SecretSource
{
    /// <summary>A variable of the build's environment.</summary>
    Environment,

    /// <summary>A file that holds nothing else.</summary>
    File,

    /// <summary>The user secrets of .NET.</summary>
    UserSecret,

    /// <summary>A line <c>NAME=value</c> of a file, such as <c>.env</c>.</summary>
    FileKey,
}

/// <summary>A <c>K6Secret</c> item.</summary>
/// <param name="Name">Variable that scripts find it in.</param>
/// <param name="Source">Kind of place.</param>
/// <param name="Key">Name of the variable, absolute path of the file, key of the user secret, or name in the file.</param>
/// <param name="Location">Where it was declared.</param>
public sealed record SecretPlan(string Name, SecretSource Source, string Key, SourceLocation Location)
{
    /// <summary>Absolute path of the file that has <see cref="Key"/>; null for other sources.</summary>
    public string? File { get; init; }
}
