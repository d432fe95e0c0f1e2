namespace K6.LoadTesting.Bundling;

/// <summary>Where and how bundles are made.</summary>
internal sealed record BundleOptions
{
    /// <summary>Absolute path of the esbuild program, of the version that this library was made for.</summary>
    public required string EsbuildPath { get; init; }

    /// <summary>Absolute path of the folder for entry modules, bundles and what is remembered of them: <c>obj/k6</c>.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Absolute path of the project's folder; names in bundles and source maps are relative to it.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Absolute path of the <c>tsconfig.json</c> for all scripts; null lets each module have the nearest one above it.</summary>
    public string? TsconfigFile { get; init; }

    /// <summary>Absolute path of the folder that keeps modules from addresses, by their sums; null for none.</summary>
    public string? ImportsCache { get; init; }

    /// <summary>How modules are downloaded; null for the machine's own way, with its proxies.</summary>
    internal HttpMessageHandler? ImportsHandler { get; init; }

    /// <summary>Variables of the environment, by which a CI build is told.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Whether bundles are made small; positions in errors stay those of the sources.</summary>
    public bool Minify { get; init; }
}

/// <summary>What bundling left behind.</summary>
/// <param name="Bundles">One per test, in the plan's order; empty when there was an error.</param>
/// <param name="Ran">Whether esbuild ran; false when everything was up to date.</param>
internal sealed record BundleOutcome(IReadOnlyList<TestBundle> Bundles, bool Ran);
