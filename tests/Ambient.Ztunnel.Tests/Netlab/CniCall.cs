using System.Net.Sockets;
using System.Text.Json;

namespace Ambient.Ztunnel.Tests.Netlab;

/// <summary>What the runtime's plugin does when it makes a pod.</summary>
internal static class CniCall
{
    internal static async Task AddAsync(string path, Pod pod)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        string request = JsonSerializer.Serialize(new
        {
            command = "ADD",
            podUid = TestMesh.UidOf(pod),
            @namespace = TestMesh.Namespace,
            name = pod.Name,
            netns = pod.Path,
            addresses = new[] { pod.Address.ToString() },
        });
        await socket.SayAsync(request + "\n");
        await socket.HearAsync("""{"ok":true,"captured":true,"reason":"because the test says so"}""");
    }
}
