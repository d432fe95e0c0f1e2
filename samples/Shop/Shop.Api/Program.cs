using Shop.Api;

await ShopApp.Build(args).RunAsync();
