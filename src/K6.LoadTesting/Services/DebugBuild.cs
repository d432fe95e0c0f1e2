using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using K6.LoadTesting.Diagnostics;
using K6.LoadTesting.Plans;

namespace K6.LoadTesting.Services;

/// <summary>Finds .NET programs that were built without optimisation: their figures are those of another program.</summary>
internal static class DebugBuild
{
    // DebuggableAttribute.DebuggingModes.DisableOptimizations; the constructor with one argument stores a prologue of two bytes, then the modes.
    private const int DisableOptimizations = 0x100;
    private const int Prologue = 2;

    /// <summary>A warning when a service is such a program; null when it is none, or nobody can tell.</summary>
    public static Diagnostic? Check(ServicePlan plan) =>
        Assembly(plan) is { } assembly && IsUnoptimised(assembly)
            ? Rules.DebugBuildUnderLoad.At(
                plan.Location,
                $"The service '{plan.Name}' was built without optimisation, so the figures are not those of what you ship: {assembly}. {(plan.Project is null ? "Build it in Release." : "Leave Configuration out, or set it to Release.")}")
            : null;

    // dotnet [exec] X.dll, or a program with X.dll beside it.
    private static string? Assembly(ServicePlan plan)
    {
        if (plan.Command is not { Length: > 0 } command)
        {
            return null;
        }

        var folder = plan.WorkingDirectory ?? Path.GetDirectoryName(plan.Project ?? plan.Location.File)!;
        var named = Path.GetFileNameWithoutExtension(command) == "dotnet"
            ? plan.Arguments.FirstOrDefault(argument => argument.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            : (command.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? command[..^4] : command) + ".dll";
        return named is not null && Path.Combine(folder, named) is var file && File.Exists(file) ? file : null;
    }

    private static bool IsUnoptimised(string assembly)
    {
        try
        {
            using var reader = new PEReader(File.OpenRead(assembly));
            var metadata = reader.GetMetadataReader();
            return metadata.GetAssemblyDefinition().GetCustomAttributes()
                .Select(metadata.GetCustomAttribute)
                .Where(attribute => IsDebuggable(metadata, attribute))
                .Select(attribute => metadata.GetBlobBytes(attribute.Value))
                .Any(value => value.Length >= Prologue + sizeof(int) && (BitConverter.ToInt32(value, Prologue) & DisableOptimizations) != 0);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or InvalidOperationException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsDebuggable(MetadataReader metadata, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor) is { Parent.Kind: HandleKind.TypeReference } constructor
        && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)constructor.Parent).Name) == "DebuggableAttribute";
}
