namespace Shop.Api;

/// <summary>What a customer has bought.</summary>
/// <param name="Id">Counted from 1.</param>
/// <param name="User">Who bought it.</param>
/// <param name="Items">The basket at checkout.</param>
/// <param name="Total">The price of everything, in euro.</param>
public sealed record Order(int Id, string User, IReadOnlyList<BasketItem> Items, decimal Total);

/// <summary>The newest 100 000 orders. Safe for use from several threads.</summary>
public sealed class Orders
{
    private readonly Recent<int, Order> byId = new(100_000);
    private int lastId;

    /// <summary>Turns the contents of a basket into an order.</summary>
    public Order Place(string user, BasketContents basket)
    {
        var order = new Order(Interlocked.Increment(ref lastId), user, basket.Items, basket.Total);
        byId.Add(order.Id, order);
        return order;
    }

    /// <summary>An order by its id, or null when there is none of this user's.</summary>
    public Order? Find(int id, string user) =>
        byId.TryGet(id, out var order) && order.User == user ? order : null;
}
