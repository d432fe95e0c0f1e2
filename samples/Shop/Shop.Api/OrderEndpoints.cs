using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Api;

/// <summary><c>/checkout</c> and <c>/orders</c>: need a token.</summary>
public static class OrderEndpoints
{
    /// <summary>Adds the endpoints to the application.</summary>
    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        var orders = routes.MapGroup("").WithTags("Orders").RequireAuthorization()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        orders.MapPost("/checkout", Checkout).WithName(nameof(Checkout))
            .ProducesProblem(StatusCodes.Status409Conflict);
        orders.MapGet("/orders/{id:int}", GetOrder).WithName(nameof(GetOrder))
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Orders what is in the basket and empties it.</summary>
    internal static Results<Created<Order>, ProblemHttpResult> Checkout(Session session, Orders orders)
    {
        var basket = session.Basket.TakeAll();
        if (basket.Items.Count == 0)
        {
            return TypedResults.Problem("The basket is empty: add an item before checkout.",
                statusCode: StatusCodes.Status409Conflict);
        }

        var order = orders.Place(session.User, basket);
        return TypedResults.Created($"/orders/{order.Id}", order);
    }

    /// <summary>Shows one of the user's own orders.</summary>
    /// <param name="id">The order's id.</param>
    internal static Results<Ok<Order>, ProblemHttpResult> GetOrder(Session session, Orders orders, int id) =>
        orders.Find(id, session.User) is { } order
            ? TypedResults.Ok(order)
            : TypedResults.Problem($"You have no order {id}.", statusCode: StatusCodes.Status404NotFound);
}
