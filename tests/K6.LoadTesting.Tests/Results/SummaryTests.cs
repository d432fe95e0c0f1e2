using System.Text.Json;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Tests.Results;

[TestClass]
public sealed class SummaryTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [TestMethod]
    [DataRow("[]")]
    [DataRow("""{"metrics":{}}""")]
    [DataRow("""{"metrics":{"a":{"type":"counter","values":{"count":1}},"a":{"type":"counter","values":{"count":2}}},"root_group":{"groups":[],"checks":[]},"state":{"testRunDurationMs":1}}""")]
    public void What_the_entry_module_never_writes_is_not_of_this_shape(string json)
    {
        File.WriteAllText(_file, json);
        Assert.ThrowsExactly<JsonException>(() => Summary.Read(_file));
    }
}
