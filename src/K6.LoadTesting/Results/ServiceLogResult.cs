namespace K6.LoadTesting.Results;

/// <summary>What a service printed while the load of a test ran.</summary>
public sealed record ServiceLogResult
{
    /// <summary>Name of the service.</summary>
    public required string Name { get; init; }

    /// <summary>File with its lines, each with its second on the axis of the load; relative to the folder of results, with forward slashes.</summary>
    public required string File { get; init; }

    /// <summary>Lines during the load.</summary>
    public long Lines { get; init; }

    /// <summary>Errors among them: what its log calls error, critical or fatal, and unhandled exceptions.</summary>
    public long Errors { get; init; }

    /// <summary>Warnings among them.</summary>
    public long Warnings { get; init; }

    /// <summary>Errors and warnings, those that differ in numbers only as one; errors first, then by time. At most 100.</summary>
    public IReadOnlyList<ServiceLogEvent> Events { get; init; } = [];
}

/// <summary>An error or a warning of a service.</summary>
/// <param name="Seconds">When it came first, seconds since the start of the load.</param>
/// <param name="Level"><c>error</c> or <c>warning</c>.</param>
/// <param name="Message">The first one's words.</param>
/// <param name="Count">How often it came, with other numbers in it.</param>
public sealed record ServiceLogEvent(double Seconds, string Level, string Message, long Count);

/// <summary>A request that took long.</summary>
/// <param name="Name">Value of k6's tag <c>name</c>: what the script calls the request, else its URL.</param>
/// <param name="Method">Its method.</param>
/// <param name="Status">Status of the answer; 0 when there was none.</param>
/// <param name="Scenario">Its scenario.</param>
/// <param name="Seconds">When it ended, seconds since the start of the load.</param>
/// <param name="Duration">Its <c>http_req_duration</c>, ms.</param>
/// <param name="TraceId">Id of its trace, 32 hexadecimal digits, as the service got it in the header <c>traceparent</c>.</param>
public sealed record SlowRequest(string Name, string Method, int Status, string? Scenario, double Seconds, double Duration, string TraceId);
