using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Comparing;

/// <summary>What the services of a plan are compared with: written as <c>base-plan.json</c>.</summary>
internal sealed record BasePlan
{
    /// <summary>Name for people: <c>main (1a2b3c4d5)</c>, or the project.</summary>
    public required string Title { get; init; }

    /// <summary>The services that are projects, with those of the base in their place; the others are shared.</summary>
    public required IReadOnlyList<ServicePlan> Services { get; init; }
}
