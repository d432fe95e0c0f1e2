using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;

namespace Shop.Api.Tests;

/// <summary>The shop on a free port of this machine, and a client that talks to it.</summary>
internal sealed class RunningShop : IAsyncDisposable
{
    private static readonly Lazy<Task<WebApplication>> Ordinary = new(() => StartAppAsync([]));
    private readonly bool isShared;

    private RunningShop(WebApplication app, bool isShared)
    {
        App = app;
        this.isShared = isShared;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    /// <summary>A new client of the shop with default settings, which all tests share because starting takes time.</summary>
    public static async Task<RunningShop> ConnectAsync() => new(await Ordinary.Value, isShared: true);

    /// <summary>A shop of its own, for tests that need settings.</summary>
    public static async Task<RunningShop> StartAsync(params string[] settings) =>
        new(await StartAppAsync(settings), isShared: false);

    public static async Task StopSharedAsync()
    {
        if (Ordinary.IsValueCreated)
        {
            await (await Ordinary.Value).DisposeAsync();
        }
    }

    /// <summary>Logs in, and lets all later requests of <see cref="Client"/> carry the token.</summary>
    public async Task LoginAsync(string user = "alice")
    {
        var response = await Client.PostAsJsonAsync("/login", new LoginRequest(user, Sessions.DemoPassword));
        var login = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<LoginResponse>();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", login!.Token);
    }

    public async Task<T> GetAsync<T>(string path) => (await Client.GetFromJsonAsync<T>(path))!;

    public Task<HttpResponseMessage> AddAsync(int productId, int quantity) =>
        Client.PostAsJsonAsync("/basket/items", new NewBasketItem(productId, quantity));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!isShared)
        {
            await App.DisposeAsync();
        }
    }

    private static async Task<WebApplication> StartAppAsync(string[] settings)
    {
        var app = ShopApp.Build(["--urls", "http://127.0.0.1:0", .. settings]);
        await app.StartAsync();
        return app;
    }
}

[TestClass]
public static class SharedShop
{
    [AssemblyCleanup]
    public static Task Stop() => RunningShop.StopSharedAsync();
}
