using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Benchmarks.Hosts;
using Ambient.Benchmarks.Reporting;
using Ambient.Kube.Resources;
using Ambient.Lab;

namespace Ambient.Benchmarks;

/// <summary>
/// From writing a policy to its enforcement, in a lab of two nodes with API server, operator and ztunnels: an open connection between
/// two captured pods is denied by a new AuthorizationPolicy; the time runs from the request to the API server to the reset that the client sees.
/// </summary>
internal sealed class PolicyDelay(L4Report report)
{
    private const int Changes = 100;
    /// <summary>Changes that are not counted: the first ones pay for code that no process has run yet.</summary>
    private const int Warming = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly string Pods = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: bench, labels: { ambient.dev/mesh: enabled } }
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: web, namespace: bench }
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: orders, namespace: bench }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: web, namespace: bench, labels: { app: web } }
        spec:
          nodeName: node-1
          serviceAccountName: web
          containers: [{ name: main, image: debian, command: [sleep, infinity] }]
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: orders, namespace: bench, labels: { app: orders } }
        spec:
          nodeName: node-2
          serviceAccountName: orders
          containers: [{ name: main, image: ambient/echo, ports: [{ containerPort: 8080 }], readinessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 1 } }]
        """;

    private const string Policy = """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: no-web, namespace: bench }
        spec: { action: DENY, selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/bench/sa/web] } }] }] }
        """;

    public async Task RunAsync(CancellationToken ct)
    {
        await using LabCluster lab = await LabCluster.StartAsync(new LabOptions { Mesh = true, MeshLogLevel = "warning" }, ct);
        await lab.ApplyAsync(Pods, ct);
        await lab.WaitReadyAsync("bench", "app=web", 1, Patience, ct);
        await lab.WaitReadyAsync("bench", "app=orders", 1, Patience, ct);
        IPEndPoint server = new(await AddressAsync(lab, ct), 9000);
        string client = lab.PodNetnsPath("bench", "web");
        List<double> times = [];
        for (int i = 0; i < Warming + Changes; i++)
        {
            using Socket open = await ConnectAsync(client, server, ct);
            long started = Stopwatch.GetTimestamp();
            Task<bool> ended = EndedAsync(open, ct);
            await lab.ApplyAsync(Policy, ct);
            await ended;
            if (i >= Warming)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            await lab.Admin.Resource(new GroupKind("security.istio.io", "AuthorizationPolicy")).DeleteAsync("bench", "no-web", null, ct);
        }

        times.Sort();
        report.Own["policy_p99_ms"] = times[(int)Math.Ceiling(0.99 * Changes) - 1];
        report.Own["policy_p50_ms"] = times[times.Count / 2];
    }

    private static async Task<IPAddress> AddressAsync(LabCluster lab, CancellationToken ct)
    {
        JsonObject pod = await lab.Admin.Resource(new GroupKind("", "Pod")).GetAsync("bench", "orders", ct);
        return IPAddress.Parse((string)pod["status"]!["podIP"]!);
    }

    /// <summary>A connection on which a word has come back: tried until the last policy is gone.</summary>
    private static async Task<Socket> ConnectAsync(string netns, IPEndPoint server, CancellationToken ct)
    {
        for (int attempt = 0; ; attempt++)
        {
            Socket socket = await NetnsSocket.CreateAsync(netns);
            try
            {
                await socket.ConnectAsync(server, ct);
                await socket.SendAsync("hello"u8.ToArray(), ct);
                if (await socket.ReceiveAsync(new byte[16], ct) > 0)
                {
                    return socket;
                }
            }
            catch (SocketException) when (attempt < 400)
            {
                // Still denied.
            }

            socket.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    private static async Task<bool> EndedAsync(Socket socket, CancellationToken ct)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[16], ct) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
