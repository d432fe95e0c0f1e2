using K6.LoadTesting.Comparing;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;
using Microsoft.Build.Framework;

namespace K6.Build.Tasks.Services;

/// <summary>What building the services left: <c>TargetOutputs</c> of their <c>Build</c> targets.</summary>
internal static class BuiltServices
{
    /// <summary>The plan with the commands of its services filled in; a service without an assembly is reported.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="built">Assemblies with <c>MSBuildSourceProjectFile</c>.</param>
    /// <param name="host">The <c>dotnet</c> program that runs them.</param>
    /// <param name="diagnostics">Receives what did not build.</param>
    public static LoadPlan Apply(LoadPlan plan, ITaskItem[] built, string host, ICollection<Diagnostic> diagnostics) =>
        plan with
        {
            Services = Apply(plan.Services, built, host, service => diagnostics.Add(Rules.ServiceNotBuilt.At(
            service.Location,
            $"The service {service.Name} did not build, so nothing was run. The errors above say why; 'dotnet build {service.Project}' shows them alone.")))
        };

    /// <summary>The same of what is compared with; null without a base.</summary>
    public static BasePlan? Apply(BasePlan? compared, ITaskItem[] built, string host, ICollection<Diagnostic> diagnostics) =>
        compared is null ? null : compared with
        {
            Services = Apply(compared.Services, built, host, service => diagnostics.Add(Rules.BaseNotBuilt.At(
            service.Location,
            $"{compared.Title} did not build the service {service.Name}, so there is nothing to compare with and nothing was run. The errors above say why; 'dotnet build {service.Project}' shows them alone.")))
        };

    /// <summary>What is compared with; null without a base.</summary>
    /// <param name="file">Absolute path of <c>base-plan.json</c>; empty without a base.</param>
    public static BasePlan? Base(string file) => file.Length == 0 ? null : LoadTestJson.Read<BasePlan>(file);

    private static IReadOnlyList<ServicePlan> Apply(IReadOnlyList<ServicePlan> services, ITaskItem[] built, string host, Action<ServicePlan> report)
    {
        var assemblies = built
            .GroupBy(item => item.GetMetadata("MSBuildSourceProjectFile"), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First().GetMetadata("FullPath"), StringComparer.OrdinalIgnoreCase);
        return [.. services.Select(Fill)];

        ServicePlan Fill(ServicePlan service)
        {
            if (service.Project is not { } project)
            {
                return service;
            }

            if (assemblies.TryGetValue(project, out var assembly) && File.Exists(assembly))
            {
                return service with { Command = host, Arguments = [assembly, .. service.Arguments] };
            }

            report(service);
            return service;
        }
    }
}
