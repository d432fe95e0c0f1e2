using K6.LoadTesting.Gates;

namespace K6.LoadTesting.Tests.Gates;

[TestClass]
public class SustainedLevelTests
{
    [TestMethod]
    [DataRow("<", "1 9 9 9 1", 3, 9.0, 4.0)]
    [DataRow("<", "1 9 9 1 9", 3, 1.0, null)]
    [DataRow("<", "9 1 9 9 1", 2, 9.0, 4.0)]
    [DataRow("<", "1 6 8 7 1", 3, 6.0, 4.0)]
    [DataRow("<", "9", 1, 9.0, 1.0)]
    [DataRow("<", "9 9 - 9 9", 3, null, null)]
    [DataRow("<", "9 9", 3, null, null)]
    [DataRow("<", "", 1, null, null)]
    [DataRow("<=", "5 5 5", 2, 5.0, null)]
    [DataRow(">", "9 1 2 9", 2, 2.0, 3.0)]
    [DataRow(">=", "9 5 5 9", 2, 5.0, null)]
    public void The_level_that_lasted_breaks_the_limit_exactly_where_every_second_of_a_stretch_does(
        string comparison, string values, int length, double? level, double? brokenAt)
    {
        var seconds = values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((value, index) => (index + 1.0, value == "-" ? null : (double?)double.Parse(value))).ToList();

        Assert.AreEqual(new SustainedLevel(level, brokenAt), SustainedLevel.Of(seconds, length, comparison, 5));
    }
}
