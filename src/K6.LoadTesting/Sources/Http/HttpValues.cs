using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Sources.Http;

/// <summary>A piece of a text whose placeholders are resolved.</summary>
/// <param name="Text">The text, or the expression.</param>
/// <param name="IsExpression">Which of the two.</param>
/// <param name="Placeholder">The placeholder of the text itself that it comes from; null for what is written there.</param>
internal readonly record struct HttpValue(string Text, bool IsExpression, HttpPiece? Placeholder);

/// <summary>A value of the machine that a file asks for: never here, always in the environment of the engine.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Secret">How a secret is declared, by metadata of <c>K6Secret</c>; null for a variable that is handed on.</param>
/// <param name="Location">Where it is asked for.</param>
internal sealed record HttpEnvironmentNeed(string Name, IReadOnlyDictionary<string, string>? Secret, SourceLocation Location);

/// <summary>
/// Resolves placeholders: variables of the file, of the environment files, functions, and what requests were answered. A variable is what stood for it above
/// the line that uses it, as in Visual Studio; its value is put in as text, and so the same placeholder in it is evaluated at each use.
/// </summary>
internal sealed partial class HttpValues(HttpFile file, HttpEnvironments environments, string? environment, ICollection<Diagnostic> diagnostics)
{
    // A text that grows beyond this was not meant: ten variables that use each other ten times each are enough for 10 GB.
    private const int LongestText = 1 << 20;

    private readonly Dictionary<HttpVariable, SourceLocation> late = [];
    private readonly Dictionary<string, HttpEnvironmentNeed> needs = [];
    private readonly Dictionary<(string File, string Key), string> dotenvNames = [];
    private readonly SortedSet<string> lookedFor = new(StringComparer.Ordinal);
    private readonly HashSet<HttpVariable> cyclic = [];
    private readonly HashSet<string> functions = [];
    private readonly HashSet<SourceLocation> reported = [];

    /// <summary>The functions of <c>k6-sdk</c> that the texts so far call.</summary>
    public IReadOnlyCollection<string> Functions => functions;

    /// <summary>Absolute paths of <c>.env</c> files that would have been read, if they existed.</summary>
    public IReadOnlyCollection<string> LookedFor => lookedFor;

    /// <summary>What the texts so far need of the environment.</summary>
    public IReadOnlyCollection<HttpEnvironmentNeed> Needs => needs.Values;

    /// <summary>Expression of a variable that is an address of a service; by name.</summary>
    public IReadOnlyDictionary<string, string> ServiceVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Resolves a reference to a request; null when it is none, an empty text when it was reported.</summary>
    public Func<string, SourceLocation, string?>? Reference { get; set; }

    /// <summary>Resolves the placeholders of a text.</summary>
    /// <param name="template">The text.</param>
    /// <param name="line">Line of the file where it is used: variables below it are not known to Visual Studio.</param>
    public IReadOnlyList<HttpValue> Resolve(HttpTemplate template, int line)
    {
        var values = new List<HttpValue>();
        var left = LongestText;
        foreach (var piece in template.Pieces)
        {
            if (piece.IsPlaceholder)
            {
                Add(piece, piece, line, [], values, ref left);
            }
            else
            {
                values.Add(new HttpValue(piece.Text, false, null));
            }
        }

        if (left < 0 && reported.Add(template.Start!))
        {
            diagnostics.Add(Rules.HttpTooLong.At(template.Start!, $"With its variables put in, this text is longer than {LongestText >> 20} MB. Variables that use others several times grow fast."));
        }

        return values;
    }

    /// <summary>Notes that a text calls a function of <c>k6-sdk</c>.</summary>
    public void Use(string function) => functions.Add(function);

    /// <summary>Warns of variables that were used above their definition and found below it.</summary>
    public void WarnOfLateVariables()
    {
        foreach (var (variable, use) in late.Where(pair => !cyclic.Contains(pair.Key)))
        {
            diagnostics.Add(Rules.HttpLateVariable.At(use, $"'{variable.Name}' is defined below, in line {variable.Location.Line}; Visual Studio does not know it here. Move the definition up."));
        }
    }

