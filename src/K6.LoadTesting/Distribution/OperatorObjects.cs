using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Services;

namespace K6.LoadTesting.Distribution;

/// <summary>A test, ready to be run on many machines.</summary>
/// <param name="Test">Its name.</param>
/// <param name="Folder">Absolute path of the folder with its files.</param>
/// <param name="Commands">What to run, one command or comment a line.</param>
public sealed record DistributedTest(string Test, string Folder, IReadOnlyList<string> Commands);

/// <summary>
/// Writes the objects of a run on k6-operator (https://grafana.com/docs/k6/latest/set-up/set-up-distributed-k6/) as files to review: nothing is applied.
/// Each runner writes its raw samples to a volume, and <c>K6Report</c> judges them as one run, since a runner sees a part of the load only.
/// </summary>
public static partial class OperatorObjects
{
    // An object of Kubernetes may have 1 MiB, and base64 makes four bytes of three.
    private const long MaxInConfigMap = 700_000;

    // k6's own image runs as this user, and the volume has to be his.
    private const int ImageUser = 12345;

    /// <summary>Writes the files of each archive beside it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="archives">Archives of its tests.</param>
    /// <param name="options">How to spread them.</param>
    /// <param name="diagnostics">Gets errors and warnings, at their places.</param>
    /// <returns>The tests; none when there is an error.</returns>
    public static IReadOnlyList<DistributedTest> Write(
        LoadPlan plan, IReadOnlyList<TestArchive> archives, DistributedOptions options, ICollection<Diagnostic> diagnostics)
    {
        var found = Check(plan, archives, options).ToList();
        found.ForEach(diagnostics.Add);
        return found.Exists(one => one.Severity == DiagnosticSeverity.Error) ? [] : [.. archives.Select(archive => WriteOne(plan, archive, options))];
    }

    private static IEnumerable<Diagnostic> Check(LoadPlan plan, IReadOnlyList<TestArchive> archives, DistributedOptions options)
    {
        foreach (var twins in archives.GroupBy(archive => NameOf(archive.Test.Name)).Where(group => group.Count() > 1))
        {
            yield return Rules.DistributedInvalid.At(
                twins.Last().Test.Scenarios[0].Location,
                $"The tests {string.Join(" and ", twins.Select(archive => archive.Test.Name))} would both be called '{twins.Key}' in the cluster, which knows small letters, digits and '-' only. Rename one with Test.");
        }

        foreach (var archive in archives.Where(archive => archive.Requirements.MaxVUs < options.Parallelism))
        {
            yield return Rules.DistributedInvalid.At(
                archive.Test.Scenarios[0].Location,
                $"'{archive.Test.Name}' has {archive.Requirements.MaxVUs} virtual users, too few for {options.Parallelism} runners, each of which needs one. Lower K6DistributedParallelism, or raise the load.");
        }

        foreach (var service in plan.Services.Where(service => service.Url is null))
        {
            // One name is enough: scripts use the one or the other.
            var names = ServiceEnvironment.ForOthers(service, "").Keys.ToList();
            if (!plan.Environment.Any(variable => names.Contains(variable.Name)))
            {
                yield return Rules.ServiceNotReachable.At(
                    service.Location,
                    $"The build starts '{service.Name}' on this machine, where runners in a cluster cannot reach it. Say where it is there: <K6EnvironmentVariable Include=\"{names[^1]}\" Value=\"http://{service.Name}.NAMESPACE.svc\" />, or give the service a Url.");
            }
        }

        foreach (var threshold in archives.SelectMany(archive => archive.Test.Thresholds).Where(threshold => threshold.AbortOnFail).DistinctBy(threshold => threshold.Name))
        {
            yield return Rules.NotDistributed.At(
                threshold.Location, $"'{threshold.Name}' does not stop a run on many machines: none of them knows the whole load. It is judged afterwards, by K6Report.");
        }

        foreach (var test in archives.Select(archive => archive.Test).Where(test => test.WarmUp is not null))
        {
            yield return Rules.NotDistributed.At(test.Scenarios[0].Location, $"'{test.Name}' has no warm-up on many machines: run the objects twice, and keep the second samples.");
        }
    }

    private static DistributedTest WriteOne(LoadPlan plan, TestArchive archive, DistributedOptions options)
    {
        var folder = Path.GetDirectoryName(archive.File)!;
        var name = NameOf(archive.Test.Name);
        var large = new FileInfo(archive.File).Length > MaxInConfigMap;
        var variables = VariablesOf(plan);
        var secretName = $"{name}-secrets";
        Save("results.yaml", Volume(name, options));
        Save("testrun.yaml", TestRun(plan, archive, options, name, variables, secretName, large));
        Save("collect.yaml", CollectPod(name, options));
        var commands = Commands(plan, archive, options, name, [.. variables.Where(variable => variable.Value is null).Select(variable => variable.Name)], secretName, large);
        Save("README.md", Readme(plan, archive, commands, large));
        return new DistributedTest(archive.Test.Name, folder, commands);

        void Save(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);
    }

