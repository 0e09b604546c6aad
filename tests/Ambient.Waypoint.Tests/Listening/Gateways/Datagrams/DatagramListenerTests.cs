using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Waypoint.Connections;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Listening.Gateways.Datagrams;
using Ambient.Waypoint.Tests.Lab;

namespace Ambient.Waypoint.Tests.Listening.Gateways.Datagrams;

/// <summary>Datagrams through a gateway in this process: real UDP sockets on both sides.</summary>
public sealed class DatagramListenerTests : IAsyncDisposable
{
    private const int Port = 5353;
    private const int Target = 7053;

    private readonly TestMesh _mesh = new();
    private readonly TestIngress _ingress;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _servers = [];
    private readonly MeshService _service;

    public DatagramListenerTests()
    {
        _ingress = new TestIngress(_mesh);
        _service = _mesh.Service("names", gateway: null);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_servers);
        _ingress.Dispose();
        await _mesh.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Datagram_OfAClient_ReachesTheEndpointAndIsAnswered()
    {
        Serve("a");
        await StartAsync();
        using Socket client = Client();

        Assert.Equal("a:hello", await AskAsync(client, "hello"));
        byte[] large = new byte[9000];
        Random.Shared.NextBytes(large);
        Assert.Equal(large, (await ExchangeAsync(client, large))[2..]);
        Assert.Equal("a:", Encoding.ASCII.GetString(await ExchangeAsync(client, [])));
    }

    [Fact]
    public async Task Clients_OfSeveralEndpoints_EachKeepTheirOwn_AndGetOnlyTheirAnswers()
    {
        Serve("a");
        Serve("b");
        await StartAsync();
        HashSet<string> seen = [];
        for (int i = 0; i < 24; i++)
        {
            using Socket client = Client();
            string[] answers = [await AskAsync(client, $"{i}-1"), await AskAsync(client, $"{i}-2"), await AskAsync(client, $"{i}-3")];
            string endpoint = answers[0].Split(':')[0];
            Assert.Equal([$"{endpoint}:{i}-1", $"{endpoint}:{i}-2", $"{endpoint}:{i}-3"], answers);
            seen.Add(endpoint);
        }

        Assert.Equal(["a", "b"], seen.Order());
    }

    [Fact]
    public async Task Endpoint_ThatIsNoLongerReady_LosesItsClientsToAnother()
    {
        Workload a = Serve("a");
        await StartAsync();
        using Socket client = Client();
        Assert.Equal("a:1", await AskAsync(client, "1"));

        Serve("b");
        _mesh.Add(a with { Health = WorkloadHealth.Unhealthy });

        await EventuallyAsync(client, "b:");
    }

