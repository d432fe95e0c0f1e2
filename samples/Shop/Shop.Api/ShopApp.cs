using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Shop.Api;

/// <summary>
/// Puts the shop together: what is served, in which order a request passes through it, and how it is configured.
/// </summary>
public static class ShopApp
{
    /// <summary>Builds the application without starting it.</summary>
    /// <param name="args">Configuration as <c>--name value</c>, for example <c>--urls http://127.0.0.1:0</c>.</param>
    /// <exception cref="OptionsValidationException">A value of the section <c>Shop</c> is out of range.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            // appsettings.json lies beside the program; the current folder is the caller's, whoever that is.
            ContentRootPath = AppContext.BaseDirectory,
        });

        // Everything is in memory: nothing is worth waiting for longer than this when the shop is told to stop.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ShopJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddProblemDetails();
        builder.Services.AddValidation();
        builder.Services.AddOpenApi(openApi => openApi.AddBearerToken());
        // AddAuthentication would also create data protection keys in the home folder, which opaque tokens don't need.
        builder.Services.AddAuthenticationCore(authentication =>
            authentication.AddScheme<BearerAuthentication>(BearerAuthentication.Name, displayName: null));
        builder.Services.AddTransient<BearerAuthentication>();
        builder.Services.AddAuthorization();
        builder.Services.AddOptions<FaultOptions>().BindConfiguration(FaultOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<Catalogue>();
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddSingleton<Orders>();

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseFaults();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapOpenApi();
        app.MapHealth();
        app.MapCatalogue();
        app.MapLogin();
        app.MapBasket();
        app.MapOrders();
        return app;
    }
}
