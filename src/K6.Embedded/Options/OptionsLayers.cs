namespace K6.Embedded.Options;

/// <summary>Merges the layers of options: the configuration file, the script, the environment and the flags, in rising order of power.</summary>
internal static class OptionsLayers
{
    /// <summary>
    /// Puts one layer over another, whole key by whole key. A layer with <c>duration</c>, <c>iterations</c>, <c>stages</c> or <c>scenarios</c> wipes all four below.
    /// </summary>
    /// <param name="below">The weaker layer.</param>
    /// <param name="above">The stronger one.</param>
    /// <param name="level">Its name in k6's warning: <c>script</c>, <c>env</c> or <c>cli</c>.</param>
    /// <param name="warn">Takes the warning.</param>
    public static TestOptions Apply(TestOptions below, TestOptions above, string level, Action<string> warn)
    {
        if (above.Duration is not null || above.Iterations is not null || above.Stages is not null || above.Scenarios is not null)
        {
            if (below.Scenarios is not null)
            {
                warn($"\"{level}\" level configuration overrode scenarios configuration entirely");
            }

            below = below with { Duration = null, Iterations = null, Stages = null, Scenarios = null };
        }

        return new TestOptions
        {
            Paused = above.Paused ?? below.Paused,
            Vus = above.Vus ?? below.Vus,
            Duration = above.Duration ?? below.Duration,
            Iterations = above.Iterations ?? below.Iterations,
            Stages = above.Stages ?? below.Stages,
            Scenarios = above.Scenarios ?? below.Scenarios,
            ExecutionSegment = above.ExecutionSegment ?? below.ExecutionSegment,
            ExecutionSegmentSequence = above.ExecutionSegmentSequence ?? below.ExecutionSegmentSequence,
            NoSetup = above.NoSetup ?? below.NoSetup,
            SetupTimeout = above.SetupTimeout ?? below.SetupTimeout,
            NoTeardown = above.NoTeardown ?? below.NoTeardown,
            TeardownTimeout = above.TeardownTimeout ?? below.TeardownTimeout,
            HandleSummaryTimeout = above.HandleSummaryTimeout ?? below.HandleSummaryTimeout,
            Rps = above.Rps ?? below.Rps,
            Dns = new(above.Dns.Ttl ?? below.Dns.Ttl, above.Dns.Select ?? below.Dns.Select, above.Dns.Policy ?? below.Dns.Policy),
            MaxRedirects = above.MaxRedirects ?? below.MaxRedirects,
            UserAgent = above.UserAgent ?? below.UserAgent,
            Batch = above.Batch ?? below.Batch,
            BatchPerHost = above.BatchPerHost ?? below.BatchPerHost,
            HttpDebug = above.HttpDebug ?? below.HttpDebug,
            InsecureSkipTlsVerify = above.InsecureSkipTlsVerify ?? below.InsecureSkipTlsVerify,
            TlsCipherSuites = above.TlsCipherSuites ?? below.TlsCipherSuites,
            TlsVersion = above.TlsVersion ?? below.TlsVersion,
            TlsAuth = above.TlsAuth ?? below.TlsAuth,
            Throw = above.Throw ?? below.Throw,
            Thresholds = above.Thresholds ?? below.Thresholds,
            BlacklistIps = above.BlacklistIps ?? below.BlacklistIps,
            BlockHostnames = above.BlockHostnames ?? below.BlockHostnames,
            Hosts = above.Hosts ?? below.Hosts,
            NoConnectionReuse = above.NoConnectionReuse ?? below.NoConnectionReuse,
            NoVuConnectionReuse = above.NoVuConnectionReuse ?? below.NoVuConnectionReuse,
            MinIterationDuration = above.MinIterationDuration ?? below.MinIterationDuration,
            Ext = above.Ext ?? below.Ext,
            Cloud = above.Cloud ?? below.Cloud,
            SummaryTrendStats = above.SummaryTrendStats ?? below.SummaryTrendStats,
            SummaryTimeUnit = above.SummaryTimeUnit ?? below.SummaryTimeUnit,
            SystemTags = above.SystemTags ?? below.SystemTags,
            Tags = above.Tags ?? below.Tags,
            MetricSamplesBufferSize = above.MetricSamplesBufferSize ?? below.MetricSamplesBufferSize,
            NoCookiesReset = above.NoCookiesReset ?? below.NoCookiesReset,
            DiscardResponseBodies = above.DiscardResponseBodies ?? below.DiscardResponseBodies,
            Features = above.Features ?? below.Features,
            ConsoleOutput = above.ConsoleOutput ?? below.ConsoleOutput,
            LocalIps = above.LocalIps ?? below.LocalIps,
        };
    }

    /// <summary>Turns the shortcuts (<c>vus</c>, <c>duration</c>, <c>iterations</c>, <c>stages</c>) into the scenario <c>default</c>, as k6 does.</summary>
    /// <exception cref="OptionsException">Two shortcuts contradict each other.</exception>
    public static TestOptions DeriveScenarios(TestOptions options, Action<string> warn)
    {
        if (options.Iterations is not null)
        {
            RefuseBoth("iterations", "stages", options.Stages is { Count: > 0 });
            RefuseBoth("iterations", "scenarios", options.Scenarios is { Count: > 0 });
            return Shared(options, options.Vus ?? Math.Min(1, options.Iterations.Value), options.Iterations.Value);
        }

        if (options.Duration is not null)
        {
            RefuseBoth("duration", "stages", options.Stages is { Count: > 0 });
            RefuseBoth("duration", "scenarios", options.Scenarios is { Count: > 0 });
            if (options.Duration <= TimeSpan.Zero)
            {
                throw new OptionsException("`duration` option should be more than 0, for infinite duration use the externally-controlled executor");
            }

            return With(options, new ScenarioOptions { Executor = "constant-vus", Vus = options.Vus ?? 1, Duration = options.Duration });
        }

        if (options.Stages is { Count: > 0 })
        {
            RefuseBoth("stages", "scenarios", options.Scenarios is { Count: > 0 });
            return With(options, new ScenarioOptions { Executor = "ramping-vus", StartVus = options.Vus, Stages = options.Stages });
        }

        var isEmptied = options.Stages is not null || options.Scenarios is { Count: 0 };
        if (options.Stages is not null)
        {
            warn("`stages` was explicitly set to an empty value, running the script with 1 iteration in 1 VU");
        }

        if (options.Scenarios is { Count: 0 })
        {
            warn("`scenarios` was explicitly set to an empty value, running the script with 1 iteration in 1 VU");
        }

        if (options.Vus is { } vus && !isEmptied)
        {
            if (options.Scenarios is { Count: > 0 })
            {
                warn($"`vus={vus}` overrides scenarios configuration");
            }

            return Shared(options with { Iterations = vus }, vus, vus);
        }

        return options.Scenarios is { Count: > 0 } ? options : With(options, new ScenarioOptions { Executor = "per-vu-iterations" });
    }

    private static TestOptions Shared(TestOptions options, long vus, long iterations) =>
        With(options, new ScenarioOptions { Executor = "shared-iterations", Vus = vus, Iterations = iterations, MaxDuration = options.Duration });

    private static TestOptions With(TestOptions options, ScenarioOptions scenario) =>
        options with { Scenarios = new Dictionary<string, ScenarioOptions>(StringComparer.Ordinal) { ["default"] = scenario } };

    private static void RefuseBoth(string first, string second, bool isSet)
    {
        if (isSet)
        {
            throw new OptionsException($"using `{first}` and `{second}` options simultaneously is not allowed");
        }
    }
}
