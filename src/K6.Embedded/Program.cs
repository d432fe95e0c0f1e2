using System.Collections;
using System.Text;
using K6.Embedded.Cli;
using K6.Embedded.Runtime;

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);
var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true });
using var error = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true });
return Application.Run(new EngineHost(
    args,
    environment,
    Directory.GetCurrentDirectory(),
    output,
    error,
    Console.In,
    ScriptLoader.Load)
{
    HandlesSignals = true,
});
