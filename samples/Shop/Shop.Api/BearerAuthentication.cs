using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Shop.Api;

/// <summary>Finds the session of a request by its token; without one, protected endpoints answer 401.</summary>
internal sealed class BearerAuthentication(Sessions sessions) : IAuthenticationHandler
{
    public const string Name = "Bearer";

    private HttpContext context = null!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        this.context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header)
            || !header.Scheme.Equals(Name, StringComparison.OrdinalIgnoreCase)
            || header.Parameter is not { } token
            || !sessions.TryFind(token, out var session))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        context.Features.Set(session);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, session.User)], Name);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Name)));
    }

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = Name;
        return Task.CompletedTask;
    }

    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}

/// <summary>Tells the OpenAPI document which operations want a token.</summary>
internal static class BearerOpenApi
{
    public static void AddBearerToken(this OpenApiOptions openApi)
    {
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.AddComponent(BearerAuthentication.Name,
                new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
            return Task.CompletedTask;
        });
        openApi.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
            {
                var scheme = new OpenApiSecuritySchemeReference(BearerAuthentication.Name, context.Document);
                operation.Security = [new OpenApiSecurityRequirement { [scheme] = [] }];
            }

            return Task.CompletedTask;
        });
    }
}
