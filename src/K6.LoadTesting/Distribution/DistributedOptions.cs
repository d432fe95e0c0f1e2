using System.Globalization;
using System.Text.RegularExpressions;
using K6.LoadTesting.Diagnostics;

namespace K6.LoadTesting.Distribution;

/// <summary>How a test is spread over the machines of a Kubernetes cluster. Quantities are written as Kubernetes writes them: <c>500m</c>, <c>2</c>, <c>512Mi</c>.</summary>
internal sealed partial record DistributedOptions
{
    /// <summary>Runners, each with an equal part of the load; 1 or more, and not more than virtual users.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>Namespace of the objects; null for the one that <c>kubectl</c> uses.</summary>
    public string? Namespace { get; init; }

    /// <summary>Image of the runners; null for k6's own of the version that made the archive.</summary>
    public string? Image { get; init; }

    /// <summary>Service account of the runners; null for the namespace's default.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>CPU that each runner asks for.</summary>
    public string Cpu { get; init; } = "1";

    /// <summary>Memory that each runner asks for and may not exceed; null for 256 MiB and 5 MiB for each of its virtual users, the upper end of what k6's documentation says of one.</summary>
    public string? Memory { get; init; }

    /// <summary>Size of the volume that takes the samples.</summary>
    public string Storage { get; init; } = "5Gi";

    /// <summary>Storage class of the volume, one that several machines can write; null for the cluster's default.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Reads the <c>K6Distributed*</c> properties.</summary>
    /// <param name="properties">Values by name, without <c>K6Distributed</c>; empty ones say nothing.</param>
    /// <param name="place">Where errors stand.</param>
    /// <param name="diagnostics">Gets an error for each that cannot be read.</param>
    public static DistributedOptions Read(IReadOnlyDictionary<string, string> properties, SourceLocation place, ICollection<Diagnostic> diagnostics)
    {
        var defaults = new DistributedOptions();
        var parallelism = defaults.Parallelism;
        if (Text("Parallelism", _ => true, "") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out parallelism) || parallelism < 1))
        {
            Complain("Parallelism", text, "a whole number, 1 or more");
        }

        return new DistributedOptions
        {
            Parallelism = parallelism,
            Namespace = Text("Namespace", IsName, NameForm),
            Image = Text("Image", image => ImageName().IsMatch(image), "the name of an image, such as registry.example/k6:2.2.0"),
            ServiceAccount = Text("ServiceAccount", IsName, NameForm),
            Cpu = Text("Cpu", IsQuantity, "a quantity of Kubernetes, such as 500m or 2") ?? defaults.Cpu,
            Memory = Text("Memory", IsQuantity, "a quantity of Kubernetes, such as 512Mi or 2Gi"),
            Storage = Text("Storage", IsQuantity, "a quantity of Kubernetes, such as 5Gi") ?? defaults.Storage,
            StorageClass = Text("StorageClass", IsName, NameForm),
        };

        string? Text(string name, Func<string, bool> valid, string form)
        {
            if (properties.GetValueOrDefault(name)?.Trim() is not { Length: > 0 } value)
            {
                return null;
            }

            if (!valid(value))
            {
                Complain(name, value, form);
            }

            return value;
        }

        void Complain(string name, string value, string form) =>
            diagnostics.Add(Rules.DistributedInvalid.At(place, $"K6Distributed{name} is '{value}', which is not {form}."));
    }

    private const string NameForm = "a name that Kubernetes takes: small letters, digits, '-' and '.', at most 63";

    private static bool IsName(string text) => text.Length <= 63 && Name().IsMatch(text);

    private static bool IsQuantity(string text) => Quantity().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\z")]
    private static partial Regex Name();

    // https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    [GeneratedRegex(@"^(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?\z")]
    private static partial Regex Quantity();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/:@-]*\z")]
    private static partial Regex ImageName();
}
