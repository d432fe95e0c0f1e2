using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Services;

namespace K6.LoadTesting.Plans;

/// <summary>Reads <c>K6Service</c> items: the applications under test.</summary>
internal static partial class ServiceReader
{
    private static readonly string[] ProjectExtensions = [".csproj", ".fsproj", ".vbproj"];

    private static readonly string[] Metadata =
    [
        "Name", "Command", "Url", "Arguments", "WorkingDirectory", "Scheme", "Port", "WaitFor", "HealthPath", "HealthPort", "HealthLog", "HealthCommand",
        "StartTimeout", "StopCommand", "StopTimeout", "UrlVariable", "Environment",
        // Read by the targets, which build the project.
        "Configuration", "TargetFramework",
    ];

    private static readonly string[] OfProjects = ["Configuration", "TargetFramework"];

    // What only a service that we start can have.
    private static readonly string[] OfStarted = ["Arguments", "WorkingDirectory", "Scheme", "Port", "HealthLog", "StopCommand", "StopTimeout", "Environment", .. OfProjects];

    private static readonly string[] SignsOfHealth = ["HealthPath", "HealthPort", "HealthLog", "HealthCommand"];

    /// <summary>Reads every service.</summary>
    public static IReadOnlyList<ServicePlan> Read(ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var services = new List<(ServicePlan Service, ItemReader Item)>();
        foreach (var declaration in project.Items.Where(item => item.Kind.Equals("K6Service", StringComparison.OrdinalIgnoreCase)))
        {
            var item = new ItemReader(declaration, Metadata, new Dictionary<string, string>(), diagnostics);
            if (Read(project, item, diagnostics) is { } service)
            {
                services.Add((service, item));
            }
        }

        return ServiceRelations.Check(services);
    }

    private static ServicePlan? Read(ProjectDeclaration project, ItemReader item, ICollection<Diagnostic> diagnostics)
    {
        var isProject = IsProject(item.Include);
        var other = item.Set(["Command", "Url"]);
        if (other.Count != (isProject ? 0 : 1))
        {
            item.Report(Rules.InvalidService, other.Count == 0 ? null : other[^1],
                isProject ? $"'{item.Include}' is a project, which is built and started by itself; remove {string.Join(" and ", other)}, or include a name instead of the project."
                : other.Count == 0 ? $"'{item.Include}' is neither a project ({string.Join(", ", ProjectExtensions)}) nor has it a Command to start, or the Url of one that runs already."
                : $"'{item.Include}' has a Command to start and the Url of one that runs already; remove one of them.");
            return null;
        }

        RefuseContradictions(item, isProject);
        var file = Path.GetFullPath(Path.Combine(project.Directory, item.Include));
        if (isProject && !File.Exists(file))
        {
            item.Report(Rules.MissingService, null, $"The project '{item.Include}' does not exist: {file}. Paths start at the project's folder, {project.Directory}.");
        }

        var url = Url(item);
        var scheme = url is null ? Scheme(item) : Enum.Parse<ServiceScheme>(url.Scheme, ignoreCase: true);
        return new ServicePlan
        {
            Name = Name(item, isProject ? Path.GetFileNameWithoutExtension(file) : item.Include),
            Project = isProject ? file : null,
            Command = item.Text("Command"),
            Arguments = SplitArguments(item.Text("Arguments")),
            Url = url?.GetLeftPart(UriPartial.Path).TrimEnd('/'),
            Scheme = scheme,
            WorkingDirectory = WorkingDirectory(project, item),
            Port = item.Has("Port") ? Port(item, "Port") : null,
            WaitFor = item.List("WaitFor"),
            HealthPath = HealthPath(item, scheme),
            HealthPort = HealthPort(item, scheme),
            HealthLog = HealthLog(item),
            HealthCommand = SplitArguments(item.Text("HealthCommand")),
            StartTimeout = Timeout(item, "StartTimeout") ?? ServicePlan.DefaultStartTimeout,
            StopCommand = SplitArguments(item.Text("StopCommand")),
            StopTimeout = Timeout(item, "StopTimeout") ?? ServicePlan.DefaultStopTimeout,
            UrlVariable = UrlVariable(item, scheme, diagnostics),
            Environment = Environment(item, diagnostics),
            Location = item.Location,
        };
    }

    private static void RefuseContradictions(ItemReader item, bool isProject)
    {
        foreach (var name in item.Has("Url") ? item.Set(OfStarted) : isProject ? [] : item.Set(OfProjects))
        {
            item.Report(Rules.ContradictoryService, name, item.Has("Url")
                ? $"{name} has no effect on a service that runs already, at its Url; remove one of them."
                : $"{name} is for services that are built, and '{item.Include}' is a command; remove it.");
        }

        if (item.Set(SignsOfHealth) is [var first, var second, ..])
        {
            item.Report(Rules.ContradictoryService, second, $"{first} and {second} are two signs that the service is ready; keep the one that comes later.");
        }
    }

    private static Uri? Url(ItemReader item)
    {
        if (item.Text("Url") is not { } text)
        {
            return null;
        }

        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url);
        var why = !isUrl || url!.Scheme is not ("http" or "https" or "tcp") || url.Host.Length == 0 ? "is not an address"
            : url.UserInfo.Length > 0 ? "has a user in it, and addresses reach logs and results"
            : url.Query.Length > 0 || url.Fragment.Length > 0 ? "has more than a path"
            : url.Scheme == "tcp" && url.Port <= 0 ? "has no port"
            : null;
        if (why is null)
        {
            return url;
        }