    private void Add(HttpPiece piece, HttpPiece origin, int line, IReadOnlyList<HttpVariable> path, List<HttpValue> values, ref int left)
    {
        if (left < 0)
        {
            return;
        }

        if (Find(piece.Text, one => one.Location.Line < line) is { } variable)
        {
            AddVariable(variable, piece, origin, path, values, ref left);
        }
        else if (piece.Text.StartsWith('$'))
        {
            AddFunction(piece, origin, line, values);
        }
        else if (file.Prompts.FirstOrDefault(prompt => PromptName(prompt) == piece.Text) is { } prompt)
        {
            values.Add(new HttpValue(Need(piece.Text, null, prompt.Location), true, origin));
        }
        else if (environments.Find(environment, piece.Text) is { } found)
        {
            if (found.Secret is { } secret)
            {
                AddSecret(found, secret, piece, origin, values);
            }
            else if (path.Count > 50)
            {
                Report(Rules.HttpCycle, piece.Location, $"The variables of the environment files use each other and have no value: {piece.Text}.");
            }
            else
            {
                // One that names itself means that of the file, or nothing.
                AddAll(found.Value!, origin, line, [.. path, new HttpVariable(found.Name, found.Value!, found.Location)], values, ref left);
            }
        }
        else if (Find(piece.Text, one => one.Location.Line >= line) is { } below)
        {
            late.TryAdd(below, piece.Location);
            AddVariable(below, piece, origin, path, values, ref left);
        }
        else if (Reference?.Invoke(piece.Text, piece.Location) is { } expression)
        {
            if (expression.Length > 0)
            {
                values.Add(new HttpValue(expression, true, origin));
            }
        }
        else
        {
            Report(Rules.HttpUnknownVariable, piece.Location, Unknown(piece.Text));
        }
    }

    private void AddVariable(HttpVariable variable, HttpPiece piece, HttpPiece origin, IReadOnlyList<HttpVariable> path, List<HttpValue> values, ref int left)
    {
        if (path.Contains(variable))
        {
            // Told once, wherever it is entered.
            if (cyclic.Add(variable))
            {
                var cycle = path.SkipWhile(one => one != variable).ToList();
                cyclic.UnionWith(cycle);
                Report(Rules.HttpCycle, piece.Location, $"The variables use each other and have no value: {string.Join(" → ", cycle.Append(variable).Select(one => one.Name))}.");
            }

            return;
        }

        if (ServiceVariables.GetValueOrDefault(variable.Name) is { } address)
        {
            values.Add(new HttpValue(address, true, origin));
            return;
        }

        AddAll(variable.Value, origin, variable.Location.Line, [.. path, variable], values, ref left);
    }

    private void AddAll(HttpTemplate template, HttpPiece origin, int line, IReadOnlyList<HttpVariable> path, List<HttpValue> values, ref int left)
    {
        foreach (var part in template.Pieces)
        {
            if (part.IsPlaceholder)
            {
                Add(part, origin, line, path, values, ref left);
            }
            else
            {
                left -= part.Text.Length;
                values.Add(new HttpValue(part.Text, false, origin));
            }
        }

        // Nested variables without any text of their own grow, too.
        left--;
    }

