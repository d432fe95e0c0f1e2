using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

// Writes the bill of materials of a package (CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/): what of others is in it, with versions, licences and
// hashes of where it came from, and the SHA-256 of each binary file. No time and no random number: the same package has the same bill.
//
//   Sbom OUTPUT NAME VERSION LICENCE LIST
//
// LIST is a file with a line "file|place in the package", "assets|project.assets.json", "npm|package-lock.json|name" or "notices|THIRD-PARTY-NOTICES.md" each.
var (output, name, version, licence, lines) = (args[0], args[1], args[2], args[3], File.ReadAllLines(args[4]).Select(line => line.Split('|')).ToArray());

var files = lines.Where(line => line[0] is not ("assets" or "npm" or "notices")).Select(line => (Source: line[0], Place: line[1].Replace('\\', '/'))).ToArray();
var names = files.Select(file => Path.GetFileName(file.Source)).ToHashSet(StringComparer.OrdinalIgnoreCase);
var notices = lines.Where(line => line[0] == "notices").SelectMany(line => File.ReadAllLines(line[1])).ToArray();
var components = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);

foreach (var line in lines.Where(line => line[0] == "assets"))
{
    var assets = JsonNode.Parse(File.ReadAllBytes(line[1]))!;
    var target = assets["targets"]!.AsObject().First().Value!.AsObject();
    foreach (var (key, library) in assets["libraries"]!.AsObject())
    {
        var runtime = target[key]?["runtime"]?.AsObject().Select(file => Path.GetFileName(file.Key)) ?? [];
        if ((string?)library!["type"] == "package" && runtime.Any(names.Contains))
        {
            var (id, itsVersion) = (key.Split('/')[0], key.Split('/')[1]);
            var folder = assets["packageFolders"]!.AsObject().Select(root => Path.Combine(root.Key, (string)library["path"]!)).First(Directory.Exists);
            Add($"pkg:nuget/{id}@{itsVersion}", id, itsVersion, LicenceOf(id, folder), Convert.FromBase64String((string)library["sha512"]!));
        }
    }
}

foreach (var line in lines.Where(line => line[0] == "npm"))
{
    foreach (var (key, package) in JsonNode.Parse(File.ReadAllBytes(line[1]))!["packages"]!.AsObject())
    {
        var id = key.Length == 0 ? "" : key["node_modules/".Length..];
        if (id == line[2] || (line[2].EndsWith('/') && id.StartsWith(line[2], StringComparison.Ordinal)))
        {
            var itsVersion = (string)package!["version"]!;
            Add($"pkg:npm/{id.Replace("@", "%40", StringComparison.Ordinal)}@{itsVersion}", id, itsVersion, (string?)package["license"] ?? throw new InvalidOperationException($"{id} names no licence in package-lock.json."),
                Convert.FromBase64String(((string)package["integrity"]!)["sha512-".Length..]));
        }
    }
}

foreach (var (source, place) in files.Where(file => IsBinary(file.Source)))
{
    using var stream = File.OpenRead(source);
    components[$"~{place}"] = new JsonObject
    {
        ["type"] = "file",
        ["bom-ref"] = $"file:{place}",
        ["name"] = place,
        ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-256", ["content"] = Convert.ToHexStringLower(SHA256.HashData(stream)) }),
    };
}

var bill = new JsonObject
{
    ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
    ["bomFormat"] = "CycloneDX",
    ["specVersion"] = "1.6",
    ["version"] = 1,
    ["metadata"] = new JsonObject
    {
        ["component"] = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = $"pkg:nuget/{name}@{version}",
            ["name"] = name,
            ["version"] = version,
            ["purl"] = $"pkg:nuget/{name}@{version}",
            ["licenses"] = Licences(licence),
        },
    },
    ["components"] = new JsonArray([.. components.Values]),
};
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
File.WriteAllText(output, bill.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");

void Add(string reference, string id, string itsVersion, string licence, byte[] sha512) => components[reference] = new JsonObject
{
    ["type"] = "library",
    ["bom-ref"] = reference,
    ["name"] = id,
    ["version"] = itsVersion,
    ["purl"] = reference,
    ["licenses"] = Licences(licence),
    ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(sha512) }),
};

static JsonArray Licences(string licence) => new(licence.Contains(' ', StringComparison.Ordinal)
    ? new JsonObject { ["expression"] = licence }
    : new JsonObject { ["license"] = new JsonObject { ["id"] = licence } });

// What people can read needs no hash of its own: the package's has it.
static bool IsBinary(string file) => Path.GetExtension(file) is ".dll" or ".exe" or "";

// Where a package gives an address only, the notices have what was read there: a row "| names | version | licence | place |".
string LicenceOf(string id, string folder)
{
    var metadata = XDocument.Load(Directory.EnumerateFiles(folder, "*.nuspec").Single()).Root!.Elements().First();
    var its = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
    return (string?)its?.Attribute("type") == "expression" ? its!.Value
        : notices.Select(line => line.Split('|')).FirstOrDefault(row => row.Length > 4 && row[1].Split(',').Any(part => part.Trim() == id))?[3].Trim()
            ?? throw new InvalidOperationException($"{id} names no licence by its identifier, and THIRD-PARTY-NOTICES.md has no row for it.");
}
