using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Api;

/// <summary>The answer to whoever waits for the shop to be ready.</summary>
/// <param name="Status">Always <c>ready</c>: the shop opens its port when it can serve.</param>
public sealed record Health(string Status);

/// <summary><c>/health</c>: no token needed, and no faults injected.</summary>
public static class HealthEndpoints
{
    /// <summary>Adds the endpoint to the application.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", GetHealth).WithName(nameof(GetHealth)).WithTags("Health");

    /// <summary>Tells whether the shop is ready.</summary>
    internal static Ok<Health> GetHealth() => TypedResults.Ok(new Health("ready"));
}
