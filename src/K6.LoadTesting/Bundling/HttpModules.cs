namespace K6.LoadTesting.Bundling;

/// <summary>
/// Gives scripts a <c>k6/http</c> of ours, whichever way they import it: one that notes which operations of OpenAPI documents are called, one that
/// sends <c>traceparent</c> with each request (<c>K6TraceContext</c>), or both, each on top of the next and the last on the engine's.
/// </summary>
internal sealed class HttpModules
{
    /// <summary>Go regular expression of the imports that <see cref="Resolve"/> answers.</summary>
    public const string Filter = "^k6/http$";

    private const string Module = "k6/http";

    private readonly IReadOnlyList<string> files;

    /// <param name="outputDirectory">Absolute folder of the bundles.</param>
    /// <param name="coverage">Whether operations are noted.</param>
    /// <param name="trace">Whether requests are traced.</param>
    public HttpModules(string outputDirectory, bool coverage, bool trace) =>
        files = [.. new[] { coverage ? "covered-http.js" : null, trace ? "traced-http.js" : null }.OfType<string>().Select(name => Path.GetFullPath(Path.Combine("runtime", name), outputDirectory))];

    /// <summary>Whether there is any.</summary>
    public bool IsNeeded => files.Count > 0;

    /// <summary>Where <c>k6/http</c> leads; null for any other import.</summary>
    public EsbuildResolution? Resolve(EsbuildImport import)
    {
        if (import.Path != Module || !IsNeeded)
        {
            return null;
        }

        var next = files.ToList().IndexOf(import.Importer) + 1;
        return next == files.Count ? new EsbuildResolution { Path = import.Path, External = true } : new EsbuildResolution { Path = files[next] };
    }
}
