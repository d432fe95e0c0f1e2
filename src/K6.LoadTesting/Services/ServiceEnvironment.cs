using System.Globalization;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>Variables of a service, and those that tell others where it is.</summary>
internal static class ServiceEnvironment
{
    /// <summary>
    /// The build's own variables without k6's; the address for ASP.NET Core (<c>URLS</c> wins over appsettings.json, where <c>ASPNETCORE_URLS</c> does not)
    /// and for others (<c>PORT</c>); the addresses of the services that it waited for; then what the plan says.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Build(
        ServicePlan plan, IReadOnlyDictionary<string, string> machine, IReadOnlyDictionary<string, string> addresses, int port)
    {
        var result = new Dictionary<string, string>(EngineEnvironment.NameComparer);
        foreach (var (name, value) in machine.Where(variable => !EngineEnvironment.Configures(variable.Key) && !IsAddress(variable.Key)))
        {
            result[name] = value;
        }

        var url = Url(plan.Scheme, port);
        result.TryAdd("ASPNETCORE_ENVIRONMENT", machine.GetValueOrDefault("DOTNET_ENVIRONMENT") ?? "Production");
        if (plan.Scheme != ServiceScheme.Tcp)
        {
            result["ASPNETCORE_URLS"] = result["URLS"] = url;
        }

        result["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in addresses)
        {
            result[name] = value;
        }

        foreach (var (name, value) in plan.Environment)
        {
            result[name] = Fill(value, url, port);
        }

        return result;
    }

    /// <summary>Variables of scripts and of services that wait for this one, as .NET service discovery names them, and one by a plain name.</summary>
    public static IReadOnlyDictionary<string, string> ForOthers(ServicePlan plan, string url)
    {
        var result = new Dictionary<string, string> { [$"services__{plan.Name}__{Word(plan.Scheme)}__0"] = url };
        if (plan.UrlVariable is { } name)
        {
            result[name] = url;
        }

        return result;
    }

    /// <summary>The address. The development certificate of ASP.NET Core is one for <c>localhost</c>.</summary>
    public static string Url(ServiceScheme scheme, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{Word(scheme)}://{(scheme == ServiceScheme.Https ? "localhost" : "127.0.0.1")}:{port}");

    /// <summary>A text of the plan with port and address filled in.</summary>
    public static string Fill(string text, string url, int port) => text
        .Replace(ServicePlan.PortPlaceholder, port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace(ServicePlan.UrlPlaceholder, url, StringComparison.Ordinal);

    private static string Word(ServiceScheme scheme) => scheme switch
    {
        ServiceScheme.Https => "https",
        ServiceScheme.Tcp => "tcp",
        _ => "http",
    };

    // Addresses of somebody else; images of .NET set the ports, which make a warning beside URLS.
    private static bool IsAddress(string name) =>
        name is "ASPNETCORE_URLS" or "URLS" or "ASPNETCORE_HTTP_PORTS" or "ASPNETCORE_HTTPS_PORTS" or "HTTP_PORTS" or "HTTPS_PORTS";
}
