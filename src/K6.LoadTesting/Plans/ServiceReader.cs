using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>Reads <c>K6Service</c> items: the applications under test.</summary>
internal static partial class ServiceReader
{
    private static readonly string[] ProjectExtensions = [".csproj", ".fsproj", ".vbproj"];

    private static readonly string[] Metadata =
    [
        "Name", "Command", "Arguments", "WorkingDirectory", "Port", "HealthPath", "StartTimeout", "StopTimeout", "UrlVariable", "Environment",
        // Read by the targets, which build the project.
        "Configuration", "TargetFramework",
    ];

    /// <summary>Reads every service.</summary>
    public static IReadOnlyList<ServicePlan> Read(ProjectDeclaration project, ICollection<Diagnostic> diagnostics)
    {
        var services = new List<ServicePlan>();
        foreach (var declaration in project.Items.Where(item => item.Kind.Equals("K6Service", StringComparison.OrdinalIgnoreCase)))
        {
            var item = new ItemReader(declaration, Metadata, new Dictionary<string, string>(), diagnostics);
            if (Read(project, item, diagnostics) is not { } service)
            {
                continue;
            }

            foreach (var other in services)
            {
                var collision =
                    other.Name.Equals(service.Name, StringComparison.OrdinalIgnoreCase) ? ("Name", $"the name '{service.Name}'; give one of them another Name")
                    : other.Port is not null && other.Port == service.Port ? ("Port", $"port {service.Port}; leave Port out for a free one")
                    : other.UrlVariable == service.UrlVariable ? ("UrlVariable", $"the variable {service.UrlVariable}; name another one with UrlVariable, such as UrlVariable=\"{Suggested(service.Name)}\"")
                    : default;
                if (collision is ({ } metadatum, { } what))
                {
                    item.Report(Rules.DuplicateService, item.Has(metadatum) ? metadatum : null, $"This service and the one at {other.Location} share {what}.");
                }
            }

            services.Add(service);
        }

        return services;
    }

    private static ServicePlan? Read(ProjectDeclaration project, ItemReader item, ICollection<Diagnostic> diagnostics)
    {
        var isProject = ProjectExtensions.Contains(Path.GetExtension(item.Include), StringComparer.OrdinalIgnoreCase);
        if (isProject == item.Has("Command"))
        {
            item.Report(Rules.InvalidService, isProject ? "Command" : null, isProject
                ? $"'{item.Include}' is a project, which is built and started by itself; remove Command, or include a name instead of the project."
                : $"'{item.Include}' is neither a project ({string.Join(", ", ProjectExtensions)}) nor has it a Command to start.");
            return null;
        }

        var file = Path.GetFullPath(Path.Combine(project.Directory, item.Include));
        if (isProject && !File.Exists(file))
        {
            item.Report(Rules.MissingService, null, $"The project '{item.Include}' does not exist: {file}. Paths start at the project's folder, {project.Directory}.");
        }

        return new ServicePlan
        {
            Name = Name(item, isProject ? Path.GetFileNameWithoutExtension(file) : item.Include),
            Project = isProject ? file : null,
            Command = item.Text("Command"),
            Arguments = [.. SplitArguments(item.Text("Arguments") ?? "")],
            WorkingDirectory = WorkingDirectory(project, item),
            Port = Port(item),
            HealthPath = HealthPath(item),
            StartTimeout = Timeout(item, "StartTimeout") ?? ServicePlan.DefaultStartTimeout,
            StopTimeout = Timeout(item, "StopTimeout") ?? ServicePlan.DefaultStopTimeout,
            UrlVariable = UrlVariable(item, diagnostics),
            Environment = Environment(item, diagnostics),
            Location = item.Location,
        };
    }

    // Names follow .NET service discovery (services__NAME__http__0) as Aspire writes them: Shop.Api is shop-api.
    private static string Name(ItemReader item, string fallback)
    {
        var name = item.Text("Name") ?? NotInNames().Replace(fallback, "-").Trim('-').ToLowerInvariant();
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

    private static int? Port(ItemReader item)
    {
        if (item.Number("Port") is not { } port)
        {
            return null;
        }

        if (port is < 1 or > 65535)
        {
            item.Report(Rules.InvalidValue, "Port", $"Port=\"{port}\" is not a port; write 1 to 65535, or leave it out for a free one.");
            return null;
        }

        return (int)port;
    }

    private static string HealthPath(ItemReader item)
    {
        var path = item.Text("HealthPath") ?? "/";
        if (!path.StartsWith('/'))
        {
            item.Report(Rules.InvalidValue, "HealthPath", $"HealthPath=\"{path}\" does not start with '/'; write the path only, such as /health.");
        }

        return path;
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

    private static string UrlVariable(ItemReader item, ICollection<Diagnostic> diagnostics)
    {
        if (item.Text("UrlVariable") is not { } name)
        {
            return ServicePlan.DefaultUrlVariable;
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

    private static string Suggested(string name) => $"{name.Replace('-', '_').ToUpperInvariant()}_URL";

    // Spaces separate; double quotes keep spaces; \" is a quote.
    private static IEnumerable<string> SplitArguments(string text)
    {
        foreach (Match match in Argument().Matches(text))
        {
            var argument = new StringBuilder(match.Value).Replace("\\\"", "\0").Replace("\"", "").Replace('\0', '"');
            yield return argument.ToString();
        }
    }

    [GeneratedRegex("(?:\\\\\"|\"(?:\\\\\"|[^\"])*\"|[^\\s\"])+")]
    private static partial Regex Argument();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotInNames();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*\\z")]
    private static partial Regex ServiceName();
}
