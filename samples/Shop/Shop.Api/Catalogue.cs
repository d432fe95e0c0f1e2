namespace Shop.Api;

/// <summary>Something that the shop sells.</summary>
/// <param name="Id">1 to 200.</param>
/// <param name="Name">What people search for, for example <c>Copper Pan</c>.</param>
/// <param name="Category">In lower case, for example <c>kitchen</c>.</param>
/// <param name="Price">In euro.</param>
/// <param name="Description">One sentence.</param>
public sealed record Product(int Id, string Name, string Category, decimal Price, string Description);

/// <summary>Some of the products that were asked for.</summary>
/// <param name="Items">The products of this page.</param>
/// <param name="Page">From 1.</param>
/// <param name="Size">The most that a page holds.</param>
/// <param name="Total">How many products there are on all pages.</param>
public sealed record ProductPage(IReadOnlyList<Product> Items, int Page, int Size, int Total);

/// <summary>200 products, the same in every run: eight categories of five things in five materials.</summary>
public sealed class Catalogue
{
    private static readonly string[] Materials = ["Bamboo", "Copper", "Linen", "Oak", "Steel"];

    private static readonly (string Category, string[] Things)[] Categories =
    [
        ("bath", ["Mirror", "Shelf", "Soap Dish", "Stool", "Towel Rail"]),
        ("bedroom", ["Blanket Box", "Clothes Rack", "Headboard", "Night Table", "Screen"]),
        ("garden", ["Bench", "Bird House", "Lantern", "Planter", "Watering Can"]),
        ("kitchen", ["Bread Box", "Colander", "Knife Block", "Pan", "Spice Rack"]),
        ("lighting", ["Ceiling Lamp", "Desk Lamp", "Floor Lamp", "Lamp Shade", "Wall Lamp"]),
        ("living", ["Armchair", "Bookcase", "Coffee Table", "Magazine Rack", "Picture Frame"]),
        ("office", ["Bookend", "Desk", "Letter Tray", "Paper Basket", "Pen Holder"]),
        ("toys", ["Abacus", "Doll House", "Puzzle", "Train", "Xylophone"]),
    ];

    private readonly Product[] all = [.. MakeAll()];
    private readonly Dictionary<string, Product[]> byCategory;

    /// <summary>Makes the products.</summary>
    public Catalogue() =>
        byCategory = all.GroupBy(product => product.Category)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The product with this id, or null.</summary>
    public Product? Find(int id) => id >= 1 && id <= all.Length ? all[id - 1] : null;

    /// <summary>A page of all products, or of those of one category; a category that nobody knows is empty.</summary>
    public ProductPage List(string? category, int page, int size) =>
        ToPage(category is null ? all : byCategory.GetValueOrDefault(category, []), page, size);

    /// <summary>A page of the products whose name or category contains every word, in upper or lower case.</summary>
    public ProductPage Search(string words, int page, int size)
    {
        var wanted = words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = Array.FindAll(all, product => Array.TrueForAll(wanted, word =>
            product.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
            || product.Category.Contains(word, StringComparison.OrdinalIgnoreCase)));
        return ToPage(found, page, size);
    }

    private static ProductPage ToPage(Product[] products, int page, int size)
    {
        var start = (int)Math.Min((page - 1L) * size, products.Length);
        var end = (int)Math.Min((long)start + size, products.Length);
        return new ProductPage(products[start..end], page, size, products.Length);
    }

    private static IEnumerable<Product> MakeAll()
    {
        var id = 0;
        foreach (var (category, things) in Categories)
        {
            foreach (var thing in things)
            {
                foreach (var material in Materials)
                {
                    id++;
                    // 37 and 150 have no common factor: prices from 5.99 to 154.99 in no visible order.
                    var price = 5.99m + (id * 37 % 150);
                    yield return new Product(id, $"{material} {thing}", category, price,
                        $"{thing} for the {category} range, made of {material.ToLowerInvariant()}.");
                }
            }
        }
    }
}
