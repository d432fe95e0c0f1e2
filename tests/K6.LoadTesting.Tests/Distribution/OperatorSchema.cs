using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace K6.LoadTesting.Tests.Distribution;

/// <summary>
/// The part of k6-operator's definition of a TestRun (k6.io/v1alpha1, https://github.com/grafana/k6-operator/blob/main/docs/crd-generated.md) that our
/// objects use, written down by hand: names and types of fields. A field that is not here is an error, as it is to a strict <c>kubectl</c>.
/// </summary>
internal static partial class OperatorSchema
{
    // name or name[] → type; a type in braces is described by a line of its own.
    private static readonly Dictionary<string, string> Fields = """
        : apiVersion=text kind=text metadata={metadata} spec={spec}
        metadata: name=text namespace=text
        spec: parallelism=integer arguments=text script={script} starter={pod} runner={pod}
        script: configMap={file} volumeClaim={claim}
        file: name=text file=text
        claim: name=text file=text readOnly=boolean
        pod: image=text serviceAccountName=text automountServiceAccountToken=text env[]={env} envFrom[]={source} resources={resources} securityContext={security} volumes[]={volume} volumeMounts[]={mount}
        env: name=text value=text valueFrom={from}
        from: fieldRef={field}
        field: fieldPath=text
        source: configMapRef={name} secretRef={name}
        name: name=text
        resources: requests={quantities} limits={quantities}
        quantities: cpu=quantity memory=quantity
        security: runAsNonRoot=boolean runAsUser=integer runAsGroup=integer fsGroup=integer
        volume: name=text persistentVolumeClaim={pvc}
        pvc: claimName=text readOnly=boolean
        mount: name=text mountPath=text
        """.ReplaceLineEndings("\n").Split('\n').Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].TrimEnd(':'), pair => pair[1]);

    public static void Check(YamlMappingNode run) => Check(run, "", "");

    private static void Check(YamlNode node, string type, string path)
    {
        var known = Fields[type].Split(' ').Select(field => field.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        foreach (var (key, value) in (YamlMappingNode)node)
        {
            var name = ((YamlScalarNode)key).Value!;
            var at = $"{path}.{name}";
            if (known.TryGetValue(name + "[]", out var item))
            {
                foreach (var element in (YamlSequenceNode)value)
                {
                    CheckValue(element, item, at);
                }
            }
            else
            {
                Assert.IsTrue(known.TryGetValue(name, out var field), $"there is no field {at}");
                CheckValue(value, field!, at);
            }
        }
    }

    private static void CheckValue(YamlNode value, string type, string path)
    {
        if (type.StartsWith('{'))
        {
            Check(value, type[1..^1], path);
            return;
        }

        var scalar = (YamlScalarNode)value;
        var plain = scalar.Style == ScalarStyle.Plain;
        var isText = !plain || !NotText().IsMatch(scalar.Value!);
        Assert.IsTrue(
            type switch
            {
                "text" => isText,
                "integer" => plain && int.TryParse(scalar.Value, out _),
                "boolean" => plain && scalar.Value is "true" or "false",
                _ => Quantity().IsMatch(scalar.Value!),
            },
            $"{path} is {scalar.Value}, which is no {type}");
    }

    // What YAML 1.1, which Kubernetes reads, takes for something else than a text.
    [GeneratedRegex(@"^([-+]?\.?[0-9].*|[-+]?\.inf|\.nan|true|false|yes|no|on|off|null|~|)\z", RegexOptions.IgnoreCase)]
    private static partial Regex NotText();

    [GeneratedRegex(@"^(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE])?\z")]
    private static partial Regex Quantity();
}
