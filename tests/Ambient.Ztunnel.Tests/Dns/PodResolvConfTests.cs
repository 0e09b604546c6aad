using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Dns;

/// <summary>The pod's own resolver settings, found through a process of it that has a file system of its own.</summary>
public sealed class PodResolvConfTests(PodNetwork network)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_list_and_nameserver_are_the_pods_own()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(TestMesh.ServiceOf("api", "240.240.0.9", 443) with { Hostname = "api.example.com" });
        Pod nameserver = mesh.Pod();
        string etc = EtcOf(mesh);
        await File.WriteAllTextAsync(Path.Combine(etc, "resolv.conf"), $"search team.internal\nnameserver {nameserver.Address}\noptions ndots:5\n", Ct);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        using var process = new PodProcess(client, etc);
        using Socket server = nameserver.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(nameserver.Address, 53));

        byte[] known = await AskAsync(client, DnsBytes.Query(1, "api.example.com.team.internal", 1));
        Task<byte[]> forwarded = AskAsync(client, DnsBytes.Query(2, "example.org", 1));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        SocketReceiveFromResult got = await server.ReceiveFromAsync(new byte[512], new IPEndPoint(IPAddress.Any, 0), limit.Token);
        await server.SendToAsync(DnsBytes.Query(2, "example.org", 1), got.RemoteEndPoint, limit.Token);

        Assert.Equal(IPAddress.Parse("240.240.0.9"), new IPAddress(known[^4..]));
        Assert.Equal(2, (await forwarded)[1]);
    }

    [Theory]
    [InlineData("mkfifo resolv.conf")]
    [InlineData("mkdir resolv.conf")]
    [InlineData("ln -s /etc/resolv.conf resolv.conf")]
    [InlineData("ln -s /proc/1/root/etc/resolv.conf resolv.conf")]
    public async Task File_that_is_none_costs_nothing_but_the_pods_own_settings(string make)
    {
        await using var mesh = new TestMesh(network);
        string etc = EtcOf(mesh);
        Shell.Run("sh", "-c", $"cd {etc} && {make}");
        await File.WriteAllTextAsync(Path.Combine(mesh.DirectoryPath, "resolv.conf"), "\n", Ct);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        using var process = new PodProcess(client, etc);

        byte[] reply = await AskAsync(client, DnsBytes.Query(3, "example.org", 1));

        Assert.Equal(2, reply[3] & 0x0f);
    }

    private static string EtcOf(TestMesh mesh) => Directory.CreateDirectory(Path.Combine(mesh.DirectoryPath, "etc")).FullName;

    private static async Task<byte[]> AskAsync(Pod client, byte[] query)
    {
        using Socket socket = client.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(6));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse("10.96.0.10"), 53), limit.Token);
        await socket.SendAsync(query, limit.Token);
        byte[] buffer = new byte[512];
        return buffer[..await socket.ReceiveAsync(buffer, limit.Token)];
    }

    /// <summary>A process in the pod's netns that sees another directory as its /etc.</summary>
    private sealed class PodProcess : IDisposable
    {
        private readonly Process _process;

        internal PodProcess(Pod pod, string etc)
        {
            var start = new ProcessStartInfo("nsenter") { RedirectStandardOutput = true, RedirectStandardInput = true };
            foreach (string word in (string[])[
                $"--net={pod.Path}", "unshare", "--mount", "sh", "-c", $"mount --bind {etc} /etc && echo ready && exec cat"])
            {
                start.ArgumentList.Add(word);
            }

            _process = Process.Start(start)!;
            Assert.Equal("ready", _process.StandardOutput.ReadLine());
        }

        // cat ends with its input.
        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