    [Theory]
    [InlineData("127.0.0.0/8", false)]
    [InlineData("192.0.2.0/24", true)]
    public async Task Client_ThatPolicyDenies_GetsNoAnswer(string block, bool answered)
    {
        Serve("a");
        await StartAsync(new RequestPolicy
        {
            Name = new NamespacedName(TestMesh.Namespace, "deny"),
            Action = RequestPolicyAction.Deny,
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Gateway, TestIngress.Key.ToString())],
            Rules = [new RequestRule { From = [new RequestSource { IpBlocks = [block] }] }],
        });
        using Socket client = Client();

        if (answered)
        {
            Assert.Equal("a:x", await AskAsync(client, "x"));
        }
        else
        {
            await client.SendAsync("x"u8.ToArray(), Ct);
            await MetricAsync("ambient_gateway_datagrams_dropped_total{port=\"5353\",reason=\"refused\"} 1");
            Assert.Equal(0, client.Available);
        }
    }

    [Fact]
    public async Task Listener_Removed_ClosesThePort_AndAnotherOpens()
    {
        Serve("a");
        await StartAsync();
        using Socket client = Client();
        Assert.Equal("a:1", await AskAsync(client, "1"));

        _ingress.Listen(TestIngress.Listener("other", Port + 1, ListenerProtocol.Udp));
        _ingress.Route(Table("other", Port + 1));

        using Socket other = Client(Port + 1);
        await EventuallyAsync(other, "a:");
        // The port is free again for others.
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(_ingress.Process.Address, Port));
    }

    [Fact]
    public async Task Port_WithoutARoute_AnswersNothingAndCounts()
    {
        Serve("a");
        _ingress.Listen(TestIngress.Listener("udp", Port, ListenerProtocol.Udp));
        await StartGatewayAsync();
        using Socket client = Client();
        for (int i = 0; i < 100; i++)
        {
            await client.SendAsync("x"u8.ToArray(), Ct);
        }

        await MetricAsync("ambient_gateway_datagrams_dropped_total{port=\"5353\",reason=\"refused\"} ");
        Assert.Equal(0, client.Available);
        await MetricAsync("ambient_gateway_datagram_sessions{port=\"5353\"} 0");
    }

    [Fact]
    public async Task EndpointWithoutAServer_DoesNotStopTheOthers()
    {
        _mesh.Add(Endpoint("dead", Loopback.Next()));
        Serve("a");
        await StartAsync();
        for (int i = 0; i < 16; i++)
        {
            using Socket client = Client();
            await EventuallyAsync(client, "a:");
        }
    }

    [Fact]
    public async Task Session_ThatNobodyUses_Ends_AndTheNextDatagramBeginsAnother()
    {
        Serve("a");
        await StartAsync();
        await using DatagramSocket socket = Opened(new DatagramLimits { Idle = TimeSpan.FromMilliseconds(1) }, out IPEndPoint at);
        using Socket client = Client(at);

        Assert.Equal("a:1", await AskAsync(client, "1"));
        for (int attempt = 0; attempt < 1000 && socket.Sessions > 0; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        Assert.Equal(0, socket.Sessions);
        Assert.Equal("a:2", await AskAsync(client, "2"));
    }

    [Fact]
    public async Task Clients_BeyondTheBound_AreDroppedAndCounted_AndThoseBeforeGoOn()
    {
        Serve("a");
        await StartAsync();
        await using DatagramSocket socket = Opened(new DatagramLimits { MostOfAddress = 2 }, out IPEndPoint at);
        using Socket first = Client(at), second = Client(at), third = Client(at);
        Assert.Equal("a:1", await AskAsync(first, "1"));
        Assert.Equal("a:2", await AskAsync(second, "2"));

        await third.SendAsync("3"u8.ToArray(), Ct);

        Assert.Equal("a:4", await AskAsync(first, "4"));
        Assert.Equal((2, 1L), (socket.Sessions, Interlocked.Read(ref socket.Counts.Full)));
        Assert.Equal(0, third.Available);
    }

    /// <summary>The gateway's UDP port once more, at an address and with limits of its own.</summary>
    private DatagramSocket Opened(DatagramLimits limits, out IPEndPoint at)
    {
        WaypointContext context = _ingress.Process.Parts.Context;
        at = new IPEndPoint(Loopback.Next(), Port);
        context = context with { Config = context.Config with { BindAddress = at.Address } };
        return new DatagramSocket(context, Port, new DatagramRoutes(context, new GatewayAdmission(context)), limits, new DatagramBudget(limits.Most));
    }

    private static Socket Client(IPEndPoint at)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(at);
        return socket;
    }

    private async Task StartAsync(params ProxyResource[] resources)
    {
        _mesh.Apply(new MeshUpdate { Resources = [.. resources] });
        _ingress.Route(Table("udp", Port));
        _ingress.Listen(TestIngress.Listener("udp", Port, ListenerProtocol.Udp), TestIngress.Listener("tcp", Port, ListenerProtocol.Tcp));
        await StartGatewayAsync();
    }

    // TestIngress waits for ports that take connections; that of datagrams is awaited by its metrics.
    private async Task StartGatewayAsync()
    {
        await _ingress.StartGatewayAsync();
        await MetricAsync("ambient_gateway_datagram_sessions{port=\"5353\"}");
    }

    private static RouteTable Table(string listener, int port)
    {
        string service = $"{TestMesh.Namespace}/names.{TestMesh.Namespace}.svc.cluster.local";
        return TestIngress.Table(listener, port, "*") with
        {
            Tcp = [new TcpRule { Origin = new RouteOrigin("UDPRoute", TestMesh.Namespace, "u", 0), Backends = [new WeightedBackend { Target = new BackendTarget(service, TestMesh.Namespace, "names", Target) }] }],
        };
    }

    /// <summary>A pod whose server answers each datagram with its name and what it got.</summary>
    private Workload Serve(string name)
    {
        IPAddress address = Loopback.Next();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, Target));
        _servers.Add(EchoAsync(socket, Encoding.ASCII.GetBytes(name + ":")));
        Workload workload = Endpoint(name, address);
        _mesh.Add(workload);
        return workload;
    }

    private Workload Endpoint(string name, IPAddress address) => new()
    {
        Uid = $"{MeshDefaults.ClusterId}//Pod/{TestMesh.Namespace}/{name}",
        Name = name,
        Namespace = TestMesh.Namespace,
        ServiceAccount = name,
        Addresses = [address],
        // In the mesh: datagrams go past its tunnels.
        TunnelProtocol = TunnelProtocol.Hbone,
        CanonicalName = name,
        WorkloadName = name,
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(_service.Key, []),
    };

    private async Task EchoAsync(Socket socket, byte[] prefix)
    {
        using (socket)
        {
            byte[] buffer = new byte[ushort.MaxValue];
            try
            {
                while (true)
                {
                    SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                    await socket.SendToAsync(new[] { prefix, buffer[..got.ReceivedBytes] }.SelectMany(b => b).ToArray(), SocketFlags.None, got.RemoteEndPoint, _stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }

    private Socket Client(int port = Port) => Client(new IPEndPoint(_ingress.Process.Address, port));

    private static async Task<string> AskAsync(Socket client, string text) => Encoding.ASCII.GetString(await ExchangeAsync(client, Encoding.ASCII.GetBytes(text)));

    private static async Task<byte[]> ExchangeAsync(Socket client, byte[] datagram)
    {
        await client.SendAsync(datagram, Ct);
        byte[] buffer = new byte[ushort.MaxValue];
        return buffer[..await client.ReceiveAsync(buffer, Ct)];
    }

    /// <summary>Asks again and again until an answer begins so; a datagram may be lost on the way.</summary>
    private static async Task EventuallyAsync(Socket client, string prefix)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        for (int attempt = 0; attempt < 400; attempt++)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            wait.CancelAfter(TimeSpan.FromMilliseconds(50));
            try
            {
                await client.SendAsync("?"u8.ToArray(), wait.Token);
                if (Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, wait.Token)).StartsWith(prefix, StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException && !Ct.IsCancellationRequested)
            {
                // Once more; a port that nobody has opened yet refuses at once.
                await Task.Delay(50, Ct);
            }
        }

        Assert.Fail($"no answer began with {prefix}");
    }

    private async Task MetricAsync(string line)
    {
        for (int attempt = 0; attempt < 400; attempt++)
        {
            var text = new Ambient.Proxy.Telemetry.PrometheusText();
            _ingress.Process.Node.RenderDatagrams(text);
            if (text.ToString().Contains(line, StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        Assert.Fail($"no metric {line}");
    }
}
