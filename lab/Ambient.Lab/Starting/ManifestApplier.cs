using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Resources.Manifests;

namespace Ambient.Lab.Starting;

/// <summary>
/// Server-side apply of every object of YAML documents: what others need first (namespaces, CRDs, accounts), then the rest. What names no
/// namespace goes to the given one, as with <c>kubectl -n</c>.
/// </summary>
internal static class ManifestApplier
{
    private static readonly string[] First = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "ConfigMap", "Secret", "Service"];

    public static async Task ApplyAsync(KubeClient client, string yaml, string manager, CancellationToken ct, string @namespace = "default")
    {
        var set = ManifestReader.ReadText(Encoding.UTF8.GetBytes(yaml), "manifest");
        if (set.Errors.Length > 0)
        {
            throw new InvalidOperationException(string.Join('\n', set.Errors));
        }

        foreach (var item in set.Objects.OrderBy(o => Rank(o.Content)))
        {
            var value = (JsonObject)item.Content.DeepClone();
            var type = GroupVersionKind.Parse((string?)value["apiVersion"] ?? "", (string?)value["kind"] ?? "");
            var resource = client.Resource(type);
            var description = await resource.DescribeAsync(ct).ConfigureAwait(false);
            if (description.Namespaced && value["metadata"] is JsonObject metadata)
            {
                metadata["namespace"] ??= @namespace;
            }

            await WriteAsync(resource, value, manager, ct).ConfigureAwait(false);
        }
    }

    // Creating is the common case and the cheaper one.
    private static async Task WriteAsync(ResourceClient<JsonObject> resource, JsonObject value, string manager, CancellationToken ct)
    {
        try
        {
            await resource.CreateAsync(value, manager, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            await resource.ApplyAsync(value, manager, force: true, ct).ConfigureAwait(false);
        }
    }

    private static int Rank(JsonObject value) => Array.IndexOf(First, (string?)value["kind"]) is >= 0 and var rank ? rank : First.Length;
}
