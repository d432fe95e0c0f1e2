using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Tests.Diagnostics;

[TestClass]
public sealed class DiagnosticTests
{
    [TestMethod]
    [DataRow("boom \u001b[31m\nsecond", "boom  second")]
    [DataRow("bell \u0007 and \u001b]0;title\u0007end", "bell \\u0007 and end")]
    [DataRow("a\r\nb\u2028c\n", "a b c")]
    public void A_message_is_one_line_without_controls(string said, string message) =>
        Assert.AreEqual(message, new DiagnosticRule("KSDK9999", DiagnosticSeverity.Error, "test").At(null, said).Message);
}
