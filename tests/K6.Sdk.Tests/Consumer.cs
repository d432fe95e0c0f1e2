namespace K6.Sdk.Tests;

/// <summary>
/// A user's folder outside of the repository, with a space and letters outside of ASCII in its path. Its nuget.config adds the
/// feed of the test run to the sources that the machine has.
/// </summary>
internal sealed class Consumer : IDisposable
{
    public Consumer()
    {
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="K6.Sdk tests" value="{PackedSdk.Feed}" />
              </packageSources>
            </configuration>
            """);
    }

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"k6 sdk tëst {Guid.NewGuid():N}");

    public string PathOf(string name) => Path.Combine(Root, name);

    public string Write(string name, string text)
    {
        var file = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text.Replace("$VERSION$", PackedSdk.Version, StringComparison.Ordinal));
        return file;
    }

    public bool Has(string name) => File.Exists(PathOf(name));

    public DotnetRun Dotnet(params string[] arguments) => Tests.Dotnet.Run(Root, PackedSdk.Packages, arguments);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>A small web application that counts its requests, in a folder of its own.</summary>
    public void WriteService(string folder, string extra = "")
    {
        Write($"{folder}/{Path.GetFileName(folder)}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                {extra}
              </PropertyGroup>
            </Project>
            """);
        Write($"{folder}/Program.cs", """
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapGet("/health", () => "fine");
            app.MapGet("/hello", () => "hello");
            app.Run();
            """);
    }
}