    /// <summary>What scripts find in <c>__ENV</c>; a value of null comes from the cluster's own secret.</summary>
    private static List<(string Name, string? Value)> VariablesOf(LoadPlan plan)
    {
        var machine = Engines.EngineEnvironment.Machine();
        var variables = new List<(string Name, string? Value)>();
        foreach (var service in plan.Services.Where(service => service.Url is not null))
        {
            variables.AddRange(ServiceEnvironment.ForOthers(service, service.Url!).Select(variable => (variable.Key, (string?)variable.Value)));
        }

        foreach (var variable in plan.Environment)
        {
            variables.RemoveAll(other => other.Name == variable.Name);
            if (variable.Value is not null || EnvironmentReader.SoundsSecret(variable.Name))
            {
                variables.Add((variable.Name, variable.Value));
            }
            else if (machine.GetValueOrDefault(variable.Name) is { } inherited)
            {
                variables.Add((variable.Name, inherited));
            }
        }

        variables.AddRange(plan.Secrets.Select(secret => (secret.Name, (string?)null)));
        return variables;
    }

    private static string TestRun(
        LoadPlan plan, TestArchive archive, DistributedOptions options, string name, List<(string Name, string? Value)> variables, string secretName, bool large)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # The test {archive.Test.Name} of {plan.Project}: up to {archive.Requirements.MaxVUs} virtual users on {options.Parallelism} runners. Made by K6.Sdk; review it before you apply it.
            apiVersion: k6.io/v1alpha1
            kind: TestRun
            metadata:
              name: {Quote(name)}{Namespace(options)}
            spec:
              parallelism: {options.Parallelism}
              # A runner would judge its own part of the load. The samples of all are judged as one run by K6Report.
              arguments: --out csv --no-thresholds --no-usage-report
              script:
            {(large ? $"    volumeClaim:\n      name: {Quote(name + "-results")}" : $"    configMap:\n      name: {Quote(name + "-archive")}")}
                  file: archive.tar
              runner:
                image: {Quote(options.Image ?? $"grafana/k6:{archive.Engine.Version}")}

            """);
        if (options.ServiceAccount is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"    serviceAccountName: {Quote(options.ServiceAccount)}\n");
        }

        text.Append("""
                env:
                  - name: POD_NAME
                    valueFrom:
                      fieldRef:
                        fieldPath: metadata.name
                  - name: K6_CSV_FILENAME
                    value: /results/$(POD_NAME).csv.gz
                  - name: K6_CSV_TIME_FORMAT
                    value: unix_micro

            """);
        foreach (var (variable, value) in variables)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - name: {Quote(variable)}\n");
            text.Append(value is null
                ? $"        valueFrom:\n          secretKeyRef:\n            name: {Quote(secretName)}\n            key: {Quote(variable)}\n"
                // Kubernetes replaces $(NAME) in values; $$ is its way to say $.
                : $"        value: {Quote(value.Replace("$(", "$$(", StringComparison.Ordinal))}\n");
        }

        var memory = options.Memory ?? Memory(archive.Requirements.MaxVUs, options.Parallelism);
        text.Append(CultureInfo.InvariantCulture, $"""
                # CPU has no limit: a throttled generator measures itself. Watch that runners stay below four fifths of a core each.
                resources:
                  requests:
                    cpu: {Quote(options.Cpu)}
                    memory: {Quote(memory)}
                  limits:
                    memory: {Quote(memory)}
                # The user of k6's image, to whom the volume has to belong.
                securityContext:
                  runAsNonRoot: true
                  runAsUser: {ImageUser}
                  runAsGroup: {ImageUser}
                  fsGroup: {ImageUser}
                volumes:
                  - name: results
                    persistentVolumeClaim:
                      claimName: {Quote(name + "-results")}
                volumeMounts:
                  - name: results
                    mountPath: /results

            """);
        return text.ToString();
    }

    private static string Volume(string name, DistributedOptions options) => string.Create(CultureInfo.InvariantCulture, $"""
        # Takes the samples of all runners. ReadWriteMany, since runners are on several machines: NFS, CephFS, Azure Files, EFS, Filestore, …
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: {Quote(name + "-results")}{Namespace(options)}
        spec:
          accessModes:
            - ReadWriteMany
        {(options.StorageClass is null ? "" : $"  storageClassName: {Quote(options.StorageClass)}\n")}  resources:
            requests:
              storage: {Quote(options.Storage)}

