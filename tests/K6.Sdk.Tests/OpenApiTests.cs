using K6.LoadTesting.Results;

namespace K6.Sdk.Tests;

/// <summary>The document of an ASP.NET Core project through the package door: under load, checked once, taken over.</summary>
[TestClass]
public sealed class OpenApiTests
{
    private const string Services = """
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddOpenApi();
        var app = builder.Build();
        app.MapOpenApi();
        app.MapGet("/health", () => "fine");
        app.MapGet("/things/{id}", (int id) => new Thing(id)).WithName("GetThing");
        app.Run();
        record Thing(int Id);
        """;

    private static Consumer _consumer = null!;

    [ClassInitialize]
    public static void WriteProjects(TestContext _)
    {
        _consumer = new Consumer();
        _consumer.Write("Things/Things.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="Microsoft.AspNetCore.OpenApi" Version="10.0.15" /></ItemGroup>
            </Project>
            """);
        _consumer.Write("Things/Program.cs", Services);
        _consumer.Write("Load/Load.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><K6MinimumEndpointCoverage>100%</K6MinimumEndpointCoverage></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="K6.Sdk" Version="$VERSION$" PrivateAssets="all" />
                <K6Service Include="../Things/Things.csproj" HealthPath="/health" />
                <K6OpenApi Include="../Things/Things.csproj" ValidateResponses="true" />
                <K6Scenario Include="k6-clients/things" Vus="2" Iterations="20" />
              </ItemGroup>
            </Project>
            """);
    }

    [ClassCleanup]
    public static void Remove() => _consumer.Dispose();

    [TestMethod]
    public void A_project_without_a_change_is_under_load_by_its_own_document_and_its_script_can_be_taken_over()
    {
        _consumer.Write("Things/Program.cs", Services);
        _consumer.Dotnet("build", "Load", "-t:LoadTest", "-p:K6Engine=embedded", "-tl:off").Succeeded().Says("PASSED things").Says("2 of 2 operations");
        var before = Requests();
        Assert.AreEqual("GET /health 10, GET /things/{id} 10", before);

        _consumer.Dotnet("build", "Load", "-t:K6ApiCheck", "-p:K6Engine=embedded", "-tl:off").Succeeded().Says("2 requests answered as expected");

        _consumer.Dotnet("build", "Load", "-t:K6Eject", "-tl:off").Succeeded().Says("wrote scenarios", "things.ts");
        Assert.Contains("""<K6Scenario Include="scenarios/things.ts" Vus="2" Iterations="20" />""", File.ReadAllText(_consumer.PathOf("Load/Load.csproj")));
        _consumer.Dotnet("build", "Load", "-t:LoadTest", "-p:K6Engine=embedded", "-tl:off").Succeeded().Says("PASSED things");
        Assert.AreEqual(before, Requests());
    }

    [TestMethod]
    public void A_project_that_makes_no_document_is_an_error_at_the_item()
    {
        _consumer.Write("Things/Program.cs", Services.Replace("builder.Services.AddOpenApi();", "", StringComparison.Ordinal).Replace("app.MapOpenApi();", "", StringComparison.Ordinal));
        _consumer.Dotnet("build", "Load", "-t:K6Bundle", "-tl:off").FailedWith("Load.csproj(6,", "error KSDK0657: Things.csproj makes no OpenAPI document: call builder.Services.AddOpenApi()");

        _consumer.Write("Things/Program.cs", Services.Replace("app.Run();", "app.Run(", StringComparison.Ordinal));
        _consumer.Dotnet("build", "Load", "-t:K6Bundle", "-tl:off").FailedWith("Load.csproj(6,", "error KSDK0657", "did not build");
    }

    private static string Requests() => string.Join(", ",
        LoadTestJson.Read<LoadTestResult>(_consumer.PathOf("Load/TestResults/loadtest.json")).Tests.Single().Endpoints.Select(one => $"{one.Name} {one.Requests}").Order());
}
