using System.Text;
using K6.LoadTesting.Services.Logs;

namespace K6.LoadTesting.Tests.Services;

[TestClass]
public sealed class ServiceLogTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_000);

    private readonly string folder = Directory.CreateTempSubdirectory("k6sdk-logs-").FullName;

    private string Recorded => Path.Combine(folder, "browse", "services", "shop.recorded");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow("fail: Shop.Orders[7]", nameof(LogLevel.Error))]
    [DataRow("crit: Microsoft.AspNetCore.Server.Kestrel[0]", nameof(LogLevel.Error))]
    [DataRow("warn: Shop.Orders[0]", nameof(LogLevel.Warning))]
    [DataRow("info: Shop.Orders[0]", nameof(LogLevel.Other))]
    [DataRow("      no ERRORS were found", nameof(LogLevel.Other))]
    [DataRow("<3>Shop.Orders[0] broke", nameof(LogLevel.Error))]
    [DataRow("<4>Shop.Orders[0] looks odd", nameof(LogLevel.Warning))]
    [DataRow("<6>Shop.Orders[0] runs", nameof(LogLevel.Other))]
    [DataRow("""{"EventId":0,"LogLevel":"Error","Category":"Shop","Message":"broke"}""", nameof(LogLevel.Error))]
    [DataRow("""{"@t":"2026-01-01","@l":"Warning","@mt":"odd"}""", nameof(LogLevel.Warning))]
    [DataRow("""{"@t":"2026-01-01","@mt":"an \"error\" in the text"}""", nameof(LogLevel.Other))]
    [DataRow("[12:00:01 ERR] broke", nameof(LogLevel.Error))]
    [DataRow("[12:00:01 INF] the errors of yesterday", nameof(LogLevel.Other))]
    [DataRow("2026-11-29 09:00:00 ERROR broke", nameof(LogLevel.Error))]
    [DataRow("Unhandled exception. System.InvalidOperationException: broke", nameof(LogLevel.Error))]
    [DataRow("GET /errors 200", nameof(LogLevel.Other))]
    [DataRow("", nameof(LogLevel.Other))]
    public void The_level_of_a_line_is_told_in_the_formats_that_services_print(string line, string level) =>
        Assert.AreEqual(level, LogLevels.Of(line).ToString());

    [TestMethod]
    public void Lines_get_their_second_and_errors_are_folded()
    {
        Write(
            (-2500, "info: Shop[0]"), (-2000, "fail: Shop[0]"), (-2000, "      cold"),
            (1250, "fail: Shop.Orders[7]"), (1250, "      Order 17 was lost"), (1251, "      at Shop.Orders.Save()"), (1300, "info: Shop[0]"),
            (2000, "fail: Shop.Orders[7]"), (2000, "      Order 4711 was lost"), (2000, "      at Shop.Orders.Save()"),
            (3000, "warn: Shop[1]"), (3000, "      slow"),
            (9000, "fail: Shop[0]"), (9000, "      after the load"));

        var log = ServiceLogReader.Read(Recorded, Start, 5)!;

        Assert.AreEqual("shop", log.Name);
        Assert.AreEqual("browse/services/shop.log", log.File);
        Assert.AreEqual("9 2 1", $"{log.Lines} {log.Errors} {log.Warnings}");
        Assert.AreEqual(
            "1.25 error fail: Shop.Orders[7] Order 17 was lost at Shop.Orders.Save() 2 | 3 warning warn: Shop[1] slow 1",
            string.Join(" | ", log.Events.Select(one => FormattableString.Invariant($"{one.Seconds} {one.Level} {one.Message} {one.Count}"))));
        var lines = File.ReadAllLines(Path.Combine(folder, log.File));
        Assert.AreEqual("    -2.500  info: Shop[0]", lines[0]);
        Assert.AreEqual("     1.250        Order 17 was lost", lines[4]);
        Assert.HasCount(14, lines);
        Assert.IsFalse(File.Exists(Recorded));
    }

    [TestMethod]
    public void The_message_of_a_JSON_line_is_its_text()
    {
        Write((100, """{"LogLevel":"Error","Message":"broke"}"""), (200, """{"@l":"Error","@mt":"cut off"""));

        Assert.AreEqual("broke | {\"@l\":\"Error\",\"@mt\":\"cut off", string.Join(" | ", ServiceLogReader.Read(Recorded, Start, null)!.Events.Select(one => one.Message)));
    }

    [TestMethod]
    public void A_service_that_printed_nothing_has_no_log()
    {
        Write();
        Assert.IsNull(ServiceLogReader.Read(Recorded, Start, 5));
        Assert.IsNull(ServiceLogReader.Read(Recorded, Start, 5), "and no file either");
    }

    [TestMethod]
    public void What_comes_is_counted_and_kept_while_somebody_records()
    {
        var heard = new List<string>();
        using var output = new ServiceOutput(line => heard.Add(Encoding.UTF8.GetString(line)));
        output.Hear("fail: before"u8);
        output.Record(Recorded);
        output.Hear("warn: during"u8);
        output.Hear("plain"u8);
        output.StopRecording();
        output.Hear("fail: after"u8);

        Assert.AreEqual(new LogCounts(2, 1), output.Counts);
        Assert.HasCount(4, heard);
        var kept = File.ReadAllLines(Recorded);
        Assert.AreEqual("warn: during plain", string.Join(' ', kept.Select(line => line[(line.IndexOf(' ') + 1)..])));
        Assert.IsTrue(kept.All(line => long.Parse(line.Split(' ')[0]) > Start.ToUnixTimeMilliseconds() - (long)TimeSpan.FromDays(365).TotalMilliseconds));
    }

    private void Write(params (int Milliseconds, string Text)[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Recorded)!);
        File.WriteAllLines(Recorded, lines.Select(line => $"{Start.ToUnixTimeMilliseconds() + line.Milliseconds} {line.Text}"));
    }
}