        """);

    private static string CollectPod(string name, DistributedOptions options) => string.Create(CultureInfo.InvariantCulture, $"""
        # Holds the volume while files are copied to and from it; ends by itself after an hour.
        apiVersion: v1
        kind: Pod
        metadata:
          name: {Quote(name + "-collect")}{Namespace(options)}
        spec:
          restartPolicy: Never
          activeDeadlineSeconds: 3600
          securityContext:
            runAsNonRoot: true
            runAsUser: {ImageUser}
            runAsGroup: {ImageUser}
            fsGroup: {ImageUser}
          containers:
            - name: collect
              image: busybox
              command: ["sleep", "3600"]
              volumeMounts:
                - name: results
                  mountPath: /results
          volumes:
            - name: results
              persistentVolumeClaim:
                claimName: {Quote(name + "-results")}

        """);

    private static List<string> Commands(
        LoadPlan plan, TestArchive archive, DistributedOptions options, string name, IReadOnlyList<string> secrets, string secretName, bool large)
    {
        var kubectl = options.Namespace is null ? "kubectl" : $"kubectl -n {options.Namespace}";
        var commands = new List<string>();
        if (secrets.Count > 0)
        {
            commands.Add($"# secrets.env has a line NAME=value for each of {string.Join(", ", secrets)}");
            commands.Add($"{kubectl} create secret generic {secretName} --from-env-file=secrets.env");
        }

        commands.Add($"{kubectl} apply -f results.yaml");
        if (large)
        {
            commands.Add($"{kubectl} apply -f collect.yaml");
            commands.Add($"{kubectl} wait --for=condition=Ready pod/{name}-collect --timeout=5m");
            commands.Add($"{kubectl} cp archive.tar {name}-collect:/results/archive.tar");
            commands.Add($"{kubectl} delete -f collect.yaml");
        }
        else
        {
            commands.Add($"{kubectl} create configmap {name}-archive --from-file=archive.tar");
        }

        commands.Add($"{kubectl} apply -f testrun.yaml");
        commands.Add(string.Create(CultureInfo.InvariantCulture, $"{kubectl} wait --for=jsonpath='{{.status.stage}}'=finished testrun/{name} --timeout={(int)Math.Ceiling(archive.Requirements.UpperBound.TotalMinutes) + 5}m"));
        commands.Add("# the samples of all runners, judged as one run");
        commands.Add($"{kubectl} apply -f collect.yaml");
        commands.Add($"{kubectl} wait --for=condition=Ready pod/{name}-collect --timeout=5m");
        commands.Add($"{kubectl} cp {name}-collect:/results results");
        commands.Add($"dotnet build {Argument(plan.ProjectFile)} -t:K6Report \"-p:K6ReportInput=$PWD/results/*.csv.gz\" -p:K6ReportTest={archive.Test.Name}");
        commands.Add("# when all is done");
        commands.Add(large
            ? $"{kubectl} delete -f testrun.yaml -f collect.yaml -f results.yaml"
            : $"{kubectl} delete -f testrun.yaml -f collect.yaml -f results.yaml configmap/{name}-archive");
        return commands;
    }

    private static string Readme(LoadPlan plan, TestArchive archive, IReadOnlyList<string> commands, bool large) => string.Create(CultureInfo.InvariantCulture, $"""
        # {archive.Test.Name} of {plan.Project} on many machines

        Made by K6.Sdk. Nothing was applied. The cluster needs k6-operator.

        | file | what it is |
        | --- | --- |
        | `archive.tar` | bundle, options and opened files, by k6 {archive.Engine.Version}{(large ? "; too large for a config map, so that it goes to the volume" : "")} |
        | `results.yaml` | the volume that takes the samples |
        | `testrun.yaml` | the run |
        | `collect.yaml` | a pod to copy from the volume |

        In this folder:

        ```sh
        {string.Join("\n", commands)}
        ```

        """);

    private static string Memory(int virtualUsers, int runners) =>
        string.Create(CultureInfo.InvariantCulture, $"{256 + (5 * ((virtualUsers + runners - 1) / runners))}Mi");

    private static string Namespace(DistributedOptions options) => options.Namespace is null ? "" : $"\n  namespace: {Quote(options.Namespace)}";

    private static string NameOf(string test) => NotInNames().Replace(test.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 } name ? name[..Math.Min(name.Length, 40)].TrimEnd('-') : "test";

    // JSON's strings are YAML's double-quoted ones.
    private static string Quote(string text) => Plain().IsMatch(text) ? text : EntryModule.Quote(text);

    private static string Argument(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    [GeneratedRegex("[^a-z0-9-]+")]
    private static partial Regex NotInNames();

    // What no reader of YAML takes for a number, a date, a truth or nothing.
    [GeneratedRegex(@"^(?!(?:true|false|yes|no|on|off|null|y|n)\z)[A-Za-z/][A-Za-z0-9_./-]*(?::[A-Za-z0-9_.-]+)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Plain();
}
