using System.Text.Json.Nodes;
using Ambient.Kube.Http;

namespace Ambient.Operator.Watching;

/// <summary>What of a pod decides which certificates it, and its node's proxy, may have.</summary>
internal sealed record PodFacts(string Namespace, string Name, string Uid, string ServiceAccount, string Node, bool Finished)
{
    /// <summary>Null when it has no uid: not from an API server.</summary>
    public static PodFacts? Of(JsonObject pod)
    {
        if (ObjectCodec.Dynamic.UidOf(pod) is not { Length: > 0 } uid)
        {
            return null;
        }

        string account = Text(pod["spec"], "serviceAccountName");
        return new PodFacts(
            ObjectCodec.Dynamic.NamespaceOf(pod), ObjectCodec.Dynamic.NameOf(pod), uid, account.Length > 0 ? account : "default",
            Text(pod["spec"], "nodeName"), Text(pod["status"], "phase") is "Succeeded" or "Failed");
    }

    private static string Text(JsonNode? node, string field) =>
        node is JsonObject o && o[field] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
