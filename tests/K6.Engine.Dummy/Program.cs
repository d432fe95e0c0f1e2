using K6.Engine.Dummy;

return args switch
{
    ["version", ..] => Say("""{"version":"v9.8.7+dummy"}"""),
    ["run", ..] or ["inspect", ..] => await DummyEngine.RunAsync(args),
    ["service", ..] => await DummyService.RunAsync(args),
    ["parent", var engine, var bundle, var folder] => await DummyParent.RunAsync(engine, bundle, folder),
    ["sleep", var seconds] => Sleep(seconds),
    ["lock", var file] => Lock(file),
    _ => 2,
};

static int Say(string text)
{
    Console.WriteLine(text);
    return 0;
}

static int Sleep(string seconds)
{
    Thread.Sleep(TimeSpan.FromSeconds(int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture)));
    return 0;
}

static int Lock(string file)
{
    using var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    Console.WriteLine("held");
    Thread.Sleep(TimeSpan.FromSeconds(60));
    return 0;
}
