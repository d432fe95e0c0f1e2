namespace K6.Sdk.Tests;

/// <summary>Package tests of minutes, whose parts have tests of their own in the library: a machine of two cores would take more than half an hour for all.</summary>
internal static class LongTests
{
    /// <summary>Ends the test as inconclusive on a small machine, unless <c>K6SDK_LONG_TESTS</c> is set.</summary>
    public static void Require()
    {
        if (Environment.ProcessorCount < 4 && Environment.GetEnvironmentVariable("K6SDK_LONG_TESTS") is not { Length: > 0 })
        {
            Assert.Inconclusive("It takes minutes on a machine of less than four cores: set K6SDK_LONG_TESTS=1 to run it.");
        }
    }
}
