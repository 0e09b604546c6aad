using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Columns of pods.</summary>
internal static class PodColumns
{
    public static readonly Column[] All =
    [
        Columns.Name,
        new("Ready", (o, _) => $"{Statuses(o).Count(s => s.Flag("ready"))}/{o.Items("spec", "containers").Count()}"),
        new("Status", (o, _) => Status(o)),
        new("Restarts", (o, now) => Restarts(o, now)),
        Columns.Age,
        new("IP", (o, _) => o.Text("status", "podIP") ?? "<none>") { Priority = 1 },
        new("Node", (o, _) => o.Text("spec", "nodeName") is { Length: > 0 } n ? n : "<none>") { Priority = 1 },
        new("Nominated Node", (o, _) => o.Text("status", "nominatedNodeName") ?? "<none>") { Priority = 1 },
        new("Readiness Gates", (o, _) => Gates(o)) { Priority = 1 },
    ];

    private static IEnumerable<JsonNode?> Statuses(JsonObject pod) => pod.Items("status", "containerStatuses");

    private static string Restarts(JsonObject pod, DateTimeOffset now)
    {
        long count = Statuses(pod).Sum(s => s.Number("restartCount") ?? 0);
        string? last = Statuses(pod).Select(s => s.Text("lastState", "terminated", "finishedAt")).Where(t => t is not null).Max(StringComparer.Ordinal);
        return count > 0 && last is not null ? $"{count} ({Ages.Since(last, now)} ago)" : $"{count}";
    }

    private static string Gates(JsonObject pod)
    {
        string[] gates = [.. pod.Items("spec", "readinessGates").Select(g => g.Text("conditionType") ?? "")];
        return gates.Length == 0 ? "<none>"
            : $"{gates.Count(g => pod.Items("status", "conditions").Any(c => c.Text("type") == g && c.Text("status") == "True"))}/{gates.Length}";
    }

    /// <summary>The word that says best how the pod is: a container's reason where there is one, else the phase.</summary>
    private static string Status(JsonObject pod)
    {
        string status = pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "Unknown";
        string? initial = Initializing(pod);
        if (initial is null)
        {
            foreach (JsonNode? container in Statuses(pod).Reverse())
            {
                status = Reason(container) ?? status;
            }

            if (status == "Completed" && Statuses(pod).Any(s => s.Flag("ready") && s.At("state", "running") is not null))
            {
                status = pod.Items("status", "conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True") ? "Running" : "NotReady";
            }
        }

        return pod.At("metadata", "deletionTimestamp") is not null ? pod.Text("status", "reason") == "NodeLost" ? "Unknown" : "Terminating" : initial ?? status;
    }

    private static string? Initializing(JsonObject pod)
    {
        int total = pod.Items("spec", "initContainers").Count();
        foreach ((int i, JsonNode? container) in pod.Items("status", "initContainerStatuses").Index())
        {
            if (container.Object("state", "terminated") is { } ended && ended.Number("exitCode") == 0)
            {
                continue;
            }

            bool sidecar = pod.Items("spec", "initContainers").ElementAtOrDefault(i).Text("restartPolicy") == "Always";
            if (sidecar && container.Flag("started"))
            {
                continue;
            }

            return Reason(container) is { } reason and not "PodInitializing" ? $"Init:{reason}" : $"Init:{i}/{total}";
        }

        return null;
    }

    private static string? Reason(JsonNode? container)
    {
        if (container.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
        {
            return waiting;
        }

        return container.Object("state", "terminated") is not { } ended ? null
            : ended.Text("reason") is { Length: > 0 } reason ? reason
            : ended.Number("signal") is { } signal and > 0 ? $"Signal:{signal}" : $"ExitCode:{ended.Number("exitCode")}";
    }
}
