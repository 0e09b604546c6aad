using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>A running pod: commands in its container, sockets in its network namespace.</summary>
internal sealed class MeshPod(LabCluster lab, PodPlan plan, string uid, IPAddress address)
{
    public string Namespace => plan.Namespace;

    public string Name => plan.Name;

    public string Node => plan.Node;

    public string Uid => uid;

    public IPAddress Address => address;

    public string NetnsPath { get; } = lab.PodNetnsPath(plan.Namespace, plan.Name);

    /// <summary><c>spiffe://cluster.local/ns/…/sa/…</c></summary>
    public string Identity => $"spiffe://cluster.local/ns/{Namespace}/sa/{plan.ServiceAccount ?? Name}";

    /// <summary>As policies name it.</summary>
    public string Principal => Identity["spiffe://".Length..];

    /// <summary>Name of the pod's Service; null when it has none.</summary>
    public string? ServiceHost => plan.HasService ? $"{Name}.{Namespace}.svc.cluster.local" : null;

    public string Url => $"http://{address}:8080/";

    /// <summary>curl in the pod's container.</summary>
    public async Task<Reply> CurlAsync(string url, params string[] more)
    {
        ExecResult result = await lab.ExecInPodAsync(
            Namespace, Name, ["curl", "-s", "-S", "-m", "10", "-w", "\n%{http_code}", .. more, url], null, TestContext.Current.CancellationToken);
        int end = result.Output.LastIndexOf('\n');
        return new Reply(
            result.ExitCode,
            end >= 0 && int.TryParse(result.Output.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : 0,
            end > 0 ? result.Output[..end] : "",
            result.Error.Trim());
    }

    public Task<Reply> CurlAsync(MeshPod server) => CurlAsync(server.Url);

    public Task<ExecResult> ExecAsync(params string[] command) =>
        lab.ExecInPodAsync(Namespace, Name, command, null, TestContext.Current.CancellationToken);

    /// <summary>An unconnected socket in the pod's network namespace.</summary>
    public Task<Socket> SocketAsync() => NetnsSocket.CreateAsync(NetnsPath, AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public async Task<Socket> ConnectAsync(IPAddress to, int port)
    {
        Socket socket = await SocketAsync();
        socket.NoDelay = true;
        try
        {
            await socket.ConnectAsync(new IPEndPoint(to, port), SocketWords.Soon());
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task<Socket> ConnectAsync(MeshPod to, int port) => ConnectAsync(to.Address, port);

    /// <summary>A listening socket on the pod's address.</summary>
    public async Task<Socket> ListenAsync(int port, IPAddress? on = null)
    {
        Socket socket = await SocketAsync();
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(on ?? IPAddress.Any, port));
        socket.Listen(64);
        return socket;
    }

    /// <summary>True when words to the echo port come back.</summary>
    public async Task<bool> ReachesAsync(IPAddress to, int port)
    {
        try
        {
            using Socket socket = await ConnectAsync(to, port);
            await socket.SayAsync("hello");
            return await socket.ReceiveAsync(new byte[1], SocketWords.Soon()) == 1;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    public Task<bool> ReachesAsync(MeshPod to, int port = 9000) => ReachesAsync(to.Address, port);

    public override string ToString() => $"{Namespace}/{Name}";
}
