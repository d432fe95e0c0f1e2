namespace Shop.Api;

/// <summary>A product in a basket or an order.</summary>
/// <param name="ProductId">Which product.</param>
/// <param name="Name">Its name.</param>
/// <param name="Quantity">How many of it.</param>
/// <param name="UnitPrice">The price of one, in euro.</param>
public sealed record BasketItem(int ProductId, string Name, int Quantity, decimal UnitPrice)
{
    /// <summary>The price of all of them, in euro.</summary>
    public decimal Total => Quantity * UnitPrice;
}

/// <summary>What is in a basket at one moment.</summary>
/// <param name="Items">In the order of their product ids.</param>
public sealed record BasketContents(IReadOnlyList<BasketItem> Items)
{
    /// <summary>The price of everything, in euro.</summary>
    public decimal Total => Items.Sum(item => item.Total);
}

/// <summary>The products that a customer has chosen. Safe for use from several threads.</summary>
public sealed class Basket
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<int, BasketItem> items = [];

    /// <summary>What is in the basket now.</summary>
    public BasketContents Contents
    {
        get
        {
            lock (gate)
            {
                return new BasketContents([.. items.Values]);
            }
        }
    }

    /// <summary>Adds a product, or more of one that is already there.</summary>
    public BasketContents Add(Product product, int quantity)
    {
        lock (gate)
        {
            var before = items.TryGetValue(product.Id, out var item) ? item.Quantity : 0;
            items[product.Id] = new BasketItem(product.Id, product.Name, before + quantity, product.Price);
            return Contents;
        }
    }

    /// <summary>Takes a product out, all of it; false when it was not in the basket.</summary>
    public bool Remove(int productId)
    {
        lock (gate)
        {
            return items.Remove(productId);
        }
    }

    /// <summary>Empties the basket in one step, so that nothing is ever ordered twice, and returns what was in it.</summary>
    public BasketContents TakeAll()
    {
        lock (gate)
        {
            var contents = Contents;
            items.Clear();
            return contents;
        }
    }
}