    /// <summary>The nearest of some definitions of a name; upper and lower case count only where both are there.</summary>
    private HttpVariable? Find(string name, Func<HttpVariable, bool> isThere)
    {
        var there = file.Variables.Where(isThere).Where(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return there.FindLast(one => one.Name == name) ?? there.LastOrDefault();
    }

    private void AddFunction(HttpPiece piece, HttpPiece origin, int line, List<HttpValue> values)
    {
        if (EnvironmentFunction().Match(piece.Text) is { Success: true } match)
        {
            var name = match.Groups["name"].Value;
            if (name.StartsWith('%'))
            {
                // REST Client: the name of the variable is the value of another one.
                name = string.Concat(Resolve(new HttpTemplate([new HttpPiece(name[1..], true, piece.Location)]), line).Select(value => value.Text));
            }

            if (match.Groups["dotenv"].Success)
            {
                AddDotenv(name, piece, origin, values);
                return;
            }

            values.Add(new HttpValue(Need(name, EnvironmentReader.SoundsSecret(name) ? new Dictionary<string, string>() : null, piece.Location), true, origin));
            return;
        }

        if (HttpFunctions.Translate(piece.Text, piece.Location, reported.Contains(piece.Location) ? [] : diagnostics) is { } call)
        {
            functions.UnionWith(call.Functions);
            values.Add(new HttpValue(call.Expression, true, origin));
        }

        reported.Add(piece.Location);
    }

    private void AddDotenv(string key, HttpPiece piece, HttpPiece origin, List<HttpValue> values)
    {
        string? found = null;
        for (var folder = Path.GetDirectoryName(file.Path); found is null && folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, ".env");
            found = File.Exists(candidate) ? candidate : null;
            if (found is null)
            {
                lookedFor.Add(candidate);
            }
        }

        if (found is null)
        {
            Report(Rules.HttpUnknownVariable, piece.Location, $"There is no file '.env' beside {Path.GetFileName(file.Path)} or above it, which '{piece.Text}' would read.");
            return;
        }

        if (!dotenvNames.TryGetValue((found, key), out var name))
        {
            name = dotenvNames[(found, key)] = Free("DOTENV_" + NoName().Replace(key, "_"));
        }

        values.Add(new HttpValue(Need(name, new Dictionary<string, string> { ["File"] = found, ["Key"] = key }, piece.Location), true, origin));
    }

    private void AddSecret(HttpEnvironmentValue value, HttpSecret secret, HttpPiece piece, HttpPiece origin, List<HttpValue> values)
    {
        var name = NoName().Replace(value.Name, "_");
        // Where Visual Studio finds it, the build finds it too; the others are nobody's but the editor's.
        var metadata = secret.Provider.Equals("AspnetUserSecrets", StringComparison.OrdinalIgnoreCase) && secret.SecretName.Length > 0
            ? new Dictionary<string, string> { ["UserSecret"] = secret.SecretName }
            : new Dictionary<string, string> { ["Provider"] = secret.Provider };
        values.Add(new HttpValue(Need(name, metadata, piece.Location), true, origin));
    }

    private string Need(string name, IReadOnlyDictionary<string, string>? secret, SourceLocation place)
    {
        needs.TryAdd(name, new HttpEnvironmentNeed(name, secret, place));
        return $"__ENV.{name}";
    }

    private string Free(string name)
    {
        var free = name;
        for (var number = 2; needs.ContainsKey(free); number++)
        {
            free = $"{name}_{number}";
        }

        return free;
    }

    private string Unknown(string name)
    {
        if (environments.Having(name) is { Count: > 0 } having)
        {
            return $"'{name}' is a variable of the environment{(having.Count > 1 ? "s" : "")} {string.Join(", ", having)}, and {(environment is null ? "none is chosen" : $"'{environment}' has none of this name")}. Choose one on the item: HttpEnvironment=\"{having[0]}\".";
        }

        string[] known = [.. file.Variables.Select(variable => variable.Name).Concat(environments.NamesIn(environment)).Concat(file.Requests.Select(request => request.Name?.Text).OfType<string>()).Distinct()];
        var nearest = NearestName.Of(name, known) is { } near ? $" Did you mean '{near}'?" : "";
        return $"There is no variable '{name}'.{nearest} Define it above, '@{(Variable().IsMatch(name) ? name : "name")} = value', or in http-client.env.json.";
    }

    private static string PromptName(HttpAnnotation prompt) => prompt.Text.Split(' ', 2)[0];

    private void Report(DiagnosticRule rule, SourceLocation place, string message)
    {
        if (reported.Add(place))
        {
            diagnostics.Add(rule.At(place, message));
        }
    }

    [GeneratedRegex(@"^\$(?:(?<dotenv>dotenv)|processEnv)\s+(?<name>%?\S+)$|^\$env\.(?<name>\S+)$", RegexOptions.IgnoreCase)]
    private static partial Regex EnvironmentFunction();

    [GeneratedRegex("^(?=[0-9])|[^0-9A-Za-z_]")]
    private static partial Regex NoName();

    [GeneratedRegex(@"^[A-Za-z_][\w.-]*\z")]
    private static partial Regex Variable();
}
