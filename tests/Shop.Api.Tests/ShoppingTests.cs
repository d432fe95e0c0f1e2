using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Shop.Api.Tests;

[TestClass]
public sealed class ShoppingTests
{
    [TestMethod]
    [DataRow("alice", "wrong")]
    [DataRow("mallory", Sessions.DemoPassword)]
    public async Task A_wrong_user_or_password_is_unauthorized(string user, string password)
    {
        await using var shop = await RunningShop.ConnectAsync();

        var response = await shop.Client.PostAsJsonAsync("/login", new LoginRequest(user, password));

        Assert.AreEqual(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [TestMethod]
    public async Task A_login_without_a_password_is_a_bad_request()
    {
        await using var shop = await RunningShop.ConnectAsync();

        var response = await shop.Client.PostAsJsonAsync("/login", new { user = "alice" });

        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [TestMethod]
    [DataRow("GET", "/basket")]
    [DataRow("DELETE", "/basket")]
    [DataRow("POST", "/basket/items")]
    [DataRow("DELETE", "/basket/items/1")]
    [DataRow("POST", "/checkout")]
    [DataRow("GET", "/orders/1")]
    public async Task Without_a_valid_token_I_am_unauthorized(string method, string path)
    {
        await using var shop = await RunningShop.ConnectAsync();

        foreach (var token in new[] { null, "made-up" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            var response = await shop.Client.SendAsync(request);

            Assert.AreEqual(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.AreEqual("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [TestMethod]
    public async Task I_can_fill_and_empty_my_basket()
    {
        await using var shop = await RunningShop.ConnectAsync();
        await shop.LoginAsync();

        await shop.AddAsync(92, 2);
        await shop.AddAsync(1, 1);
        var added = await (await shop.AddAsync(92, 1)).Content.ReadFromJsonAsync<BasketContents>();
        CollectionAssert.AreEqual(new[] { (1, 1), (92, 3) }, Quantities(added!));
        Assert.AreEqual(42.99m + (3 * 109.99m), added!.Total);

        await shop.Client.DeleteAsync("/basket/items/1");
        CollectionAssert.AreEqual(new[] { (92, 3) }, Quantities(await shop.GetAsync<BasketContents>("/basket")));

        await shop.Client.DeleteAsync("/basket");
        Assert.IsEmpty((await shop.GetAsync<BasketContents>("/basket")).Items);
    }

    [TestMethod]
    public async Task What_cannot_be_in_the_basket_is_refused()
    {
        await using var shop = await RunningShop.ConnectAsync();
        await shop.LoginAsync();

        Assert.AreEqual(HttpStatusCode.NotFound, (await shop.AddAsync(201, 1)).StatusCode);
        Assert.AreEqual(HttpStatusCode.BadRequest, (await shop.AddAsync(1, 0)).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await shop.Client.DeleteAsync("/basket/items/1")).StatusCode);
    }

    [TestMethod]
    public async Task Two_logins_of_one_user_have_a_basket_each()
    {
        await using var shop = await RunningShop.ConnectAsync();
        await shop.LoginAsync("bob");
        await shop.AddAsync(1, 1);

        await shop.LoginAsync("bob");

        Assert.IsEmpty((await shop.GetAsync<BasketContents>("/basket")).Items);
    }

    [TestMethod]
    public async Task Checkout_turns_the_basket_into_an_order()
    {
        await using var shop = await RunningShop.ConnectAsync();
        await shop.LoginAsync();
        await shop.AddAsync(92, 2);

        var response = await shop.Client.PostAsync("/checkout", null);

        Assert.AreEqual(HttpStatusCode.Created, response.StatusCode);
        var placed = (await response.Content.ReadFromJsonAsync<Order>())!;
        Assert.AreEqual(219.98m, placed.Total);
        Assert.AreEqual($"/orders/{placed.Id}", response.Headers.Location?.ToString());
        var stored = await shop.GetAsync<Order>($"/orders/{placed.Id}");
        Assert.AreEqual("alice", stored.User);
        CollectionAssert.AreEqual(placed.Items.ToArray(), stored.Items.ToArray());
    }

    [TestMethod]
    public async Task Checkout_of_an_empty_basket_is_a_conflict()
    {
        await using var shop = await RunningShop.ConnectAsync();
        await shop.LoginAsync();
        Assert.AreEqual(HttpStatusCode.Conflict, (await shop.Client.PostAsync("/checkout", null)).StatusCode);

        await shop.AddAsync(1, 1);
        await shop.Client.PostAsync("/checkout", null);

        Assert.AreEqual(HttpStatusCode.Conflict, (await shop.Client.PostAsync("/checkout", null)).StatusCode);
    }

    [TestMethod]
    public async Task A_basket_is_ordered_once_however_often_checkout_is_pressed()
    {
        await using var shop = await RunningShop.ConnectAsync();
        await shop.LoginAsync();
        await shop.AddAsync(1, 1);

        var responses = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => shop.Client.PostAsync("/checkout", null)));

        Assert.AreEqual(1, responses.Count(response => response.StatusCode == HttpStatusCode.Created));
        Assert.AreEqual(19, responses.Count(response => response.StatusCode == HttpStatusCode.Conflict));
    }

    [TestMethod]
    public async Task I_cannot_see_the_orders_of_others()
    {
        await using var shop = await RunningShop.ConnectAsync();
        await shop.LoginAsync("alice");
        await shop.AddAsync(1, 1);
        var location = (await shop.Client.PostAsync("/checkout", null)).Headers.Location;

        await shop.LoginAsync("bob");

        Assert.AreEqual(HttpStatusCode.NotFound, (await shop.Client.GetAsync(location)).StatusCode);
    }

    private static (int ProductId, int Quantity)[] Quantities(BasketContents basket) =>
        [.. basket.Items.Select(item => (item.ProductId, item.Quantity))];
}
