namespace K6.LoadTesting.Diagnostics;

// 01xx: what a project declares. Messages are made where the rule is found broken; docs/codes.md explains each.
internal static partial class Rules
{
    /// <summary>An item that starts with K6 and that nobody knows.</summary>
    public static readonly DiagnosticRule UnknownItem = new("KSDK0101", DiagnosticSeverity.Error, "unknown K6 item");

    /// <summary>Something that a later version will do.</summary>
    public static readonly DiagnosticRule NotYetSupported = new("KSDK0102", DiagnosticSeverity.Error, "not supported yet");

    /// <summary>A metadatum that the item does not have.</summary>
    public static readonly DiagnosticRule UnknownMetadata = new("KSDK0103", DiagnosticSeverity.Error, "unknown metadatum");

    /// <summary>A value that cannot be read: a number, a duration, a switch, a list.</summary>
    public static readonly DiagnosticRule InvalidValue = new("KSDK0104", DiagnosticSeverity.Error, "unreadable value");

    /// <summary>A <c>K6*</c> element whose condition holds and which MSBuild evaluated to no item; found by the tasks.</summary>
    public static readonly DiagnosticRule ItemYieldsNothing = new("KSDK0105", DiagnosticSeverity.Error, "element yields no item");

    /// <summary>A duration without a unit, which k6 reads as milliseconds.</summary>
    public static readonly DiagnosticRule DurationWithoutUnit = new("KSDK0106", DiagnosticSeverity.Warning, "duration without a unit");

    /// <summary>A property that starts with K6 and that nobody knows.</summary>
    public static readonly DiagnosticRule UnknownProperty = new("KSDK0107", DiagnosticSeverity.Warning, "unknown K6 property");

    /// <summary>A property whose value cannot be read.</summary>
    public static readonly DiagnosticRule InvalidProperty = new("KSDK0108", DiagnosticSeverity.Error, "unreadable property");

    /// <summary>The script of a scenario does not exist.</summary>
    public static readonly DiagnosticRule MissingScript = new("KSDK0110", DiagnosticSeverity.Error, "missing script");

    /// <summary>The file of a scenario is not a script.</summary>
    public static readonly DiagnosticRule NotAScript = new("KSDK0111", DiagnosticSeverity.Error, "not a script");

    /// <summary>A name that k6, a folder or an address cannot carry.</summary>
    public static readonly DiagnosticRule InvalidName = new("KSDK0112", DiagnosticSeverity.Error, "invalid name");

    /// <summary>Two scenarios of one name.</summary>
    public static readonly DiagnosticRule DuplicateName = new("KSDK0113", DiagnosticSeverity.Error, "name used twice");

    /// <summary>An executor that k6 does not have.</summary>
    public static readonly DiagnosticRule UnknownExecutor = new("KSDK0114", DiagnosticSeverity.Error, "unknown executor");

    /// <summary>Load metadata that fit no executor.</summary>
    public static readonly DiagnosticRule UnclearLoad = new("KSDK0115", DiagnosticSeverity.Error, "load without an executor");

    /// <summary>Metadata that need a load, and there is none.</summary>
    public static readonly DiagnosticRule NoLoad = new("KSDK0116", DiagnosticSeverity.Error, "metadatum needs a load");

    /// <summary>A metadatum of another executor.</summary>
    public static readonly DiagnosticRule ForeignMetadata = new("KSDK0117", DiagnosticSeverity.Error, "metadatum of another executor");

    /// <summary>A metadatum that the executor cannot do without.</summary>
    public static readonly DiagnosticRule MissingMetadata = new("KSDK0118", DiagnosticSeverity.Error, "executor lacks a metadatum");

    /// <summary>Values that no executor can run.</summary>
    public static readonly DiagnosticRule ImpossibleLoad = new("KSDK0119", DiagnosticSeverity.Error, "impossible load");

    /// <summary>Nothing to run.</summary>
    public static readonly DiagnosticRule NoScenarios = new("KSDK0120", DiagnosticSeverity.Error, "no scenario");

    /// <summary><c>K6ScenarioFilter</c> names no scenario.</summary>
    public static readonly DiagnosticRule FilterMatchesNothing = new("KSDK0121", DiagnosticSeverity.Error, "filter matches nothing");

    /// <summary>A tag that the engine sets itself.</summary>
    public static readonly DiagnosticRule ReservedTag = new("KSDK0122", DiagnosticSeverity.Error, "reserved tag");

    /// <summary>A pattern that does not exist.</summary>
    public static readonly DiagnosticRule UnknownPattern = new("KSDK0123", DiagnosticSeverity.Error, "unknown pattern");

    /// <summary>A metadatum that does not go with the pattern, or that needs one.</summary>
    public static readonly DiagnosticRule PatternContradicted = new("KSDK0124", DiagnosticSeverity.Error, "metadatum and pattern exclude each other");

    /// <summary>A metric or submetric that k6 cannot read.</summary>
    public static readonly DiagnosticRule InvalidMetric = new("KSDK0130", DiagnosticSeverity.Error, "malformed metric");

