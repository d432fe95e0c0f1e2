using System.Net;

namespace Shop.Api.Tests;

[TestClass]
public sealed class CatalogueTests
{
    [TestMethod]
    public async Task I_can_page_through_all_products_and_see_each_once()
    {
        await using var shop = await RunningShop.ConnectAsync();

        var ids = new List<int>();
        for (var page = 1; page <= 4; page++)
        {
            var products = await shop.GetAsync<ProductPage>($"/products?page={page}&size=60");
            Assert.AreEqual(200, products.Total);
            ids.AddRange(products.Items.Select(product => product.Id));
        }

        CollectionAssert.AreEqual(Enumerable.Range(1, 200).ToArray(), ids);
    }

    [TestMethod]
    public async Task A_category_lists_its_own_products_only()
    {
        await using var shop = await RunningShop.ConnectAsync();

        var kitchen = await shop.GetAsync<ProductPage>("/products?category=kitchen&size=100");
        var unknown = await shop.GetAsync<ProductPage>("/products?category=boats");

        Assert.AreEqual(25, kitchen.Total);
        Assert.IsTrue(kitchen.Items.All(product => product.Category == "kitchen"));
        Assert.AreEqual(0, unknown.Total);
    }

    [TestMethod]
    public async Task A_page_beyond_the_last_is_empty()
    {
        await using var shop = await RunningShop.ConnectAsync();

        var page = await shop.GetAsync<ProductPage>("/products?page=2147483647&size=100");

        Assert.IsEmpty(page.Items);
        Assert.AreEqual(200, page.Total);
    }

    [TestMethod]
    public async Task I_can_look_at_a_product()
    {
        await using var shop = await RunningShop.ConnectAsync();

        var product = await shop.GetAsync<Product>("/products/92");

        Assert.AreEqual("Copper Pan", product.Name);
        Assert.AreEqual("kitchen", product.Category);
        Assert.AreEqual(109.99m, product.Price);
    }

    [TestMethod]
    public async Task Search_finds_products_that_have_every_word_in_upper_or_lower_case()
    {
        await using var shop = await RunningShop.ConnectAsync();

        var found = await shop.GetAsync<ProductPage>("/search?q=kitchen%20OAK");

        Assert.AreEqual(5, found.Total);
        Assert.IsTrue(found.Items.All(product => product.Name.StartsWith("Oak ", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("/products/0", HttpStatusCode.NotFound)]
    [DataRow("/products/201", HttpStatusCode.NotFound)]
    [DataRow("/products?page=0", HttpStatusCode.BadRequest)]
    [DataRow("/products?size=101", HttpStatusCode.BadRequest)]
    [DataRow("/search", HttpStatusCode.BadRequest)]
    [DataRow("/search?q=", HttpStatusCode.BadRequest)]
    public async Task A_bad_request_gets_a_problem(string path, HttpStatusCode status)
    {
        await using var shop = await RunningShop.ConnectAsync();

        var response = await shop.Client.GetAsync(path);

        Assert.AreEqual(status, response.StatusCode);
        Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
