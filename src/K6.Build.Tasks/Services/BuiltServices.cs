using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
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
    public static LoadPlan Apply(LoadPlan plan, ITaskItem[] built, string host, ICollection<Diagnostic> diagnostics)
    {
        var assemblies = built
            .GroupBy(item => item.GetMetadata("MSBuildSourceProjectFile"), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First().GetMetadata("FullPath"), StringComparer.OrdinalIgnoreCase);
        return plan with { Services = [.. plan.Services.Select(Fill)] };

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

            diagnostics.Add(Rules.ServiceNotBuilt.At(
                service.Location,
                $"The service {service.Name} did not build, so nothing was run. The errors above say why; 'dotnet build {project}' shows them alone."));
            return service;
        }
    }
}
