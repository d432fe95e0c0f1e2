using System.Globalization;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>Variables of a service, and those that tell scripts where it is.</summary>
internal static class ServiceEnvironment
{
    /// <summary>
    /// The build's own variables without k6's; the address for ASP.NET Core (<c>URLS</c> wins over appsettings.json, where <c>ASPNETCORE_URLS</c> does not)
    /// and for others (<c>PORT</c>); then what the plan says.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Build(ServicePlan plan, IReadOnlyDictionary<string, string> machine, int port)
    {
        var result = new Dictionary<string, string>(EngineEnvironment.NameComparer);
        foreach (var (name, value) in machine.Where(variable => !EngineEnvironment.Configures(variable.Key) && !IsPort(variable.Key)))
        {
            result[name] = value;
        }

        result.TryAdd("ASPNETCORE_ENVIRONMENT", machine.GetValueOrDefault("DOTNET_ENVIRONMENT") ?? "Production");
        result["ASPNETCORE_URLS"] = result["URLS"] = Url(port);
        result["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in plan.Environment)
        {
            result[name] = value;
        }

        return result;
    }

    /// <summary>Variables of scripts, as .NET service discovery names them, and one by a plain name.</summary>
    public static IReadOnlyDictionary<string, string> ForScripts(ServicePlan plan, string url) => new Dictionary<string, string>
    {
        [$"services__{plan.Name}__http__0"] = url,
        [plan.UrlVariable] = url,
    };

    public static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    // Images of .NET set these; beside URLS they only make a warning.
    private static bool IsPort(string name) => name is "ASPNETCORE_HTTP_PORTS" or "ASPNETCORE_HTTPS_PORTS" or "HTTP_PORTS" or "HTTPS_PORTS";
}
