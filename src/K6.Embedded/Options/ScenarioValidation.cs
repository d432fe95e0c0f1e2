using System.Text.RegularExpressions;

namespace K6.Embedded.Options;

/// <summary>k6's checks of scenarios and of a few other options, with its messages.</summary>
internal static partial class ScenarioValidation
{
    private const long MaximumVus = 100_000_000;
    private static readonly TimeSpan LeastDuration = TimeSpan.FromSeconds(1);

    /// <summary>Throws the collected mistakes.</summary>
    /// <param name="options">Options with derived scenarios.</param>
    /// <param name="isExported">Whether the script exports a function of that name.</param>
    /// <exception cref="OptionsException">There are mistakes.</exception>
    public static void Check(TestOptions options, Func<string, bool> isExported)
    {
        var problems = new List<string>();
        foreach (var (name, scenario) in options.Scenarios ?? new Dictionary<string, ScenarioOptions>())
        {
            var errors = ErrorsOf(name, scenario);
            if (errors.Count > 0)
            {
                problems.Add($"scenario {name} has configuration errors: {string.Join(", ", errors)}");
            }
        }

        if (options.SetupTimeout is { } setup && setup <= TimeSpan.Zero)
        {
            problems.Add("setupTimeout must be positive");
        }

        Throw(problems);
        foreach (var (name, scenario) in options.Scenarios ?? new Dictionary<string, ScenarioOptions>())
        {
            var exec = scenario.Exec ?? "default";
            if (!isExported(exec))
            {
                problems.Add($"executor {name}: function '{exec}' not found in exports");
            }
        }

        Throw(problems);
    }

    private static void Throw(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new OptionsException("There were problems with the specified script configuration:" + string.Concat(problems.Select(p => "\n\t- " + p)));
        }
    }

    private static List<string> ErrorsOf(string name, ScenarioOptions s)
    {
        var errors = new List<string>();
        if (name.Length == 0)
        {
            errors.Add("scenario name can't be empty");
        }
        else if (!NamePattern().IsMatch(name))
        {
            errors.Add("the scenario name should contain only numbers, latin letters, underscores, and dashes");
        }

        if (s.Exec is { Length: 0 })
        {
            errors.Add("exec value cannot be empty");
        }

        if (s.StartTime < TimeSpan.Zero)
        {
            errors.Add("the startTime can't be negative");
        }

        if (s.GracefulStop < TimeSpan.Zero)
        {
            errors.Add("the gracefulStop timeout can't be negative");
        }

        switch (s.Executor)
        {
            case "shared-iterations":
                Vus(errors, s);
                if ((s.Iterations ?? 1) < (s.Vus ?? 1))
                {
                    errors.Add($"the number of iterations ({s.Iterations ?? 1}) can't be less than the number of VUs ({s.Vus ?? 1})");
                }

                MaxDuration(errors, s);
                break;
            case "per-vu-iterations":
                Vus(errors, s);
                if ((s.Iterations ?? 1) <= 0)
                {
                    errors.Add("the number of iterations must be more than 0");
                }

                MaxDuration(errors, s);
                break;
            case "constant-vus":
                Vus(errors, s);
                Duration(errors, s);
                break;
            case "ramping-vus":
                if (s.StartVus < 0)
                {
                    errors.Add("the number of start VUs can't be negative");
                }

                if (Math.Max(s.StartVus ?? 1, s.Stages is { Count: > 0 } ? s.Stages.Max(x => x.Target ?? 0) : 1) <= 0)
                {
                    errors.Add("either startVUs or one of the stages' target values must be greater than 0");
                }

                Stages(errors, s);
                break;
            case "constant-arrival-rate":
                if (s.Rate is null)
                {
                    errors.Add("the iteration rate isn't specified");
                }
                else if (s.Rate <= 0)
                {
                    errors.Add("the iteration rate must be more than 0");
                }

                TimeUnit(errors, s);
                Duration(errors, s);
                ArrivalVus(errors, s);
                break;
            default:
                if (s.StartRate < 0)
                {
                    errors.Add("the startRate value can't be negative");
                }

                TimeUnit(errors, s);
                Stages(errors, s);
                ArrivalVus(errors, s);
                break;
        }

        return errors;
    }

    private static void Vus(List<string> errors, ScenarioOptions s)
    {
        if ((s.Vus ?? 1) <= 0)
        {
            errors.Add("the number of VUs must be more than 0");
        }
    }

    private static void Duration(List<string> errors, ScenarioOptions s)
    {
        if (s.Duration is null)
        {
            errors.Add("the duration is unspecified");
        }
        else if (s.Duration < LeastDuration)
        {
            errors.Add($"the duration must be at least 1s, but is {GoDuration.Format(s.Duration.Value)}");
        }
    }

    private static void MaxDuration(List<string> errors, ScenarioOptions s)
    {
        if (s.MaxDuration < LeastDuration)
        {
            errors.Add($"the maxDuration must be at least 1s, but is {GoDuration.Format(s.MaxDuration.Value)}");
        }
    }

    private static void TimeUnit(List<string> errors, ScenarioOptions s)
    {
        if (s.TimeUnit <= TimeSpan.Zero)
        {
            errors.Add("the timeUnit must be more than 0");
        }
    }

    private static void Stages(List<string> errors, ScenarioOptions s)
    {
        if (s.Stages is not { Count: > 0 })
        {
            errors.Add("at least one stage has to be specified");
            return;
        }

        var number = 0;
        foreach (var stage in s.Stages)
        {
            number++;
            if (stage.Duration is null)
            {
                errors.Add($"stage {number} doesn't have a duration");
            }
            else if (stage.Duration < TimeSpan.Zero)
            {
                errors.Add($"the duration for stage {number} can't be negative");
            }

            if (stage.Target is null)
            {
                errors.Add($"stage {number} doesn't have a target");
            }
            else if (stage.Target < 0)
            {
                errors.Add($"the target for stage {number} can't be negative");
            }
            else if (stage.Target > MaximumVus)
            {
                errors.Add($"target for stage {number} exceeds max limit of {MaximumVus}");
            }
        }
    }

    private static void ArrivalVus(List<string> errors, ScenarioOptions s)
    {
        if (s.PreAllocatedVus is null)
        {
            errors.Add("the number of preAllocatedVUs isn't specified");
        }
        else if (s.PreAllocatedVus < 0)
        {
            errors.Add("the number of preAllocatedVUs can't be negative");
        }

        if (s.MaxVus is { } max && max < (s.PreAllocatedVus ?? 0))
        {
            errors.Add("maxVUs can't be less than preAllocatedVUs");
        }
    }

    [GeneratedRegex("^[0-9a-zA-Z_-]+$")]
    private static partial Regex NamePattern();
}
