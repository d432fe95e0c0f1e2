using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Engines;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Comparing;

/// <summary>
/// Finds what <c>K6CompareWith</c> names: another project of the service, or a commit, which gets a work tree of its own. The tree stays for the next build, until another
/// commit is asked for or the project is cleaned.
/// </summary>
internal static class BaseRevision
{
    private const int ShaDigits = 12;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <summary>Makes the plan of the base.</summary>
    /// <param name="plan">The plan whose services are compared.</param>
    /// <param name="text"><c>K6CompareWith</c>: anything that git takes for a commit, or the path of a project.</param>
    /// <param name="folder">Absolute path of the folder for work trees.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="LoadTestException">There is no such commit or project (KSDK0420), or its services are no counterparts (KSDK0421).</exception>
    public static async Task<BasePlan> PrepareAsync(LoadPlan plan, string text, string folder, CancellationToken cancellation)
    {
        var services = plan.Services.Where(service => service.Project is not null).ToList();
        if (services.Count == 0)
        {
            throw Incomparable(null, "K6CompareWith builds the service a second time, and no K6Service of this project is one that is built: include its project.");
        }

        if (services.Find(service => service.Port is not null) is { } fixedPort)
        {
            throw Incomparable(fixedPort, $"The service {fixedPort.Name} and that of the base run side by side, and both would want port {fixedPort.Port}: leave Port out.");
        }

        return ServiceReader.IsProject(text)
            ? OfProject(services, Path.GetFullPath(text, Path.GetDirectoryName(plan.ProjectFile)!))
            : await OfCommitAsync(plan, services, text, folder, cancellation).ConfigureAwait(false);
    }

    private static BasePlan OfProject(List<ServicePlan> services, string project) =>
        !File.Exists(project) ? throw new LoadTestException(Rules.BaseNotFound.At(null, $"K6CompareWith: the project does not exist: {project}. A relative path starts at the folder of the load tests."))
        : services is not [var only] ? throw Incomparable(null, $"K6CompareWith names one project, and the load test has {services.Count} that are built ({string.Join(", ", services.Select(service => service.Name))}): compare with a commit.")
        : new BasePlan { Title = Path.GetFileNameWithoutExtension(project), Services = [only with { Project = project }] };

    private static async Task<BasePlan> OfCommitAsync(LoadPlan plan, List<ServicePlan> services, string text, string folder, CancellationToken cancellation)
    {
        var project = Path.GetDirectoryName(plan.ProjectFile)!;
        // The way up, and not git's own path of the root: that has no symbolic links, and ours may.
        var (inRepository, up) = await GitAsync(project, cancellation, "rev-parse", "--show-cdup").ConfigureAwait(false);
        if (!inRepository)
        {
            throw new LoadTestException(Rules.BaseNotFound.At(null, $"K6CompareWith='{text}' is no project, and {project} is in no git repository: {ShortCommand.LastLine(up)}"));
        }

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(up, project));

        var (known, sha) = await GitAsync(project, cancellation, "rev-parse", "--verify", "--end-of-options", $"{text}^{{commit}}").ConfigureAwait(false);
        if (!known)
        {
            throw new LoadTestException(Rules.BaseNotFound.At(null, $"K6CompareWith='{text}' is neither a commit of this repository nor a project ({ShortCommand.LastLine(sha)}). In CI fetch it first: the usual checkout has one commit only (fetch-depth: 0 in GitHub Actions, fetchDepth: 0 in Azure Pipelines, GIT_DEPTH: 0 in GitLab)."));
        }

        var tree = Path.Combine(folder, sha[..ShaDigits]);
        await CheckOutAsync(root, sha, tree, cancellation).ConfigureAwait(false);
        return new BasePlan
        {
            Title = sha.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? sha[..9] : $"{text} ({sha[..9]})",
            Services = [.. services.Select(service => service with
            {
                Project = InTree(service, service.Project!),
                WorkingDirectory = service.WorkingDirectory is { } own && Directory.Exists(Moved(own)) ? Moved(own) : service.WorkingDirectory,
            })],
        };

        string Moved(string path) => Path.GetFullPath(Path.GetRelativePath(root, path), tree);

        string InTree(ServicePlan service, string path)
        {
            var moved = Moved(path);
            return File.Exists(moved) && moved.StartsWith(tree, StringComparison.Ordinal) ? moved
                : throw Incomparable(service, $"The service {service.Name} is not in {text}: there is no {Path.GetRelativePath(root, path)}. Compare with a commit that has it, or name its project there in K6CompareWith.");
        }
    }

    private static async Task CheckOutAsync(string root, string sha, string tree, CancellationToken cancellation)
    {
        // Without its file .git the tree is a folder of the repository around it, and HEAD is another one.
        if (File.Exists(Path.Combine(tree, ".git")) && await GitAsync(tree, cancellation, "rev-parse", "HEAD").ConfigureAwait(false) is (true, var head) && head == sha)
        {
            return;
        }

        var folder = Path.GetDirectoryName(tree)!;
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await GitAsync(root, cancellation, "worktree", "prune").ConfigureAwait(false);
        var (done, said) = await GitAsync(root, cancellation, "worktree", "add", "--detach", tree, sha).ConfigureAwait(false);
        if (!done)
        {
            throw new LoadTestException(Rules.BaseNotFound.At(null, $"K6CompareWith: git cannot check {sha[..9]} out to {tree}: {ShortCommand.LastLine(said)}"));
        }
    }

    // What a hook of git sets would lead to another repository.
    private static async Task<(bool Done, string Said)> GitAsync(string folder, CancellationToken cancellation, params string[] arguments)
    {
        var machine = EngineEnvironment.Machine();
        if (Programs.Find("git", machine.GetValueOrDefault("PATH")) is not { } git)
        {
            return (false, "git is not on PATH.");
        }

        var environment = machine.Where(variable => !variable.Key.StartsWith("GIT_", StringComparison.Ordinal)).ToDictionary();
        var (exitCode, output) = await ShortCommand.RunAsync(new ChildCommand(git, ["-C", folder, .. arguments], environment, folder), Timeout, cancellation).ConfigureAwait(false);
        return (exitCode == 0, output.Trim());
    }

    private static LoadTestException Incomparable(ServicePlan? service, string message) => new(Rules.BaseNotComparable.At(service?.Location, message));
}
