using K6.LoadTesting;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Reports;
using Microsoft.Testing.Extensions.TrxReport.Abstractions;
using Microsoft.Testing.Platform.Extensions.Messages;
using Microsoft.Testing.Platform.Requests;

namespace K6.Sdk.TestHost;

/// <summary>Cases of a load test as nodes of the platform.</summary>
internal static class Nodes
{
    /// <summary>Whether a filter of the platform selects a case: by id, or by the path <c>/Project/test/Run/test</c> or <c>/Project/test/Thresholds/name</c>.</summary>
    public static bool Matches(ITestExecutionFilter? filter, LoadTestCase one) => filter switch
    {
        TestNodeUidListFilter list => list.TestNodeUids.Any(uid => uid.Value == one.FullName),
        TreeNodeFilter tree => tree.MatchesFilter(PathOf(one), new PropertyBag(Traits(one.Threshold is null ? "run" : "threshold"))),
        CompositeTestExecutionFilter { Operator: TestExecutionFilterOperator.And } both => both.Filters.All(part => Matches(part, one)),
        CompositeTestExecutionFilter any => any.Filters.Any(part => Matches(part, one)),
        _ => true,
    };

    /// <summary>A case before it was judged.</summary>
    public static TestNode Of(LoadTestCase one, TestNodeStateProperty state) =>
        Node(one.FullName, one.Name, one.ClassName, one.ShortName, one.Threshold is null ? "run" : "threshold", state, Place(one.Location));

    /// <summary>A case with what a run found: the worst of several.</summary>
    /// <param name="one">The case.</param>
    /// <param name="found">Its results; none when the run did not get that far.</param>
    /// <param name="folder">Absolute path of the folder of results.</param>
    public static TestNode Of(LoadTestCase one, IReadOnlyList<TestCase> found, string folder)
    {
        if (found.Count == 0)
        {
            return Of(one, new FailedTestNodeStateProperty("Not judged: the run did not get that far, or has no such threshold."));
        }

        var worst = found.MinBy(test => test.Outcome switch { CaseOutcome.Failed => 0, CaseOutcome.NotExecuted => 1, _ => 2 })!;
        var node = Of(one, State(found.Count == 1 ? worst : worst with { Message = string.Join('\n', found.Select(test => test.Message).OfType<string>()) }));
        Describe(node, worst, folder);
        return node;
    }

    /// <summary>A result that was not known before the run.</summary>
    public static TestNode Of(TestCase found, string folder)
    {
        var node = Node(
            $"{found.ClassName}.{found.Name}", found.Category == "run" ? found.Name : $"{TestOf(found)}: {found.Name}", found.ClassName, found.Name, found.Category, State(found),
            found.Place is { } place ? Place(new SourceLocation(place.File, place.Line, 0)) : null);
        Describe(node, found, folder);
        return node;
    }

    private static void Describe(TestNode node, TestCase found, string folder)
    {
        node.Properties.Add(new TimingProperty(new TimingInfo(found.Start, found.Start + found.Duration, found.Duration)));
        if (found.Output.Length > 0)
        {
            node.Properties.Add(new StandardOutputProperty(found.Output));
            node.Properties.Add(new TrxMessagesProperty([new StandardOutputTrxMessage(found.Output)]));
        }

        if (found.Outcome == CaseOutcome.Failed)
        {
            node.Properties.Add(new TrxExceptionProperty(found.Message, found.Frame));
        }

        foreach (var file in found.Files.Select(file => new FileInfo(Path.Combine(folder, file))).Where(file => file.Exists))
        {
            node.Properties.Add(new FileArtifactProperty(file, file.Name));
        }
    }

    private static TestNodeStateProperty State(TestCase found) => found.Outcome switch
    {
        CaseOutcome.Passed => PassedTestNodeStateProperty.CachedInstance,
        CaseOutcome.Failed => new FailedTestNodeStateProperty(new LimitException(found.Message ?? "", found.Frame)),
        _ => new SkippedTestNodeStateProperty(found.Message ?? ""),
    };

    private static TestNode Node(string uid, string display, string className, string name, string category, TestNodeStateProperty state, TestFileLocationProperty? place)
    {
        var dot = className.LastIndexOf('.');
        var node = new TestNode
        {
            Uid = uid,
            DisplayName = display,
            Properties = new PropertyBag(state, new TrxFullyQualifiedTypeNameProperty(className), new TrxCategoriesProperty(["k6", category]), new TestMethodIdentifierProperty("", className[..dot], className[(dot + 1)..], name, 0, [], "System.Void")),
        };
        foreach (var trait in Traits(category))
        {
            node.Properties.Add(trait);
        }

        if (place is not null)
        {
            node.Properties.Add(place);
        }

        return node;
    }

    private static TestMetadataProperty[] Traits(string category) => [new("TestCategory", "k6"), new("TestCategory", category)];

    private static string PathOf(LoadTestCase one)
    {
        var kind = one.ClassName[(one.ClassName.LastIndexOf('.') + 1)..];
        var project = one.ClassName[..^(one.Test.Length + kind.Length + 2)];
        return string.Concat(new[] { project, one.Test, kind, one.ShortName }.Select(part => $"/{Uri.EscapeDataString(part)}"));
    }

    private static string TestOf(TestCase found) => found.ClassName.Split('.')[^2];

    private static TestFileLocationProperty? Place(SourceLocation? location)
    {
        if (location is null)
        {
            return null;
        }

        var at = new LinePosition(Math.Max(1, location.Line), Math.Max(0, location.Column));
        return new TestFileLocationProperty(location.File, new LinePositionSpan(at, at));
    }

    /// <summary>Terminals and explorers show an exception's message and stack: here, why, and where the limit was declared.</summary>
    private sealed class LimitException(string message, string frame) : Exception(message)
    {
        public override string StackTrace => frame;
    }
}
