using K6.Benchmarks;

return args switch
{
    ["engine"] => EngineBenchmark.Run(),
    ["serve"] => FastServer.Run(),
    ["floor", var url, var users, var seconds] => HttpFloor.Run(url, users, seconds),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project bench/K6.Benchmarks -- NAME

          engine    the embedded engine against real k6: CPU per iteration, rate, memory, start

        Each ends with 'NAME: ratio R (goal G) against REFERENCE, N rounds'. Exit codes: 0 measured, 3 the reference is missing, 1 it failed.
        """);
    return 2;
}
