using System.Globalization;
using System.Text.Json;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Results;

namespace K6.LoadTesting.Sources.ApiChecks;

/// <summary>Tells of each request of an API check whether its answer was as expected.</summary>
internal static class ApiCheckJudge
{
    private const string Mark = "k6-sdk answer ";
    private const int ShownBody = 300;

    /// <summary>The result of a test with what came of each request.</summary>
    /// <param name="test">The test, as <see cref="ApiCheckPlan"/> made it.</param>
    /// <param name="result">Its result.</param>
    /// <param name="logFile">The engine's log; null without one.</param>
    /// <param name="diagnostics">Receives an error for each request that failed.</param>
    public static TestResult Judge(TestPlan test, TestResult result, string? logFile, ICollection<Diagnostic> diagnostics)
    {
        var requests = test.Scenarios.SelectMany(scenario => scenario.Requests!.Requests).ToList();
        var checks = ChecksByRequest([.. requests.Select(request => request.Name)], result.Checks);
        var answers = Answers(logFile);
        var judged = requests.Select(request => Judge(request, checks.GetValueOrDefault(request.Name) ?? [], answers.GetValueOrDefault(request.Name), diagnostics)).ToList();

        // One that was not made is the consequence of one that failed, or of something that was told of the whole run.
        if (judged.Exists(one => one.Outcome == RequestOutcome.NotMade) && judged.TrueForAll(one => one.Outcome != RequestOutcome.Failed))
        {
            var first = requests[judged.FindIndex(one => one.Outcome == RequestOutcome.NotMade)];
            diagnostics.Add(Rules.ApiCheckFailed.At(first.Location, $"{first.Name} was not made; the engine's log says why."));
        }

        return result with
        {
            Requests = judged,
            Verdict = judged.Exists(one => one.Outcome != RequestOutcome.Passed) ? Verdict.Failed : result.Verdict,
        };
    }

    private static RequestResult Judge(ScriptRequest request, List<CheckResult> checks, Answer? answer, ICollection<Diagnostic> diagnostics)
    {
        var failed = checks.Select((check, index) => (check, index)).Where(one => one.check.Fails > 0).ToList();
        string[] failures = [.. failed.Select(one => one.check.Name[(request.Name.Length + 2)..])];
        // The checks of a request come in the order of its expectations, then its captures.
        SourceLocation[] places = [.. request.Expectations.Select(one => one.Location), .. request.Captures.Select(one => one.Location)];
        var place = failed.Count > 0 && failed[0].index < places.Length ? places[failed[0].index] : request.Location;
        var outcome = checks.Count == 0 ? RequestOutcome.NotMade : failed.Count > 0 ? RequestOutcome.Failed : RequestOutcome.Passed;
        if (outcome == RequestOutcome.Failed)
        {
            diagnostics.Add(Rules.ApiCheckFailed.At(place, $"{request.Name}: not so: {string.Join("; ", failures)}. {Describe(answer)}"));
        }

        return new RequestResult
        {
            Name = request.Name,
            Outcome = outcome,
            Failures = failures,
            Status = answer?.Status,
            DurationMs = answer?.Duration,
            Error = answer?.Error,
            Body = answer?.Body,
            File = place.File,
            Line = place.Line > 0 ? place.Line : null,
        };
    }

    private static string Describe(Answer? answer) => answer is null ? "There was no answer."
        : answer.Status == 0 ? $"There was no answer: {answer.Error}."
        : string.Create(CultureInfo.InvariantCulture, $"The answer was {answer.Status}{(answer.Body is { Length: > 0 } body ? $": {PlainText.OneLine(body.Length > ShownBody ? body[..ShownBody] + "…" : body)}" : ", without a body")}");

    private static Dictionary<string, List<CheckResult>> ChecksByRequest(IReadOnlyList<string> names, IEnumerable<CheckResult> checks)
    {
        // The longest name that fits: 'login' is the beginning of 'login: again', too.
        var byLength = names.OrderByDescending(name => name.Length).ToList();
        return checks.Select(check => (Name: byLength.Find(name => check.Name.StartsWith(name + ": ", StringComparison.Ordinal)), Check: check))
            .Where(pair => pair.Name is not null)
            .GroupBy(pair => pair.Name!, pair => pair.Check)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
    }

    /// <summary>What the engine said of a request.</summary>
    internal sealed record Answer(string Name, int Status, string? Error, double Duration, string? Body);

    private static Dictionary<string, Answer> Answers(string? logFile)
    {
        var answers = new Dictionary<string, Answer>(StringComparer.Ordinal);
        foreach (var line in logFile is null || !File.Exists(logFile) ? [] : File.ReadLines(logFile).Where(line => line.Contains(Mark, StringComparison.Ordinal)))
        {
            try
            {
                using var record = JsonDocument.Parse(line);
                var message = record.RootElement.TryGetProperty("msg", out var text) ? text.GetString() ?? "" : "";
                if (message.StartsWith(Mark, StringComparison.Ordinal) && JsonSerializer.Deserialize(message.AsSpan(Mark.Length), WebJson.Instance.Answer) is { } answer)
                {
                    answers[answer.Name] = answer;
                }
            }
            catch (JsonException)
            {
                // A line of the engine's own.
            }
        }

        return answers;
    }
}
