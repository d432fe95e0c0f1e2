using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Plans;

/// <summary>What services have to do with each other: they must not collide, and may wait for each other in one direction only.</summary>
internal static class ServiceRelations
{
    /// <summary>Reports collisions and impossible waits.</summary>
    /// <returns>The services, with <see cref="ServicePlan.WaitFor"/> spelt as the names are.</returns>
    public static IReadOnlyList<ServicePlan> Check(IReadOnlyList<(ServicePlan Service, ItemReader Item)> services)
    {
        for (var i = 0; i < services.Count; i++)
        {
            foreach (var (other, _) in services.Take(i))
            {
                ReportCollision(services[i].Service, other, services[i].Item);
            }
        }

        var names = services.Select(one => one.Service.Name).ToList();
        var resolved = services.Select(one => (Service: one.Service with { WaitFor = Resolve(one.Service, names, one.Item) }, one.Item)).ToList();
        ReportCycles(resolved);
        return [.. resolved.Select(one => one.Service)];
    }

    private static void ReportCollision(ServicePlan service, ServicePlan other, ItemReader item)
    {
        var collision =
            other.Name.Equals(service.Name, StringComparison.OrdinalIgnoreCase) ? ("Name", $"the name '{service.Name}'; give one of them another Name")
            : other.Port is not null && other.Port == service.Port ? ("Port", $"port {service.Port}; leave Port out for a free one")
            : other.UrlVariable is not null && other.UrlVariable == service.UrlVariable
                ? ("UrlVariable", $"the variable {service.UrlVariable}; name another one with UrlVariable, such as UrlVariable=\"{service.Name.Replace('-', '_').ToUpperInvariant()}_URL\"")
            : default;
        if (collision is ({ } metadatum, { } what))
        {
            item.Report(Rules.DuplicateService, item.Has(metadatum) ? metadatum : null, $"This service and the one at {other.Location} share {what}.");
        }
    }

    private static IReadOnlyList<string> Resolve(ServicePlan service, List<string> names, ItemReader item)
    {
        var known = new List<string>();
        foreach (var wanted in service.WaitFor)
        {
            if (names.Find(name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase)) is { } name)
            {
                known.Add(name);
            }
            else
            {
                var others = names.Where(other => other != service.Name).ToList();
                item.Report(Rules.UnknownDependency, "WaitFor",
                    $"The service '{service.Name}' waits for '{wanted}', and there is no such service.{NearestName.Hint(wanted, others)} WaitFor takes the Name of a K6Service.");
            }
        }

        return [.. known.Distinct()];
    }

    // Each cycle once, at the first of its services in the order of declaration.
    private static void ReportCycles(List<(ServicePlan Service, ItemReader Item)> services)
    {
        var waits = services.DistinctBy(one => one.Service.Name).ToDictionary(one => one.Service.Name, one => one.Service.WaitFor);
        var told = new HashSet<string>();
        foreach (var (service, item) in services)
        {
            if (!told.Contains(service.Name) && PathBack(service.Name, service.Name, waits, []) is { } path)
            {
                told.UnionWith(path);
                item.Report(Rules.CircularDependency, "WaitFor",
                    $"None of these could ever start: {string.Join(" waits for ", path)}. Remove a WaitFor.");
            }
        }
    }

    private static List<string>? PathBack(string from, string to, Dictionary<string, IReadOnlyList<string>> waits, HashSet<string> seen)
    {
        foreach (var next in waits[from])
        {
            if (next == to)
            {
                return [from, to];
            }

            if (seen.Add(next) && PathBack(next, to, waits, seen) is { } rest)
            {
                return [from, .. rest];
            }
        }

        return null;
    }
}
