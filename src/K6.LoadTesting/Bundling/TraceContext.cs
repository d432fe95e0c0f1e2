namespace K6.LoadTesting.Bundling;

/// <summary>Gives scripts a <c>k6/http</c> that sends <c>traceparent</c> with each request (<c>K6TraceContext</c>), whichever way they import it.</summary>
internal static class TraceContext
{
    /// <summary>Go regular expression of the imports that <see cref="Resolve"/> answers.</summary>
    public const string Filter = "^k6/http$";

    private const string RuntimeFile = "runtime/traced-http.js";

    /// <summary>Where <c>k6/http</c> leads: to our module, and from there to the engine's.</summary>
    /// <param name="import">The import.</param>
    /// <param name="outputDirectory">Absolute folder of the bundles.</param>
    public static EsbuildResolution? Resolve(EsbuildImport import, string outputDirectory)
    {
        if (import.Path != "k6/http")
        {
            return null;
        }

        var module = Path.GetFullPath(RuntimeFile, outputDirectory);
        return import.Importer == module
            ? new EsbuildResolution { Path = import.Path, External = true }
            : new EsbuildResolution { Path = module };
    }
}
