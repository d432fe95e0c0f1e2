namespace Shop.Api.Tests;

[TestClass]
public sealed class RecentTests
{
    [TestMethod]
    public void Only_the_newest_entries_are_remembered()
    {
        var recent = new Recent<int, string>(capacity: 2);

        recent.Add(1, "one");
        recent.Add(2, "two");
        recent.Add(3, "three");

        Assert.IsFalse(recent.TryGet(1, out _));
        Assert.IsTrue(recent.TryGet(2, out _));
        Assert.IsTrue(recent.TryGet(3, out _));
    }
}
