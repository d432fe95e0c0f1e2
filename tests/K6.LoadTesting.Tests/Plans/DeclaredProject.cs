using System.Xml;
using System.Xml.Linq;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Plans;

/// <summary>
/// A project of items and properties in MSBuild's XML, in a folder with <c>browse.ts</c>, <c>checkout.ts</c>, <c>login.js</c>,
/// <c>Shop.Api/Shop.Api.csproj</c> and <c>notes.md</c>. A ▶ in the XML marks the place where a diagnostic is expected.
/// </summary>
internal sealed class DeclaredProject : IDisposable
{
    private const char Marker = '▶';

    public DeclaredProject()
    {
        foreach (var file in new[] { "browse.ts", "checkout.ts", "login.js", "Shop.Api/Shop.Api.csproj", "notes.md" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
            File.WriteAllText(PathOf(file), "");
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("k6sdk-plans-").FullName;

    public string File_ => PathOf("Shop.LoadTests.csproj");

    public string PathOf(string relative) => Path.Combine(Folder, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The plan of a project without errors; warnings are allowed.</summary>
    public LoadPlan Plan(string xml)
    {
        var diagnostics = new List<Diagnostic>();
        var plan = LoadPlanBuilder.Build(Declare(xml), diagnostics);
        Assert.IsEmpty(diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return plan!;
    }

    /// <summary>Everything that is reported.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics(string xml)
    {
        var diagnostics = new List<Diagnostic>();
        var plan = LoadPlanBuilder.Build(Declare(xml), diagnostics);
        Assert.AreEqual(diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), plan is null, "a plan exists exactly when there is no error");
        return diagnostics;
    }

    /// <summary>Asserts that one diagnostic is reported, at the marked place, and that it says certain words.</summary>
    public Diagnostic Reports(string xml, DiagnosticRule rule, params string[] words)
    {
        var diagnostics = Diagnostics(xml);
        Assert.HasCount(1, diagnostics, string.Join('\n', diagnostics));
        var diagnostic = diagnostics[0];
        Assert.AreEqual(rule.Code, diagnostic.Code, diagnostic.Message);
        Assert.AreEqual(rule.Severity, diagnostic.Severity);
        Assert.AreEqual(MarkedPlace(xml), diagnostic.Location, diagnostic.Message);
        foreach (var word in words)
        {
            Assert.Contains(word, diagnostic.Message);
        }

        Assert.DoesNotContain('\n', diagnostic.Message);
        return diagnostic;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Reads the XML as the build would: K6 properties and items with the places of elements and metadata.</summary>
    public ProjectDeclaration Declare(string xml)
    {
        var root = XDocument.Parse("<Project>" + xml.Replace(Marker.ToString(), "") + "</Project>", LoadOptions.SetLineInfo).Root!;
        return new ProjectDeclaration
        {
            File = File_,
            Properties = [.. root.Elements().Where(IsProperty).Select(element => new PropertyDeclaration(element.Name.LocalName, element.Value, PlaceOf(element)))],
            Items = [.. root.Elements().Where(element => !IsProperty(element)).Select(Item)],
        };
    }

    /// <summary>Reads the K6 items of a whole project file, in item groups.</summary>
    public static ProjectDeclaration Read(string xml, string file) => new()
    {
        File = file,
        Items = [.. XDocument.Parse(xml, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace).Descendants().Where(element => element.Attribute("Include") is not null)
            .Select(element => Item(element, node => new SourceLocation(file, ((IXmlLineInfo)node).LineNumber, ((IXmlLineInfo)node).LinePosition - (node is XElement ? 1 : 0))))],
    };

    private static bool IsProperty(XElement element) => element.Attribute("Include") is null;

    private ItemDeclaration Item(XElement element) => Item(element, PlaceOf);

    private static ItemDeclaration Item(XElement element, Func<XObject, SourceLocation> place)
    {
        var metadata = element.Attributes().Where(attribute => attribute.Name != "Include")
            .Select(attribute => (attribute.Name.LocalName, attribute.Value, Place: place(attribute)))
            .Concat(element.Elements().Select(child => (child.Name.LocalName, child.Value, Place: place(child))))
            .ToList();
        return new ItemDeclaration(element.Name.LocalName, element.Attribute("Include")!.Value, place(element))
        {
            Metadata = metadata.ToDictionary(one => one.LocalName, one => one.Value),
            MetadataLocations = metadata.ToDictionary(one => one.LocalName, one => one.Place),
        };
    }

    // Elements are at their '<', attributes at their name; <Project> in front takes nine columns of the first line.
    private SourceLocation PlaceOf(XObject node)
    {
        var info = (IXmlLineInfo)node;
        var column = info.LinePosition - (node is XElement ? 1 : 0) - (info.LineNumber == 1 ? "<Project>".Length : 0);
        return new SourceLocation(File_, info.LineNumber, column);
    }

    private SourceLocation MarkedPlace(string xml)
    {
        var before = xml[..xml.IndexOf(Marker)];
        return new SourceLocation(File_, before.Count(letter => letter == '\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
