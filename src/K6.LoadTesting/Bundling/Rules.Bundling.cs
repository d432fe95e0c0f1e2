namespace K6.LoadTesting.Diagnostics;

internal static partial class Rules
{
    /// <summary>esbuild is not where it should be.</summary>
    public static readonly DiagnosticRule EsbuildMissing = new("KSDK0020", DiagnosticSeverity.Error, "esbuild is missing");

    /// <summary>esbuild cannot be started, has another version, or ended early.</summary>
    public static readonly DiagnosticRule EsbuildFailed = new("KSDK0021", DiagnosticSeverity.Error, "esbuild does not work");

    /// <summary>The folder of bundles cannot be written.</summary>
    public static readonly DiagnosticRule BundlesNotWritable = new("KSDK0022", DiagnosticSeverity.Error, "The bundles cannot be written");

    /// <summary>The script of a scenario does not exist.</summary>
    public static readonly DiagnosticRule ScriptMissing = new("KSDK0201", DiagnosticSeverity.Error, "The script does not exist");

    /// <summary>A script or a module of it is not valid TypeScript or JavaScript.</summary>
    public static readonly DiagnosticRule ScriptInvalid = new("KSDK0202", DiagnosticSeverity.Error, "The script cannot be bundled");

    /// <summary>An import leads nowhere.</summary>
    public static readonly DiagnosticRule ImportUnresolved = new("KSDK0203", DiagnosticSeverity.Error, "The import leads nowhere");

    /// <summary>An import names something that the module does not export.</summary>
    public static readonly DiagnosticRule ImportNotExported = new("KSDK0204", DiagnosticSeverity.Error, "The module has no such export");

    /// <summary>An import of a k6 module that does not exist.</summary>
    public static readonly DiagnosticRule UnknownEngineModule = new("KSDK0205", DiagnosticSeverity.Error, "k6 has no such module");

    /// <summary>An import of a module that k6 2.x removed.</summary>
    public static readonly DiagnosticRule RemovedEngineModule = new("KSDK0206", DiagnosticSeverity.Error, "k6 removed the module");

    /// <summary>An import of a k6 extension.</summary>
    public static readonly DiagnosticRule ExtensionModule = new("KSDK0207", DiagnosticSeverity.Warning, "The module needs a k6 with an extension");

    /// <summary>An import that is downloaded when the engine starts.</summary>
    public static readonly DiagnosticRule RemoteModule = new("KSDK0208", DiagnosticSeverity.Warning, "The module is downloaded at the start of each run");

    /// <summary>A regular expression with <c>\p{…}</c>, which k6 accepts and never matches.</summary>
    public static readonly DiagnosticRule UnicodeProperty = new("KSDK0209", DiagnosticSeverity.Warning, "k6 never matches \\p{…}");

    /// <summary>esbuild warns about a script.</summary>
    public static readonly DiagnosticRule ScriptSuspicious = new("KSDK0210", DiagnosticSeverity.Warning, "The script looks wrong");

    /// <summary>A scenario names a function that its script does not export.</summary>
    public static readonly DiagnosticRule ExecNotExported = new("KSDK0211", DiagnosticSeverity.Error, "The script does not export the function");

    /// <summary>An import from an address that is not in the lock file, on a CI system.</summary>
    public static readonly DiagnosticRule RemoteModuleNotPinned = new("KSDK0212", DiagnosticSeverity.Error, "The module is not pinned");

    /// <summary>An import from an address has another sum than the lock file says.</summary>
    public static readonly DiagnosticRule RemoteModuleChanged = new("KSDK0213", DiagnosticSeverity.Error, "The module is not what was pinned");

    /// <summary>An import from an address cannot be had.</summary>
    public static readonly DiagnosticRule RemoteModuleMissing = new("KSDK0214", DiagnosticSeverity.Error, "The module cannot be downloaded");

    /// <summary>The lock file cannot be read.</summary>
    public static readonly DiagnosticRule ImportLockInvalid = new("KSDK0215", DiagnosticSeverity.Error, "The lock file of imports cannot be read");

    /// <summary>Two scripts of one run set an option differently. Thrown by the entry module.</summary>
    public static readonly DiagnosticRule OptionConflict = new("KSDK0220", DiagnosticSeverity.Error, "Two scripts of one run set an option differently");

    /// <summary>Two scripts of one run have a scenario of one name. Thrown by the entry module.</summary>
    public static readonly DiagnosticRule ScenarioConflict = new("KSDK0221", DiagnosticSeverity.Error, "Two scenarios of one run have one name");

    /// <summary>The options that a script exports are not an object. Thrown by the entry module.</summary>
    public static readonly DiagnosticRule OptionsNotAnObject = new("KSDK0222", DiagnosticSeverity.Error, "The script's options are not an object");

    /// <summary>A script sets stages together with duration or iterations. Thrown by the entry module.</summary>
    public static readonly DiagnosticRule LoadShortcutsConflict = new("KSDK0223", DiagnosticSeverity.Error, "The script's load is ambiguous");
}
