using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace K6.Sdk.Tests;

/// <summary>TypeScript's language service as VS Code and Visual Studio run it: <c>tsserver</c>, spoken to over its standard streams.</summary>
internal sealed class LanguageServer : IDisposable
{
    private readonly Process process;
    private int sequence;

    public LanguageServer(string folder)
    {
        var server = Path.Combine(PackedSdk.Repository, "build", "tools", "node_modules", "typescript", "lib", "tsserver.js");
        process = Process.Start(new ProcessStartInfo("node", [server, "--disableAutomaticTypingAcquisition", "--suppressDiagnosticEvents"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Opens a file, as an editor does.</summary>
    public void Open(string file) => Send("open", new { file });

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="command">The protocol's command.</param>
    /// <param name="file">Absolute path of an open file.</param>
    /// <param name="text">A text of the file; the question is about its end.</param>
    public JsonNode? Ask(string command, string file, string text = "")
    {
        var before = File.ReadAllText(file) is var content && text.Length > 0 ? content[..(content.IndexOf(text, StringComparison.Ordinal) + text.Length)] : "";
        var request = Send(command, new { file, line = before.Count(c => c == '\n') + 1, offset = before.Length - before.LastIndexOf('\n') });
        while (Read() is { } message)
        {
            if (message["type"]!.GetValue<string>() == "response" && message["request_seq"]!.GetValue<int>() == request)
            {
                return message["body"];
            }
        }

        throw new AssertFailedException("The language service ended.");
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private int Send(string command, object arguments)
    {
        process.StandardInput.WriteLine(JsonSerializer.Serialize(new { seq = ++sequence, type = "request", command, arguments }));
        process.StandardInput.Flush();
        return sequence;
    }

    // A header with the length in bytes, an empty line, and JSON.
    private JsonNode? Read()
    {
        var stream = process.StandardOutput.BaseStream;
        var header = new StringBuilder();
        while (!header.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var one = stream.ReadByte();
            if (one < 0)
            {
                return null;
            }

            header.Append((char)one);
        }

        var bytes = new byte[int.Parse(header.ToString().Split(':')[1], CultureInfo.InvariantCulture)];
        stream.ReadExactly(bytes);
        return JsonNode.Parse(bytes);
    }
}
