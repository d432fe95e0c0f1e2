using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <summary>
/// Variables of a file that are the address of a service. Files that <c>dotnet new</c> and Visual Studio make begin with
/// <c>@Shop.Api_HostAddress = http://localhost:5000</c>: when the load test starts that project, its requests have to go where it listens then.
/// </summary>
internal sealed partial class HttpServiceVariables
{
    private const string Suffix = "_HostAddress";

    private HttpServiceVariables(Dictionary<string, string> expressions) => Expressions = expressions;

    /// <summary>Expressions of their values, by name of the variable.</summary>
    public IReadOnlyDictionary<string, string> Expressions { get; }

    /// <summary>The one among them when there is only one: paths start there.</summary>
    public string? BaseVariable => Expressions.Count == 1 ? Expressions.Values.Single() : null;

    /// <summary>The same without the parentheses that it needs within a text.</summary>
    public string? BaseUrlExpression => BaseVariable?[1..^1];

    /// <summary>Finds them.</summary>
    public static HttpServiceVariables Of(HttpFile file, ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var expressions = new Dictionary<string, string>();
        foreach (var annotation in file.Annotations.Where(annotation => annotation.Name.Equals("address", StringComparison.OrdinalIgnoreCase)))
        {
            var words = annotation.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length is 0 or > 2 || file.Variables.FirstOrDefault(one => one.Name == words[0]) is not { } variable)
            {
                diagnostics.Add(Rules.HttpAnnotation.At(annotation.TextLocation,
                    $"'{annotation.Text}' names no variable of the file; write '# @k6 file address NAME', where '@NAME = http://…' is the address of the service, and the variable of the service behind it when that is not {ServicePlan.DefaultUrlVariable}."));
                continue;
            }

            expressions[variable.Name] = Expression(words.Length == 2 ? words[1] : ServicePlan.DefaultUrlVariable, variable);
        }

        foreach (var variable in file.Variables.Where(one => one.Name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) && !expressions.ContainsKey(one.Name)))
        {
            var name = variable.Name[..^Suffix.Length];
            var service = project.Items.FirstOrDefault(item => item.Kind.Equals("K6Service", StringComparison.OrdinalIgnoreCase)
                && (Same(Path.GetFileNameWithoutExtension(item.Include.Replace('\\', '/')), name) || Same(item.Include, name) || Same(item.Metadata.GetValueOrDefault("Name", ""), name)));
            if (service is not null)
            {
                expressions.TryAdd(variable.Name, Expression(service.Metadata.GetValueOrDefault("UrlVariable") is { Length: > 0 } url ? url.Trim() : ServicePlan.DefaultUrlVariable, variable));
            }
        }

        return new HttpServiceVariables(expressions);
    }

    // Without the service, such as in an environment where it runs already, the file's own address counts.
    private static string Expression(string environment, HttpVariable variable) =>
        variable.Value.Pieces is [{ IsPlaceholder: false } address] ? $"(__ENV.{environment} || {TypeScript.Text(address.Text)})" : $"(__ENV.{environment})";

    // Visual Studio writes '_' for what its names may not have.
    private static bool Same(string one, string other) => NoName().Replace(one, "").Equals(NoName().Replace(other, ""), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("[^0-9A-Za-z]")]
    private static partial Regex NoName();
}
