using System.Globalization;
using System.Text;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Nodes;

/// <summary>The downward API: what fieldRef paths mean.</summary>
internal static class PodFields
{
    /// <summary>Null for a path that is not known.</summary>
    public static string? Value(string path, LabPod pod, NodeContext node, PodNetwork network) => path switch
    {
        "metadata.name" => pod.Metadata.Name,
        "metadata.namespace" => pod.Metadata.Namespace,
        "metadata.uid" => pod.Metadata.Uid,
        "metadata.labels" => Lines(pod.Metadata.Labels),
        "metadata.annotations" => Lines(pod.Metadata.Annotations),
        "spec.nodeName" => node.Name,
        "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "default",
        "status.podIP" => network.Addresses[0].ToString(),
        "status.podIPs" => string.Join(',', network.Addresses),
        "status.hostIP" => node.NodeAddresses[0].ToString(),
        "status.hostIPs" => string.Join(',', node.NodeAddresses),
        _ when Key(path, "metadata.labels") is { } label => pod.Metadata.Labels.GetValueOrDefault(label, ""),
        _ when Key(path, "metadata.annotations") is { } annotation => pod.Metadata.Annotations.GetValueOrDefault(annotation, ""),
        _ => null,
    };

    private static string? Key(string path, string of) =>
        path.StartsWith(of + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[(of.Length + 2)..^2] : null;

    private static string Lines(IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in values.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{key}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n");
        }

        return text.ToString();
    }
}
