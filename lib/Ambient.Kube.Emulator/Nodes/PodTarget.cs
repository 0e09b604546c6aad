using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Nodes;

/// <summary>The container that a log or exec request is about.</summary>
internal static class PodTarget
{
    public static string Container(ApiRequest request, StoredObject pod)
    {
        string[] names = [.. pod.Value.Items("spec", "initContainers").Concat(pod.Value.Items("spec", "containers")).Select(c => c.Text("name") ?? "")];
        string[] main = [.. pod.Value.Items("spec", "containers").Select(c => c.Text("name") ?? "")];
        string? asked = request.Query("container");
        if (!string.IsNullOrEmpty(asked))
        {
            return names.Contains(asked) ? asked : throw ApiErrors.BadRequest($"container {asked} is not valid for pod {pod.Name}");
        }

        return main.Length == 1
            ? main[0]
            : throw ApiErrors.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', names)}]");
    }

    public static string Node(StoredObject pod) =>
        pod.Value.Text("spec", "nodeName") is { Length: > 0 } node ? node : throw ApiErrors.BadRequest($"pod {pod.Name} does not have a host assigned");
}
