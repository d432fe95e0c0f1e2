using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Api;

/// <summary>What to put into the basket.</summary>
/// <param name="ProductId">Which product.</param>
/// <param name="Quantity">How many of it, 1 to 99.</param>
public sealed record NewBasketItem(int ProductId, [property: Range(1, 99)] int Quantity = 1);

/// <summary><c>/basket</c>: needs a token.</summary>
public static class BasketEndpoints
{
    /// <summary>Adds the endpoints to the application.</summary>
    public static void MapBasket(this IEndpointRouteBuilder routes)
    {
        var basket = routes.MapGroup("/basket").WithTags("Basket").RequireAuthorization()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        basket.MapGet("", GetBasket).WithName(nameof(GetBasket));
        basket.MapDelete("", ClearBasket).WithName(nameof(ClearBasket));
        basket.MapPost("/items", AddBasketItem).WithName(nameof(AddBasketItem))
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        basket.MapDelete("/items/{productId:int}", RemoveBasketItem).WithName(nameof(RemoveBasketItem))
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Shows what is in the basket.</summary>
    internal static Ok<BasketContents> GetBasket(Session session) => TypedResults.Ok(session.Basket.Contents);

    /// <summary>Empties the basket.</summary>
    internal static NoContent ClearBasket(Session session)
    {
        session.Basket.TakeAll();
        return TypedResults.NoContent();
    }

    /// <summary>Puts a product into the basket and shows the basket.</summary>
    internal static Results<Ok<BasketContents>, ProblemHttpResult> AddBasketItem(
        Session session, Catalogue catalogue, NewBasketItem item) =>
        catalogue.Find(item.ProductId) is { } product
            ? TypedResults.Ok(session.Basket.Add(product, item.Quantity))
            : TypedResults.Problem($"There is no product {item.ProductId}.",
                statusCode: StatusCodes.Status404NotFound);

    /// <summary>Takes a product out of the basket.</summary>
    /// <param name="productId">Which product; all of it goes.</param>
    internal static Results<NoContent, ProblemHttpResult> RemoveBasketItem(Session session, int productId) =>
        session.Basket.Remove(productId)
            ? TypedResults.NoContent()
            : TypedResults.Problem($"Product {productId} is not in the basket.",
                statusCode: StatusCodes.Status404NotFound);
}