    /// <summary>A raw expression that k6 cannot read.</summary>
    public static readonly DiagnosticRule InvalidExpression = new("KSDK0131", DiagnosticSeverity.Error, "malformed threshold");

    /// <summary>A statistic that does not exist, or not for the metric's type.</summary>
    public static readonly DiagnosticRule UnknownStatistic = new("KSDK0132", DiagnosticSeverity.Error, "unknown statistic");

    /// <summary>A threshold that does not say which statistic it means.</summary>
    public static readonly DiagnosticRule MissingStatistic = new("KSDK0133", DiagnosticSeverity.Error, "statistic missing");

    /// <summary>A threshold without a limit, or with several.</summary>
    public static readonly DiagnosticRule NotOneLimit = new("KSDK0134", DiagnosticSeverity.Error, "not exactly one limit");

    /// <summary>A limit that cannot be read, or whose unit or size does not fit.</summary>
    public static readonly DiagnosticRule InvalidLimit = new("KSDK0135", DiagnosticSeverity.Error, "limit does not fit");

    /// <summary>A threshold for a scenario or a test that the project does not have.</summary>
    public static readonly DiagnosticRule UnknownScope = new("KSDK0136", DiagnosticSeverity.Error, "unknown scenario or test");

    /// <summary>A threshold whose scenario and test exclude each other.</summary>
    public static readonly DiagnosticRule EmptyScope = new("KSDK0137", DiagnosticSeverity.Error, "contradictory scope");

    /// <summary>Two thresholds that reports could not tell apart.</summary>
    public static readonly DiagnosticRule AmbiguousThreshold = new("KSDK0138", DiagnosticSeverity.Error, "threshold needs a name");

    /// <summary>Metadata of a threshold that exclude each other.</summary>
    public static readonly DiagnosticRule ContradictoryThreshold = new("KSDK0139", DiagnosticSeverity.Error, "contradictory threshold");

    /// <summary>A variable that would configure k6 itself.</summary>
    public static readonly DiagnosticRule ReservedVariable = new("KSDK0150", DiagnosticSeverity.Error, "reserved environment variable");

    /// <summary>A variable whose name k6 refuses.</summary>
    public static readonly DiagnosticRule InvalidVariable = new("KSDK0151", DiagnosticSeverity.Error, "invalid environment variable");

    /// <summary>A variable that is declared twice.</summary>
    public static readonly DiagnosticRule DuplicateVariable = new("KSDK0152", DiagnosticSeverity.Error, "environment variable declared twice");

    /// <summary>What looks like a secret, given by value.</summary>
    public static readonly DiagnosticRule SecretByValue = new("KSDK0153", DiagnosticSeverity.Warning, "secret given by value");

    /// <summary>A service that is not exactly one of a project, a command and an address.</summary>
    public static readonly DiagnosticRule InvalidService = new("KSDK0160", DiagnosticSeverity.Error, "not one of project, command and address");

    /// <summary>The project or the folder of a service does not exist.</summary>
    public static readonly DiagnosticRule MissingService = new("KSDK0161", DiagnosticSeverity.Error, "missing service project");

    /// <summary>Two services with one name, port or variable.</summary>
    public static readonly DiagnosticRule DuplicateService = new("KSDK0162", DiagnosticSeverity.Error, "services collide");

    /// <summary>A service that waits for one that is not declared.</summary>
    public static readonly DiagnosticRule UnknownDependency = new("KSDK0163", DiagnosticSeverity.Error, "waits for an unknown service");

    /// <summary>Services that wait for each other.</summary>
    public static readonly DiagnosticRule CircularDependency = new("KSDK0164", DiagnosticSeverity.Error, "services wait for each other");

    /// <summary>Metadata of a service that exclude each other.</summary>
    public static readonly DiagnosticRule ContradictoryService = new("KSDK0165", DiagnosticSeverity.Error, "contradictory service");

    /// <summary>A data file that does not exist.</summary>
    public static readonly DiagnosticRule MissingData = new("KSDK0180", DiagnosticSeverity.Error, "missing data file");

    /// <summary>A file that is no test data.</summary>
    public static readonly DiagnosticRule NotData = new("KSDK0181", DiagnosticSeverity.Error, "not a data file");

    /// <summary>Two modules of test data with one name.</summary>
    public static readonly DiagnosticRule DuplicateData = new("KSDK0182", DiagnosticSeverity.Error, "test data declared twice");

    /// <summary>Metadata of test data that exclude each other, or generated data without a count.</summary>
    public static readonly DiagnosticRule ContradictoryData = new("KSDK0183", DiagnosticSeverity.Error, "contradictory test data");

    /// <summary>A generator that does not exist, or whose argument cannot be read.</summary>
    public static readonly DiagnosticRule InvalidGenerator = new("KSDK0184", DiagnosticSeverity.Error, "invalid generator");

    /// <summary>A threshold that only raw samples can judge, and none are kept.</summary>
    public static readonly DiagnosticRule NeedsSamples = new("KSDK0185", DiagnosticSeverity.Error, "threshold needs raw samples");
}
