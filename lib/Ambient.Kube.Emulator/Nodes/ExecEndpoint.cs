using System.Net.WebSockets;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Nodes;

/// <summary>Exec over a WebSocket (kubectl from 1.31; sub-protocols v5.channel.k8s.io and v4.channel.k8s.io). SPDY is not served.</summary>
internal sealed class ExecEndpoint(INodeAgent? agent, TimeProvider time)
{
    public async Task HandleAsync(ApiRequest request, StoredObject pod)
    {
        var exec = new ExecRequest
        {
            Container = PodTarget.Container(request, pod),
            Node = PodTarget.Node(pod),
            Namespace = pod.Namespace,
            Pod = pod.Name,
            PodUid = pod.Uid,
            Command = [.. request.Http.Request.Query["command"].Select(c => c ?? "")],
            Tty = request.QueryFlag("tty"),
        };
        if (exec.Command.IsEmpty)
        {
            throw ApiErrors.BadRequest("you must specify at least one command for the container");
        }

        if (agent is null)
        {
            throw ApiErrors.Unavailable("no node serves exec here");
        }

        if (!request.Http.WebSockets.IsWebSocketRequest)
        {
            throw ApiErrors.BadRequest("exec is served over WebSocket only: use kubectl 1.31 or later, or set KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true");
        }

        string protocol = request.Http.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(p => p is "v5.channel.k8s.io" or "v4.channel.k8s.io")
            ?? throw ApiErrors.BadRequest("none of the WebSocket sub-protocols asked for is served: v5.channel.k8s.io, v4.channel.k8s.io");
        using WebSocket socket = await request.Http.WebSockets.AcceptWebSocketAsync(protocol);
        using var session = new ExecSession(socket, exec, new ExecChannels(
            request.QueryFlag("stdin"), request.QueryFlag("stdout"), request.QueryFlag("stderr")), time);
        await session.RunAsync(agent, request.Aborted);
    }
}
