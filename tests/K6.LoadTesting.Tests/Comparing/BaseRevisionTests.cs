using System.Diagnostics;
using K6.LoadTesting.Comparing;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Tests.Comparing;

/// <summary>What <c>K6CompareWith</c> names, in a repository of two commits: a service, and the load tests beside it.</summary>
[TestClass]
public sealed class BaseRevisionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k6sdk base ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Trees => Path.Combine(_folder, "load", "obj", "k6", "base");

    [TestMethod]
    public async Task A_commit_gets_a_work_tree_that_is_kept_until_another_one_is_asked_for()
    {
        Repository();

        var first = await PrepareAsync("HEAD~1");

        var project = first.Services.Single().Project!;
        Assert.StartsWith(Trees, project);
        Assert.AreEqual("<old/>", File.ReadAllText(project));
        Assert.AreEqual($"HEAD~1 ({Git("rev-parse", "HEAD~1")[..9]})", first.Title);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(project)!, "built"), "");
        Assert.AreEqual(project, (await PrepareAsync(Git("rev-parse", "HEAD~1"))).Services.Single().Project);
        Assert.IsTrue(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "built")), "what was built there is used again");

        // Clean takes the files, and the folder stays: git would find the repository around it.
        File.Delete(Path.Combine(Directory.GetDirectories(Trees).Single(), ".git"));
        Assert.AreEqual("<old/>", File.ReadAllText((await PrepareAsync("HEAD~1")).Services.Single().Project!));

        Assert.AreEqual("<new/>", File.ReadAllText((await PrepareAsync("HEAD")).Services.Single().Project!));
        Assert.HasCount(1, Directory.GetDirectories(Trees));
        Assert.AreEqual("<changed/>", File.ReadAllText(Path.Combine(_folder, "api", "Api.csproj")), "what is not committed stays");
    }

    [TestMethod]
    [DataRow("nowhere", "KSDK0420", "neither a commit of this repository nor a project")]
    [DataRow("--all", "KSDK0420", "neither a commit of this repository nor a project")]
    [DataRow("api/Gone.csproj", "KSDK0420", "does not exist")]
    [DataRow("HEAD~2", "KSDK0421", "is not in HEAD~2: there is no api")]
    public async Task What_is_no_base_is_an_error(string text, string code, string words)
    {
        Repository();

        var failure = await Assert.ThrowsExactlyAsync<LoadTestException>(() => PrepareAsync(text));

        Assert.AreEqual(code, failure.Diagnostic.Code);
        Assert.Contains(words, failure.Diagnostic.Message);
    }

    [TestMethod]
    public async Task Another_project_stands_for_the_one_service_that_is_built()
    {
        File.WriteAllText(Path.Combine(_folder, "Old.csproj"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "load"));
        var service = Service() with { Port = 80 };

        Assert.AreEqual(Path.Combine(_folder, "Old.csproj"), (await PrepareAsync("../Old.csproj")).Services.Single().Project);
        Assert.AreEqual("KSDK0421", (await Assert.ThrowsExactlyAsync<LoadTestException>(() => PrepareAsync("../Old.csproj", service))).Diagnostic.Code);
        Assert.AreEqual("KSDK0421", (await Assert.ThrowsExactlyAsync<LoadTestException>(() => PrepareAsync("../Old.csproj", Service(), Service() with { Name = "other" }))).Diagnostic.Code);
        Assert.AreEqual("KSDK0421", (await Assert.ThrowsExactlyAsync<LoadTestException>(() => PrepareAsync("main", Service() with { Project = null, Command = "run" }))).Diagnostic.Code);
        var outside = (await Assert.ThrowsExactlyAsync<LoadTestException>(() => PrepareAsync("main"))).Diagnostic;
        Assert.AreEqual("KSDK0420", outside.Code);
        Assert.Contains("no git repository", outside.Message);
    }

    private ServicePlan Service() => new()
    {
        Name = "api",
        Project = Path.Combine(_folder, "api", "Api.csproj"),
        Location = new SourceLocation(Path.Combine(_folder, "load", "Load.csproj"), 3, 5),
    };

    private Task<BasePlan> PrepareAsync(string text, params ServicePlan[] services) => BaseRevision.PrepareAsync(
        new LoadPlan { Project = "Load", ProjectFile = Path.Combine(_folder, "load", "Load.csproj"), Services = services.Length > 0 ? services : [Service()] }, text, Trees, CancellationToken.None);

    private void Repository()
    {
        Git("init", "--quiet", ".");
        Write("load/Load.csproj", "<load/>");
        Git("commit", "--quiet", "-m", "load");
        Write("api/Api.csproj", "<old/>");
        Git("commit", "--quiet", "-m", "old");
        Write("api/Api.csproj", "<new/>");
        Git("commit", "--quiet", "-m", "new");
        File.WriteAllText(Path.Combine(_folder, "api", "Api.csproj"), "<changed/>");
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, file))!);
        File.WriteAllText(Path.Combine(_folder, file), text);
        Git("add", file);
    }

    private string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", _folder, "-c", "user.name=Test", "-c", "user.email=test@localhost", .. arguments]) { RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        Assert.AreEqual(0, git.ExitCode, string.Join(' ', arguments));
        return output;
    }
}
