using System.Text.Json;

namespace Shop.Api.Tests;

[TestClass]
public sealed class OpenApiTests
{
    [TestMethod]
    public async Task The_document_lists_every_operation_with_its_id()
    {
        await using var shop = await RunningShop.ConnectAsync();

        var paths = (await shop.GetAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");

        var operations = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method =>
            $"{method.Name} {path.Name} {method.Value.GetProperty("operationId").GetString()}"));
        CollectionAssert.AreEquivalent(
            new[]
            {
                "get /health GetHealth",
                "get /products ListProducts",
                "get /products/{id} GetProduct",
                "get /search SearchProducts",
                "post /login Login",
                "get /basket GetBasket",
                "delete /basket ClearBasket",
                "post /basket/items AddBasketItem",
                "delete /basket/items/{productId} RemoveBasketItem",
                "post /checkout Checkout",
                "get /orders/{id} GetOrder",
            },
            operations.ToArray());
    }

    [TestMethod]
    public async Task The_document_says_which_operations_want_a_token_and_names_only_what_a_client_sends()
    {
        await using var shop = await RunningShop.ConnectAsync();

        var paths = (await shop.GetAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");

        var getOrder = paths.GetProperty("/orders/{id}").GetProperty("get");
        Assert.IsTrue(getOrder.GetProperty("security")[0].TryGetProperty("Bearer", out _));
        Assert.AreEqual("id", getOrder.GetProperty("parameters").EnumerateArray().Single()
            .GetProperty("name").GetString());
        Assert.IsFalse(paths.GetProperty("/products").GetProperty("get").TryGetProperty("security", out _));
    }
}
