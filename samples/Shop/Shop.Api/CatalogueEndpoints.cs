using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Api;

/// <summary><c>/products</c> and <c>/search</c>: open to everybody.</summary>
public static class CatalogueEndpoints
{
    private const int MaxSize = 100;

    /// <summary>Adds the endpoints to the application.</summary>
    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var catalogue = routes.MapGroup("").WithTags("Catalogue");
        catalogue.MapGet("/products", ListProducts).WithName(nameof(ListProducts)).ProducesValidationProblem();
        catalogue.MapGet("/products/{id:int}", GetProduct).WithName(nameof(GetProduct))
            .ProducesProblem(StatusCodes.Status404NotFound);
        catalogue.MapGet("/search", SearchProducts).WithName(nameof(SearchProducts)).ProducesValidationProblem();
    }

    /// <summary>Lists products, page by page.</summary>
    /// <param name="category">Only products of this category.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Products per page, 1 to 100.</param>
    internal static Ok<ProductPage> ListProducts(
        Catalogue catalogue,
        string? category,
        [Range(1, int.MaxValue)] int page = 1,
        [Range(1, MaxSize)] int size = 20) =>
        TypedResults.Ok(catalogue.List(category, page, size));

    /// <summary>Shows one product.</summary>
    /// <param name="id">The product's id.</param>
    internal static Results<Ok<Product>, ProblemHttpResult> GetProduct(Catalogue catalogue, int id) =>
        catalogue.Find(id) is { } product
            ? TypedResults.Ok(product)
            : TypedResults.Problem($"There is no product {id}.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>Finds products by the words of their name or category.</summary>
    /// <param name="q">The words, all of which must occur.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Products per page, 1 to 100.</param>
    internal static Ok<ProductPage> SearchProducts(
        Catalogue catalogue,
        [Required, StringLength(100)] string q,
        [Range(1, int.MaxValue)] int page = 1,
        [Range(1, MaxSize)] int size = 20) =>
        TypedResults.Ok(catalogue.Search(q, page, size));
}
