namespace K6.LoadTesting.Diagnostics;

/// <content>Rules of the engines: finding one, checking the options with it, and how a run of it may end.</content>
internal static partial class Rules
{
    /// <summary>k6 is demanded and nowhere to be found.</summary>
    public static readonly DiagnosticRule K6NotFound = new("KSDK0001", DiagnosticSeverity.Error, "k6 was not found");

    /// <summary>K6Path or K6_PATH names a file that is not there.</summary>
    public static readonly DiagnosticRule K6PathMissing = new("KSDK0002", DiagnosticSeverity.Error, "the path of k6 names no file");

    /// <summary>The file may not be executed.</summary>
    public static readonly DiagnosticRule K6NotExecutable = new("KSDK0003", DiagnosticSeverity.Error, "the k6 program cannot be executed");

    /// <summary>The program does not answer like k6.</summary>
    public static readonly DiagnosticRule NotK6 = new("KSDK0004", DiagnosticSeverity.Error, "the program is not k6");

    /// <summary>k6 is older than 1.0.</summary>
    public static readonly DiagnosticRule K6TooOld = new("KSDK0005", DiagnosticSeverity.Error, "k6 is too old");

    /// <summary>The program does not answer the question for its version.</summary>
    public static readonly DiagnosticRule K6Hangs = new("KSDK0006", DiagnosticSeverity.Error, "the k6 program does not answer");

    /// <summary>No k6: the embedded engine runs the load.</summary>
    public static readonly DiagnosticRule EmbeddedEngineUsed = new("KSDK0007", DiagnosticSeverity.Warning, "the embedded engine runs the load");

    /// <summary>The embedded engine is not there or does not start.</summary>
    public static readonly DiagnosticRule EmbeddedEngineMissing = new("KSDK0008", DiagnosticSeverity.Error, "the embedded engine does not start");

    /// <summary>A variable that scripts should inherit is not set.</summary>
    public static readonly DiagnosticRule VariableNotSet = new("KSDK0009", DiagnosticSeverity.Warning, "an inherited variable is not set");

    /// <summary>Another load test holds the machine for too long.</summary>
    public static readonly DiagnosticRule MachineBusy = new("KSDK0010", DiagnosticSeverity.Error, "another load test is running");

    /// <summary>A script threw outside of an iteration.</summary>
    public static readonly DiagnosticRule ScriptFailed = new("KSDK0301", DiagnosticSeverity.Error, "a script failed outside of its iterations");

    /// <summary>setup() took too long.</summary>
    public static readonly DiagnosticRule SetupTimedOut = new("KSDK0302", DiagnosticSeverity.Error, "setup() took too long");

    /// <summary>teardown() took too long.</summary>
    public static readonly DiagnosticRule TeardownTimedOut = new("KSDK0303", DiagnosticSeverity.Error, "teardown() took too long");

    /// <summary>The run took longer than its upper bound.</summary>
    public static readonly DiagnosticRule RunTimedOut = new("KSDK0304", DiagnosticSeverity.Error, "the run went past its time limit");

    /// <summary>A script ended the run.</summary>
    public static readonly DiagnosticRule RunAborted = new("KSDK0305", DiagnosticSeverity.Error, "a script aborted the run");

    /// <summary>A script marked the run as failed.</summary>
    public static readonly DiagnosticRule RunMarkedAsFailed = new("KSDK0306", DiagnosticSeverity.Error, "a script marked the run as failed");

    /// <summary>Somebody ended the engine with a signal.</summary>
    public static readonly DiagnosticRule RunInterrupted = new("KSDK0307", DiagnosticSeverity.Error, "the engine was interrupted");

    /// <summary>Somebody stopped the engine over its REST address.</summary>
    public static readonly DiagnosticRule RunStopped = new("KSDK0308", DiagnosticSeverity.Error, "the engine was stopped");

    /// <summary>The engine refuses the options.</summary>
    public static readonly DiagnosticRule InvalidOptions = new("KSDK0309", DiagnosticSeverity.Error, "the engine refuses the options");

    /// <summary>The engine ended in a way that it has no name for.</summary>
    public static readonly DiagnosticRule EngineCrashed = new("KSDK0310", DiagnosticSeverity.Error, "the engine failed");

    /// <summary>The engine was killed.</summary>
    public static readonly DiagnosticRule EngineKilled = new("KSDK0311", DiagnosticSeverity.Error, "the engine was killed");

    /// <summary>The run was stopped because the build was cancelled.</summary>
    public static readonly DiagnosticRule EngineCancelled = new("KSDK0312", DiagnosticSeverity.Error, "the run was cancelled");

    /// <summary>The engine does not understand a threshold.</summary>
    public static readonly DiagnosticRule InvalidThreshold = new("KSDK0313", DiagnosticSeverity.Error, "a threshold is not valid");

    /// <summary>A threshold names a metric that the run does not have.</summary>
    public static readonly DiagnosticRule UnknownMetric = new("KSDK0314", DiagnosticSeverity.Error, "a threshold names an unknown metric");

    /// <summary>The engine refuses a scenario.</summary>
    public static readonly DiagnosticRule InvalidScenario = new("KSDK0315", DiagnosticSeverity.Error, "a scenario is not valid");

    /// <summary>A scenario runs a function that its script does not export.</summary>
    public static readonly DiagnosticRule UnknownFunction = new("KSDK0316", DiagnosticSeverity.Error, "a scenario runs a function that is not exported");

    /// <summary>A script imports a module that the engine does not have.</summary>
    public static readonly DiagnosticRule UnknownModule = new("KSDK0317", DiagnosticSeverity.Error, "the engine lacks a module");

    /// <summary>A script does not come to the end of its top level.</summary>
    public static readonly DiagnosticRule ScriptHangs = new("KSDK0318", DiagnosticSeverity.Error, "a script does not finish loading");
}
