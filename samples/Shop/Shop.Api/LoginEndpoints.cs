using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Api;

/// <summary>Who wants to log in.</summary>
/// <param name="User">alice, bob, carol, dave or erin.</param>
/// <param name="Password">The demo password <c>k6-demo</c>.</param>
public sealed record LoginRequest([property: Required] string User, [property: Required] string Password);

/// <summary>A successful login.</summary>
/// <param name="Token">Sent with later requests as <c>Authorization: Bearer …</c>.</param>
public sealed record LoginResponse(string Token);

/// <summary><c>/login</c></summary>
public static class LoginEndpoints
{
    /// <summary>Adds the endpoint to the application.</summary>
    public static void MapLogin(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/login", Login).WithName(nameof(Login)).WithTags("Login")
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized);

    /// <summary>Hands out a token for a user and password.</summary>
    internal static Results<Ok<LoginResponse>, ProblemHttpResult> Login(LoginRequest request, Sessions sessions) =>
        sessions.TryOpen(request.User, request.Password, out var token)
            ? TypedResults.Ok(new LoginResponse(token))
            : TypedResults.Problem("User or password is wrong.", statusCode: StatusCodes.Status401Unauthorized);
}
