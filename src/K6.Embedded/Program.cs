using System.Collections;
using System.Text;
using K6.Embedded.Cli;
using K6.Embedded.Runtime;

if (args.Any(argument => argument is "run" or "inspect"))
{
    WarmUp.BeginToLoad();
}

var environment = new Dictionary<string, string>(StringComparer.Ordinal);
foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
{
    environment[(string)variable.Key] = (string?)variable.Value ?? "";
}

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
