using System.Runtime.InteropServices;

namespace K6.LoadTesting.Results;

/// <summary>Where a result was made: the machine, the CI system, the commit. Starts no program.</summary>
internal static class Surroundings
{
    // A variable that only this system sets, then its variables for the commit and the branch.
    private static readonly (string Marker, string Name, string Sha, string[] Branch)[] CiSystems =
    [
        ("GITHUB_ACTIONS", "GitHub Actions", "GITHUB_SHA", ["GITHUB_HEAD_REF", "GITHUB_REF_NAME"]),
        ("GITLAB_CI", "GitLab CI", "CI_COMMIT_SHA", ["CI_COMMIT_REF_NAME"]),
        ("TF_BUILD", "Azure Pipelines", "BUILD_SOURCEVERSION", ["BUILD_SOURCEBRANCH"]),
        ("JENKINS_URL", "Jenkins", "GIT_COMMIT", ["GIT_BRANCH"]),
        ("TEAMCITY_VERSION", "TeamCity", "BUILD_VCS_NUMBER", []),
        ("CIRCLECI", "CircleCI", "CIRCLE_SHA1", ["CIRCLE_BRANCH"]),
        ("BITBUCKET_BUILD_NUMBER", "Bitbucket Pipelines", "BITBUCKET_COMMIT", ["BITBUCKET_BRANCH"]),
        ("BUILDKITE", "Buildkite", "BUILDKITE_COMMIT", ["BUILDKITE_BRANCH"]),
        ("APPVEYOR", "AppVeyor", "APPVEYOR_REPO_COMMIT", ["APPVEYOR_REPO_BRANCH"]),
        ("TRAVIS", "Travis CI", "TRAVIS_COMMIT", ["TRAVIS_BRANCH"]),
        ("CI", "CI", "", []),
    ];

    /// <summary>The machine that this process runs on.</summary>
    public static MachineInfo Machine(Func<string, string?> variable) => new(
        Environment.MachineName,
        RuntimeInformation.OSDescription,
        RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Ci(variable)?.Name);

    /// <summary>The commit: as the CI system names it, else as the files of git above the folder do; null without either.</summary>
    public static CommitInfo? Commit(string? folder, Func<string, string?> variable)
    {
        if (Ci(variable) is { } ci && Value(variable, ci.Sha) is { } sha)
        {
            return new CommitInfo(sha, ci.Branch.Select(name => Value(variable, name)).OfType<string>().Select(BranchName).FirstOrDefault());
        }

        try
        {
            return GitFolder(folder) is { } git ? Head(git) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Name of the CI system that this process runs in; null when it is none.</summary>
    public static string? CiName(Func<string, string?> variable) => Ci(variable)?.Name;

    private static (string Name, string Sha, string[] Branch)? Ci(Func<string, string?> variable) => CiSystems
        .Where(ci => Value(variable, ci.Marker) is { } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase))
        .Select(ci => ((string, string, string[])?)(ci.Name, ci.Sha, ci.Branch))
        .FirstOrDefault();

    private static string? Value(Func<string, string?> variable, string name) =>
        name.Length > 0 && variable(name) is { Length: > 0 } value ? value : null;

    private static string? GitFolder(string? folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            var git = Path.Combine(at, ".git");
            if (Directory.Exists(git))
            {
                return git;
            }

            // A worktree or a submodule: a file that names the folder.
            if (File.Exists(git) && File.ReadAllText(git).Trim() is var text && text.StartsWith("gitdir: ", StringComparison.Ordinal))
            {
                return Path.GetFullPath(text["gitdir: ".Length..], at);
            }
        }

        return null;
    }

    private static CommitInfo? Head(string git)
    {
        var head = File.ReadAllText(Path.Combine(git, "HEAD")).Trim();
        if (!head.StartsWith("ref: ", StringComparison.Ordinal))
        {
            return new CommitInfo(head, null);
        }

        var reference = head["ref: ".Length..];
        var commonFile = Path.Combine(git, "commondir");
        var common = File.Exists(commonFile) ? Path.GetFullPath(File.ReadAllText(commonFile).Trim(), git) : git;
        var loose = new[] { git, common }.Select(root => Path.Combine(root, reference)).FirstOrDefault(File.Exists);
        var packed = Path.Combine(common, "packed-refs");
        var sha = loose is not null ? File.ReadAllText(loose).Trim()
            : File.Exists(packed) ? File.ReadLines(packed).FirstOrDefault(line => line.EndsWith($" {reference}", StringComparison.Ordinal))?.Split(' ')[0]
            : null;
        return sha is null ? null : new CommitInfo(sha, BranchName(reference));
    }

    private static string BranchName(string reference) =>
        reference.StartsWith("refs/heads/", StringComparison.Ordinal) ? reference["refs/heads/".Length..] : reference;
}
