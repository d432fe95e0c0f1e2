using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Bundling;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;
using K6.LoadTesting.Secrets;
using K6.LoadTesting.Services;

namespace K6.LoadTesting.Distribution;

/// <summary>A test, ready to be run on many machines.</summary>
/// <param name="Test">Its name.</param>
/// <param name="Folder">Absolute path of the folder with its files.</param>
/// <param name="Commands">What to run, one command or comment a line.</param>
internal sealed record DistributedTest(string Test, string Folder, IReadOnlyList<string> Commands);

/// <summary>
/// Writes the objects of a run on k6-operator (https://grafana.com/docs/k6/latest/set-up/set-up-distributed-k6/) as files to review: nothing is applied.
/// Each runner writes its raw samples to a volume, and <c>K6Report</c> judges them as one run, since a runner sees a part of the load only.
/// </summary>
internal static partial class OperatorObjects
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
    /// <exception cref="LoadTestException">A secret has no value, so that files could not be searched for it.</exception>
    public static IReadOnlyList<DistributedTest> Write(
        LoadPlan plan, IReadOnlyList<TestArchive> archives, DistributedOptions options, ICollection<Diagnostic> diagnostics) =>
        Write(plan, archives, options, EngineEnvironment.Machine(), diagnostics);

    internal static IReadOnlyList<DistributedTest> Write(
        LoadPlan plan, IReadOnlyList<TestArchive> archives, DistributedOptions options, IReadOnlyDictionary<string, string> machine, ICollection<Diagnostic> diagnostics)
    {
        var found = Check(plan, archives, options).ToList();
        found.ForEach(diagnostics.Add);
        if (found.Exists(one => one.Severity == DiagnosticSeverity.Error))
        {
            return [];
        }

        var variables = VariablesOf(plan, machine);
        return [.. archives.Select(archive => new Objects(plan, archive, options, variables).Write())];
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

        foreach (var threshold in archives.SelectMany(archive => archive.Test.Thresholds).Where(threshold => ServiceMetrics.IsOne(threshold.Metric)).DistinctBy(threshold => threshold.Name))
        {
            yield return Rules.NotDistributed.At(threshold.Location, $"'{threshold.Name}' is not judged: nobody looks at the inside of a service that runs somewhere else.");
        }

        foreach (var test in archives.Select(archive => archive.Test).Where(test => test.WarmUp is not null))
        {
            yield return Rules.NotDistributed.At(test.Scenarios[0].Location, $"'{test.Name}' has no warm-up on many machines: run the objects twice, and keep the second samples.");
        }
    }

    /// <summary>What scripts find in <c>__ENV</c>; a value of null comes from the cluster's own secret.</summary>
    private static List<(string Name, string? Value)> VariablesOf(LoadPlan plan, IReadOnlyDictionary<string, string> machine)
    {
        var secrets = SecretValues.WithInherited(SecretValues.Read(plan.Secrets, machine), plan.Environment, machine);
        // What cannot be told from figures was said when the archive was made.
        var mask = SecretMask.Of(secrets, []);
        var variables = new List<(string Name, string? Value)>();
        foreach (var service in plan.Services.Where(service => service.Url is not null))
        {
            variables.AddRange(ServiceEnvironment.ForOthers(service, service.Url!).Select(variable => (variable.Key, Public(variable.Value))));
        }

        foreach (var variable in plan.Environment)
        {
            variables.RemoveAll(other => other.Name == variable.Name);
            if (variable.Value is not null || EnvironmentReader.SoundsSecret(variable.Name))
            {
                variables.Add((variable.Name, Public(variable.Value)));
            }
            else if (machine.GetValueOrDefault(variable.Name) is { } inherited)
            {
                variables.Add((variable.Name, Public(inherited)));
            }
        }

        variables.AddRange(plan.Secrets.Select(secret => (secret.Name, (string?)null)));
        return variables;

        // An address with a token in it is a secret too.
        string? Public(string? value) => value is null || mask.Text(value) != value ? null : value;
    }

    private static string NameOf(string test) => NotInNames().Replace(test.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 } name ? name[..Math.Min(name.Length, 40)].TrimEnd('-') : "test";

    [GeneratedRegex("[^a-z0-9-]+")]
    private static partial Regex NotInNames();

    // What no reader of YAML takes for a number, a date, a truth or nothing.
    [GeneratedRegex(@"^(?!(?:true|false|yes|no|on|off|null|y|n)\z)[A-Za-z/][A-Za-z0-9_./-]*(?::[A-Za-z0-9_.-]+)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Plain();

    /// <summary>The objects of one test.</summary>
    private sealed class Objects(LoadPlan plan, TestArchive archive, DistributedOptions options, IReadOnlyList<(string Name, string? Value)> variables)
    {
        private readonly string _folder = Path.GetDirectoryName(archive.File)!;
        private readonly string _name = NameOf(archive.Test.Name);
        private readonly bool _isLarge = new FileInfo(archive.File).Length > MaxInConfigMap;
        private readonly (string Name, string? Value)[] _public = [.. variables.Where(variable => variable.Value is not null)];
        private readonly string[] _secret = [.. variables.Where(variable => variable.Value is null).Select(variable => variable.Name)];

        private bool HasOwnAccount => options.ServiceAccount is null;

        // The script's own volume is mounted here. A claim that a pod mounts twice hangs with some kinds of storage (kubernetes/kubernetes#51853).
        private string ResultsPath => _isLarge ? "/test" : "/results";

        private string Metadata(string suffix) => $"metadata:\n  name: {Quote(_name + suffix)}{(options.Namespace is null ? "" : $"\n  namespace: {Quote(options.Namespace)}")}";

        public DistributedTest Write()
        {
            (string File, bool IsNeeded, Func<string> Text)[] files =
            [
                ("serviceaccount.yaml", HasOwnAccount, Account),
                ("variables.yaml", _public.Length > 0, Variables),
                ("archive.yaml", !_isLarge, Archive),
                ("results.yaml", true, Results),
                ("testrun.yaml", true, TestRun),
                ("collect.yaml", true, Collect),
            ];
            foreach (var (file, isNeeded, text) in files)
            {
                // What an earlier call left must not be applied by somebody who applies the folder.
                File.Delete(Path.Combine(_folder, file));
                if (isNeeded)
                {
                    File.WriteAllText(Path.Combine(_folder, file), text());
                }
            }

            var commands = Commands();
            File.WriteAllText(Path.Combine(_folder, "README.md"), Readme(commands));
            return new DistributedTest(archive.Test.Name, _folder, commands);
        }

        private string Account() => $"""
            # Whose name the pods have. It may do nothing in the cluster: no role is bound to it, and no token of it is in a pod.
            apiVersion: v1
            kind: ServiceAccount
            {Metadata("")}
            automountServiceAccountToken: false

            """;

        private string Variables() => $"""
            # What scripts find in __ENV, but for secrets.
            apiVersion: v1
            kind: ConfigMap
            {Metadata("-variables")}
            data:
            {string.Join('\n', _public.Select(variable => $"  {Quote(variable.Name)}: {Quote(variable.Value!, always: true)}"))}

            """;

        private string Archive() => $"""
            # archive.tar beside this file, in base64.
            apiVersion: v1
            kind: ConfigMap
            {Metadata("-archive")}
            binaryData:
              archive.tar: {Convert.ToBase64String(File.ReadAllBytes(archive.File))}

            """;

        private string Results() => string.Create(CultureInfo.InvariantCulture, $"""
            # Takes the samples of all runners. ReadWriteMany, since runners are on several machines: NFS, CephFS, Azure Files, EFS, Filestore, …
            apiVersion: v1
            kind: PersistentVolumeClaim
            {Metadata("-results")}
            spec:
              accessModes:
                - ReadWriteMany
            {(options.StorageClass is null ? "" : $"  storageClassName: {Quote(options.StorageClass)}\n")}  resources:
                requests:
                  storage: {Quote(options.Storage)}

            """);

        private string TestRun()
        {
            var memory = Quote(options.Memory ?? Memory(archive.Requirements.MaxVUs, options.Parallelism));
            return string.Create(CultureInfo.InvariantCulture, $"""
                # The test {archive.Test.Name} of {plan.Project}: up to {archive.Requirements.MaxVUs} virtual users on {options.Parallelism} runners. Made by K6.Sdk; review it before you apply it.
                apiVersion: k6.io/v1alpha1
                kind: TestRun
                {Metadata("")}
                spec:
                  parallelism: {options.Parallelism}
                  # A runner would judge its own part of the load. The samples of all are judged as one run by K6Report.
                  arguments: --out csv --no-thresholds --no-usage-report
                  script:
                {(_isLarge ? $"    volumeClaim:\n      name: {Quote(_name + "-results")}" : $"    configMap:\n      name: {Quote(_name + "-archive")}")}
                      file: archive.tar
                  starter:
                {Pod()}
                  runner:
                {Pod()}
                    image: {Quote(options.Image ?? $"grafana/k6:{archive.Engine.Version}")}
                    env:
                      - name: POD_NAME
                        valueFrom:
                          fieldRef:
                            fieldPath: metadata.name
                      - name: K6_CSV_FILENAME
                        value: {ResultsPath}/$(POD_NAME).csv.gz
                      - name: K6_CSV_TIME_FORMAT
                        value: unix_micro
                      # The operator hands "env" to k6 on a command line, where no secret belongs; with this k6 reads "envFrom" by itself.
                      - name: K6_INCLUDE_SYSTEM_ENV_VARS
                        value: "true"
                {EnvironmentFrom()}    # CPU has no limit: a throttled generator measures itself. Watch that runners stay below four fifths of a core each.
                    resources:
                      requests:
                        cpu: {Quote(options.Cpu)}
                        memory: {memory}
                      limits:
                        memory: {memory}
                    # The user of k6's image, to whom the volume has to belong.
                    securityContext:
                      runAsNonRoot: true
                      runAsUser: {ImageUser}
                      runAsGroup: {ImageUser}
                      fsGroup: {ImageUser}
                {(_isLarge ? "" : $"    volumes:\n      - name: results\n        persistentVolumeClaim:\n          claimName: {Quote(_name + "-results")}\n    volumeMounts:\n      - name: results\n        mountPath: {ResultsPath}\n")}
                """);
        }

        private string Pod() => HasOwnAccount
            ? $"    serviceAccountName: {Quote(_name)}\n    automountServiceAccountToken: \"false\""
            : $"    serviceAccountName: {Quote(options.ServiceAccount!)}";

        private string EnvironmentFrom()
        {
            string[] sources =
            [
                .. _public.Length > 0 ? [$"      - configMapRef:\n          name: {Quote(_name + "-variables")}\n"] : Array.Empty<string>(),
                .. _secret.Length > 0 ? [$"      - secretRef:\n          name: {Quote(_name + "-secrets")}\n"] : Array.Empty<string>(),
            ];
            return sources.Length == 0 ? "" : $"    envFrom:\n{string.Concat(sources)}";
        }

        private string Collect() => string.Create(CultureInfo.InvariantCulture, $"""
            # Holds the volume while files are copied to and from it; ends by itself after an hour.
            apiVersion: v1
            kind: Pod
            {Metadata("-collect")}
            spec:
              restartPolicy: Never
              activeDeadlineSeconds: 3600
              automountServiceAccountToken: false
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
                    claimName: {Quote(_name + "-results")}

            """);

        private List<string> Commands()
        {
            var kubectl = options.Namespace is null ? "kubectl" : $"kubectl -n {options.Namespace}";
            var prepared = $"{(HasOwnAccount ? "-f serviceaccount.yaml " : "")}{(_public.Length > 0 ? "-f variables.yaml " : "")}-f results.yaml";
            var commands = new List<string>();
            if (_secret.Length > 0)
            {
                commands.Add($"# secrets.env has a line NAME=value for each of {string.Join(", ", _secret)}; keep it out of source control");
                commands.Add($"{kubectl} create secret generic {_name}-secrets --from-env-file=secrets.env");
            }

            commands.Add($"{kubectl} apply {prepared}");
            if (_isLarge)
            {
                commands.AddRange(StartCollecting());
                commands.Add($"{kubectl} cp archive.tar {_name}-collect:/results/archive.tar");
                commands.Add($"{kubectl} delete -f collect.yaml");
            }
            else
            {
                // Without the server's side, apply would keep a copy of the whole file in an annotation that has 256 KiB at most.
                commands.Add($"{kubectl} apply --server-side -f archive.yaml");
            }

            commands.Add($"{kubectl} apply -f testrun.yaml");
            commands.Add(string.Create(CultureInfo.InvariantCulture, $"{kubectl} wait --for=jsonpath='{{.status.stage}}'=finished testrun/{_name} --timeout={(int)Math.Ceiling(archive.Requirements.UpperBound.TotalMinutes) + 5}m"));
            commands.Add("# the samples of all runners, judged as one run");
            commands.AddRange(StartCollecting());
            commands.Add($"{kubectl} cp {_name}-collect:/results results");
            commands.Add(string.Create(CultureInfo.InvariantCulture, $"dotnet build {Argument(plan.ProjectFile)} -t:K6Report \"-p:K6ReportInput=$PWD/results/*.csv.gz\" \"-p:K6ReportOptions=$PWD/options.json\" -p:K6ReportTest={archive.Test.Name} -p:K6ReportRunners={options.Parallelism}"));
            commands.Add("# when all is done");
            commands.Add($"{kubectl} delete -f testrun.yaml -f collect.yaml{(_isLarge ? "" : " -f archive.yaml")} {prepared}");
            if (_secret.Length > 0)
            {
                commands.Add($"{kubectl} delete secret {_name}-secrets");
            }

            return commands;

            string[] StartCollecting() => [$"{kubectl} apply -f collect.yaml", $"{kubectl} wait --for=condition=Ready pod/{_name}-collect --timeout=5m"];
        }

        private string Readme(IReadOnlyList<string> commands) => string.Create(CultureInfo.InvariantCulture, $"""
            # {archive.Test.Name} of {plan.Project} on many machines

            Made by K6.Sdk. Nothing was applied. The cluster needs k6-operator.

            | file | what it is |
            | --- | --- |
            | `archive.tar` | bundle, options and opened files, by k6 {archive.Engine.Version}{(_isLarge ? "; too large for a config map, so that it goes to the volume" : "")} |
            {Row(!_isLarge, "archive.yaml", "a config map with the archive")}{Row(HasOwnAccount, "serviceaccount.yaml", "the service account of the pods; it may do nothing in the cluster")}{Row(_public.Length > 0, "variables.yaml", "a config map with what scripts find in `__ENV`, without secrets")}{Row(true, "results.yaml", "the volume that takes the samples")}{Row(true, "testrun.yaml", "the run")}{Row(true, "options.json", "what the options of the run are, thresholds of the scripts among them; for `K6Report`")}{Row(true, "collect.yaml", "a pod to copy from the volume")}
            In this folder:

            ```sh
            {string.Join("\n", commands)}
            ```

            """);

        private static string Row(bool isThere, string file, string what) => isThere ? $"| `{file}` | {what} |\n" : "";

        private static string Memory(int virtualUsers, int runners) =>
            string.Create(CultureInfo.InvariantCulture, $"{256 + (5 * ((virtualUsers + runners - 1) / runners))}Mi");

        // JSON's strings are YAML's double-quoted ones.
        private static string Quote(string text, bool always = false) => !always && Plain().IsMatch(text) ? text : EntryModule.Quote(text);

        private static string Argument(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
    }
}
