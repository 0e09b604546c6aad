using System.Text.Json.Nodes;
using Ambient.Lab.Containers;
using Ambient.Lab.Controlling;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Nodes;

/// <summary>Writes a pod's status (core/v1 PodStatus) from what its containers do.</summary>
internal static class PodStatusText
{
    public static JsonObject Build(LabPod pod, PodMoment moment, DateTimeOffset now)
    {
        var initialized = moment.Init.All(i => i.View is { Final: true, State: ContainerState.Terminated { ExitCode: 0 } } || (i.Spec.RestartPolicy == "Always" && i.View.Started));
        var ready = moment.Main.Count > 0 && moment.Main.All(c => c.View.Ready) && !moment.Ending;
        var phase = Phase(moment, initialized);
        var finished = phase is "Succeeded" or "Failed";
        var status = new JsonObject
        {
            ["phase"] = phase,
            ["hostIP"] = moment.HostAddresses[0].ToString(),
            ["hostIPs"] = new JsonArray([.. moment.HostAddresses.Select(a => (JsonNode)new JsonObject { ["ip"] = a.ToString() })]),
            ["startTime"] = KubeTime.Text(moment.StartedAt),
            ["conditions"] = new JsonArray(
                Condition("PodReadyToStartContainers", moment.Network is not null && !finished, "", now),
                Condition("Initialized", initialized, "ContainersNotInitialized", now),
                Condition("Ready", ready, finished ? "PodCompleted" : "ContainersNotReady", now, Unready(moment)),
                Condition("ContainersReady", ready, finished ? "PodCompleted" : "ContainersNotReady", now, Unready(moment)),
                Condition("PodScheduled", true, "", now)),
            ["containerStatuses"] = new JsonArray([.. moment.Main.Select(c => (JsonNode)Container(c))]),
        };
        if (moment.Init.Count > 0)
        {
            status["initContainerStatuses"] = new JsonArray([.. moment.Init.Select(c => (JsonNode)Container(c))]);
        }

        if (moment.Network is { } network)
        {
            status["podIP"] = network.Addresses[0].ToString();
            status["podIPs"] = new JsonArray([.. network.Addresses.Select(a => (JsonNode)new JsonObject { ["ip"] = a.ToString() })]);
        }

        status["message"] = moment.Message;
        return status;
    }

    private static string Phase(PodMoment moment, bool initialized)
    {
        if (moment.Init.Any(i => i.View is { Final: true, State: ContainerState.Terminated { ExitCode: not 0 } } && i.Spec.RestartPolicy != "Always"))
        {
            return "Failed";
        }

        if (moment.Main.Count > 0 && moment.Main.All(c => c.View.Final))
        {
            return moment.Main.All(c => c.View.State is ContainerState.Terminated { ExitCode: 0 }) ? "Succeeded" : "Failed";
        }

        return initialized && moment.Main.Count > 0 && moment.Main.All(c => c.View.Id is not null) ? "Running" : "Pending";
    }

    private static string? Unready(PodMoment moment)
    {
        var names = moment.Main.Where(c => !c.View.Ready).Select(c => c.Spec.Name).ToArray();
        return names.Length == 0 ? null : $"containers with unready status: [{string.Join(' ', names)}]";
    }

    private static JsonObject Condition(string type, bool met, string reason, DateTimeOffset now, string? message = null)
    {
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = met ? "True" : "False",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = KubeTime.Text(now),
        };
        if (!met && reason.Length > 0)
        {
            condition["reason"] = reason;
            condition["message"] = message;
        }

        return condition;
    }

    private static JsonObject Container(ContainerRunner container)
    {
        var view = container.View;
        return new JsonObject
        {
            ["name"] = container.Spec.Name,
            ["image"] = container.Spec.Image,
            ["imageID"] = view.Id is null ? "" : "lab://" + container.Spec.Image,
            ["containerID"] = view.Id,
            ["ready"] = container.Spec.RestartPolicy == "Always" || !container.IsInit ? view.Ready : view is { Final: true, State: ContainerState.Terminated { ExitCode: 0 } },
            ["started"] = view.Started,
            ["restartCount"] = view.Restarts,
            ["state"] = State(view.State, view.Id),
            ["lastState"] = view.Last is null ? new JsonObject() : State(view.Last, view.Id),
        };
    }

    private static JsonObject State(ContainerState state, string? id) => state switch
    {
        ContainerState.Waiting waiting => new JsonObject { ["waiting"] = new JsonObject { ["reason"] = waiting.Reason, ["message"] = waiting.Message.Length == 0 ? null : waiting.Message } },
        ContainerState.Running running => new JsonObject { ["running"] = new JsonObject { ["startedAt"] = KubeTime.Text(running.StartedAt) } },
        ContainerState.Terminated ended => new JsonObject
        {
            ["terminated"] = new JsonObject
            {
                ["exitCode"] = ended.ExitCode,
                ["reason"] = ended.Reason,
                ["startedAt"] = KubeTime.Text(ended.StartedAt),
                ["finishedAt"] = KubeTime.Text(ended.FinishedAt),
                ["containerID"] = id,
            },
        },
        _ => [],
    };
}
