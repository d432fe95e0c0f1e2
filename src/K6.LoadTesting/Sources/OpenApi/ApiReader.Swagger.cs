namespace K6.LoadTesting.Sources.OpenApi;

/// <content>What Swagger 2.0 says in other words.</content>
internal sealed partial class ApiReader
{
    private (string? Server, string BasePath) SwaggerServer()
    {
        var schemes = root.ItemsOf("schemes").Select(scheme => scheme.Text).ToList();
        var scheme = schemes.Contains("https") || schemes.Count == 0 ? "https" : "http";
        var basePath = (root.Word("basePath") ?? "").TrimEnd('/');
        return (root.Word("host") is { Length: > 0 } host ? $"{scheme}://{host}" : null, basePath.Length == 0 || basePath.StartsWith('/') ? basePath : "/" + basePath);
    }

    // A parameter in the body, or fields of a form that are parameters each.
    private ApiBody? SwaggerBody(DocumentNode node, List<DocumentNode> parameters)
    {
        if (parameters.Find(parameter => parameter.Word("in") == "body") is { } body)
        {
            var type = MediaTypes(node, "consumes").FirstOrDefault(type => KindOf(type) == "json") ?? "application/json";
            return new ApiBody(type, "json", body.Is("required"), body["schema"], Example(body));
        }

        var fields = parameters.FindAll(parameter => parameter.Word("in") == "formData" && parameter.Word("name") is not null);
        if (fields.Count == 0)
        {
            return null;
        }

        var files = fields.Exists(field => field.Word("type") == "file");
        var multipart = files || MediaTypes(node, "consumes").Any(type => KindOf(type) == "multipart");
        var schema = DocumentNode.Object(node, [
            ("type", DocumentNode.String(node, "object")),
            ("properties", DocumentNode.Object(node, fields.Select(field => (field.Word("name")!, Field(field))))),
            ("required", List(node, fields.Where(field => field.Is("required")).Select(field => field.Word("name")!))),
        ]);
        return multipart
            ? new ApiBody("multipart/form-data", "multipart", fields.Exists(field => field.Is("required")), schema, null)
            : new ApiBody("application/x-www-form-urlencoded", "form", fields.Exists(field => field.Is("required")), schema, null);
    }

    private static DocumentNode Field(DocumentNode field) => field.Word("type") != "file" ? field
        : DocumentNode.Object(field, [("type", DocumentNode.String(field, "string")), ("format", DocumentNode.String(field, "binary"))]);

    private static DocumentNode List(DocumentNode place, IEnumerable<string> texts)
    {
        var list = new DocumentNode(NodeKind.Array, "", place.File, place.Location.Line, place.Location.Column);
        list.Items.AddRange(texts.Select(text => DocumentNode.String(place, text)));
        return list;
    }

    private IEnumerable<string> MediaTypes(DocumentNode operation, string name) =>
        (operation.Find(name) is null ? root : operation).ItemsOf(name).Select(type => type.Text);

    private ApiResponse SwaggerResponse(string status, DocumentNode response, DocumentNode operation)
    {
        if (response["schema"] is not { } schema)
        {
            return new ApiResponse(status, "none", null);
        }

        var types = MediaTypes(operation, "produces").ToList();
        return documents.Resolve(schema)?.Word("type") == "file" ? new ApiResponse(status, "binary", null)
            : types.Count == 0 || types.Exists(type => KindOf(type) == "json") ? new ApiResponse(status, "json", schema)
            : new ApiResponse(status, "text", null);
    }

    private static string SwaggerStyle(DocumentNode node) => node.Word("collectionFormat") switch
    {
        "multi" => "form",
        "ssv" => "space",
        "pipes" => "pipe",
        _ => "csv",
    };
}
