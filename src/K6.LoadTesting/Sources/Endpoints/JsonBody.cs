using System.Text.Json;

namespace K6.LoadTesting.Sources.Endpoints;

/// <summary>A JSON body with values in it: one within quotes is escaped there, one outside of them is a JSON value of its own.</summary>
internal static class JsonBody
{
    /// <summary>What is wrong with the JSON, a sentence; null when nothing is.</summary>
    public static string? Complaint(string body)
    {
        var sample = string.Concat(Parts(body).Select(part => !part.Part.IsExpression ? part.Part.Text : part.Quoted ? "x" : "0"));
        try
        {
            JsonDocument.Parse(sample).Dispose();
            return null;
        }
        catch (JsonException exception)
        {
            var line = (exception.LineNumber ?? 0) + 1;
            return $"line {line}, {exception.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.')}.";
        }
    }

    /// <summary>The parts of a body, and whether each stands within a JSON text.</summary>
    public static IEnumerable<(TemplatePart Part, bool Quoted)> Parts(string body)
    {
        var quoted = false;
        foreach (var part in TemplateText.Parse(body))
        {
            yield return (part, quoted);
            if (part.IsExpression)
            {
                continue;
            }

            for (var i = 0; i < part.Text.Length; i++)
            {
                if (quoted && part.Text[i] == '\\')
                {
                    i++;
                }
                else if (part.Text[i] == '"')
                {
                    quoted = !quoted;
                }
            }
        }
    }
}