        item.Report(Rules.InvalidValue, "Url", $"Url=\"{(url?.UserInfo.Length > 0 ? url.Host : text)}\" {why}; write http://localhost:5000, https://shop.example or tcp://localhost:5432.");
        return null;
    }

    private static ServiceScheme Scheme(ItemReader item)
    {
        var text = item.Text("Scheme") ?? "http";
        if (Enum.TryParse<ServiceScheme>(text, ignoreCase: true, out var scheme) && !char.IsDigit(text[0]))
        {
            return scheme;
        }

        item.Report(Rules.InvalidValue, "Scheme", $"Scheme=\"{text}\" is none that a service can have.{NearestName.Hint(text, ["http", "https", "tcp"])}");
        return ServiceScheme.Http;
    }

    /// <summary>Whether a file is a project.</summary>
    internal static bool IsProject(string file) => ProjectExtensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>What a project is called: Shop.Api is shop-api.</summary>
    internal static string NameOf(string project) => NotInNames().Replace(project, "-").Trim('-').ToLowerInvariant();

    // Names follow .NET service discovery (services__NAME__http__0) as Aspire writes them: Shop.Api is shop-api.
    private static string Name(ItemReader item, string fallback)
    {
        var name = item.Text("Name") ?? NameOf(fallback);
        if (!ServiceName().IsMatch(name))
        {
            item.Report(Rules.InvalidName, item.Has("Name") ? "Name" : null,
                $"'{name}' cannot be the name of a service; use letters, digits and single '-', the first one a letter. It becomes services__NAME__http__0.");
        }

        return name;
    }

    private static string? WorkingDirectory(ProjectDeclaration project, ItemReader item)
    {
        if (item.Text("WorkingDirectory") is not { } text)
        {
            return null;
        }

        var folder = Path.GetFullPath(Path.Combine(project.Directory, text));
        if (!Directory.Exists(folder))
        {
            item.Report(Rules.MissingService, "WorkingDirectory", $"The folder '{text}' does not exist: {folder}. Paths start at the project's folder, {project.Directory}.");
        }

        return folder;
    }

    private static int? Port(ItemReader item, string name)
    {
        if (item.Number(name) is not { } port)
        {
            return null;
        }

        if (port is < 1 or > 65535)
        {
            item.Report(Rules.InvalidValue, name, $"{name}=\"{port}\" is not a port; write 1 to 65535{(name == "Port" ? ", or leave it out for a free one" : $", or {ServicePlan.PortPlaceholder} for its own")}.");
            return null;
        }

        return (int)port;
    }

    private static string? HealthPath(ItemReader item, ServiceScheme scheme)
    {
        if (item.Text("HealthPath") is not { } path)
        {
            return scheme == ServiceScheme.Tcp || item.Set(SignsOfHealth).Count > 0 ? null : "/";
        }

        if (scheme == ServiceScheme.Tcp)
        {
            item.Report(Rules.ContradictoryService, "HealthPath", "HealthPath asks over HTTP, which a tcp service does not speak; leave it out to wait for its port, or use HealthLog or HealthCommand.");
        }
        else if (!path.StartsWith('/'))
        {
            item.Report(Rules.InvalidValue, "HealthPath", $"HealthPath=\"{path}\" does not start with '/'; write the path only, such as /health.");
        }

        return path;
    }

    private static string? HealthPort(ItemReader item, ServiceScheme scheme) => item.Text("HealthPort") switch
    {
        null => scheme == ServiceScheme.Tcp && item.Set(SignsOfHealth).Count == 0 ? ServicePlan.PortPlaceholder : null,
        ServicePlan.PortPlaceholder => ServicePlan.PortPlaceholder,
        _ => Port(item, "HealthPort")?.ToString(CultureInfo.InvariantCulture),
    };

    private static string? HealthLog(ItemReader item)
    {
        var text = item.Text("HealthLog");
        try
        {
            _ = text is null ? null : new LogSign(text);
        }
        catch (RegexParseException exception)
        {
            item.Report(Rules.InvalidValue, "HealthLog", $"HealthLog=\"{text}\" is between slashes, and is not a regular expression: {exception.Message}");
        }

        return text;
    }

    private static string? Timeout(ItemReader item, string name)
    {
        var timeout = item.Duration(name);
        if (timeout is not null && K6Duration.Parse(timeout) == TimeSpan.Zero)
        {
            item.Report(Rules.InvalidValue, name, $"{name}=\"{timeout}\" must be more than 0.");
        }

        return timeout;
    }

    private static string? UrlVariable(ItemReader item, ServiceScheme scheme, ICollection<Diagnostic> diagnostics)
    {
        if (item.Text("UrlVariable") is not { } name)
        {
            return scheme == ServiceScheme.Tcp ? null : ServicePlan.DefaultUrlVariable;
        }

        EnvironmentReader.CheckName(name, item.At("UrlVariable"), diagnostics);
        return name;
    }

    private static IReadOnlyDictionary<string, string> Environment(ItemReader item, ICollection<Diagnostic> diagnostics)
    {
        var environment = item.Pairs("Environment");
        foreach (var name in environment.Keys)
        {
            EnvironmentReader.WarnOfSecret(name, item.At("Environment"), diagnostics);
        }

        return environment;
    }

    // Spaces separate; double quotes keep spaces; \" is a quote.
    private static IReadOnlyList<string> SplitArguments(string? text) =>
        [.. Argument().Matches(text ?? "").Select(match =>
            new StringBuilder(match.Value).Replace("\\\"", "\0").Replace("\"", "").Replace('\0', '"').ToString())];

    [GeneratedRegex("(?:\\\\\"|\"(?:\\\\\"|[^\"])*\"|[^\\s\"])+")]
    private static partial Regex Argument();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotInNames();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*\\z")]
    private static partial Regex ServiceName();
}
