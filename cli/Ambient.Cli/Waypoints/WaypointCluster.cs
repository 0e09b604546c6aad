using System.Text.Json.Nodes;
using Ambient.Cli.Proxies;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Cli.Waypoints;

/// <summary>Waypoints of a cluster: reads them with who is bound to them, writes and deletes them.</summary>
internal sealed class WaypointCluster(KubeClient client, TimeProvider time)
{
    public const string UseLabel = "ambient.dev/use-waypoint";

    private const string Manager = "ambientctl";
    private const string GatewayLabel = "gateway.networking.k8s.io/gateway-name";

    private static readonly string[] UseLabels = [UseLabel, "istio.io/use-waypoint"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ResourceClient<JsonObject> _gateways = client.Resource(new GroupKind("gateway.networking.k8s.io", "Gateway"));
    private readonly ResourceClient<JsonObject> _namespaces = client.Resource(new GroupKind("", "Namespace"));

    /// <summary>All of a namespace, or of the cluster (null).</summary>
    public async Task<IReadOnlyList<WaypointView>> ListAsync(string? ns, CancellationToken cancellation)
    {
        var gateways = (await _gateways.ListAsync(ns, null, cancellation)).Items
            .Where(static g => WaypointView.Classes.Contains(g["spec"].Text("gatewayClassName"))).ToList();
        if (gateways.Count == 0)
        {
            return [];
        }

        ILookup<string, string> users = await UsersAsync(cancellation);
        ILookup<string, JsonObject> pods = (await client.Resource(new GroupKind("", "Pod")).ListAsync(ns, new ListOptions { LabelSelector = GatewayLabel }, cancellation)).Items
            .ToLookup(static p => Key(p["metadata"].Text("namespace"), p["metadata"].Child("labels").Text(GatewayLabel)));
        return
        [
            .. gateways.Select(g => (Gateway: g, Key: Key(g["metadata"].Text("namespace"), g["metadata"].Text("name"))))
                .OrderBy(static g => g.Key, StringComparer.Ordinal)
                .Select(g => WaypointView.Of(g.Gateway, pods[g.Key].Count(IsReady), pods[g.Key].Count(), [.. users[g.Key]])),
        ];
    }

    public async Task<WaypointView?> FindAsync(string ns, string name, CancellationToken cancellation) =>
        (await ListAsync(ns, cancellation)).FirstOrDefault(w => w.Name == name);

    public Task ApplyAsync(WaypointManifest waypoint, CancellationToken cancellation) => _gateways.ApplyAsync(waypoint.ToJson(), Manager, force: true, cancellation);

    /// <summary>The last look at it: as soon as it is programmed, or when the time is over.</summary>
    public async Task<WaypointView?> WaitAsync(string ns, string name, TimeSpan patience, CancellationToken cancellation)
    {
        long begun = time.GetTimestamp();
        while (true)
        {
            WaypointView? view = await FindAsync(ns, name, cancellation);
            if (view is { IsProgrammed: true } || time.GetElapsedTime(begun) >= patience)
            {
                return view;
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>The labels of a namespace; null when it is not there.</summary>
    public async Task<JsonNode?> NamespaceLabelsAsync(string ns, CancellationToken cancellation) =>
        await _namespaces.FindAsync(null, ns, cancellation) is { } found ? found["metadata"].Child("labels") ?? new JsonObject() : null;

    /// <summary>Binds a namespace to a waypoint of its own.</summary>
    public Task BindAsync(string ns, string name, CancellationToken cancellation) =>
        LabelAsync(ns, new JsonObject { [UseLabel] = name, [UseLabel + "-namespace"] = null }, cancellation);

    public async Task DeleteAsync(string ns, string name, CancellationToken cancellation)
    {
        // First nobody is sent to it, then it goes: the other way round, requests are refused meanwhile.
        if (await NamespaceLabelsAsync(ns, cancellation) is { } labels)
        {
            var unbound = UseLabels.Where(l => labels.Text(l) == name && (labels.Text(l + "-namespace").Length == 0 || labels.Text(l + "-namespace") == ns)).ToList();
            if (unbound.Count > 0)
            {
                await LabelAsync(ns, new JsonObject(unbound.Select(static l => KeyValuePair.Create<string, JsonNode?>(l, null))), cancellation);
            }
        }

        await _gateways.DeleteAsync(ns, name, null, cancellation);
    }

    private async Task LabelAsync(string ns, JsonObject labels, CancellationToken cancellation) => await _namespaces.PatchAsync(
        null, ns, Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } }, Manager), cancellation);

    private async Task<ILookup<string, string>> UsersAsync(CancellationToken cancellation)
    {
        var users = new List<(string Waypoint, string User)>();
        foreach (GroupKind kind in (GroupKind[])[new("", "Namespace"), new("", "Service"), new("", "Pod"), new("networking.istio.io", "ServiceEntry")])
        {
            foreach (string label in UseLabels)
            {
                try
                {
                    KubeList<JsonObject> bound = await client.Resource(kind).ListAsync(null, new ListOptions { LabelSelector = label }, cancellation);
                    users.AddRange(bound.Items.Select(o => User(kind.Kind, label, o)));
                }
                catch (NotServedException)
                {
                    // Its CRD is not installed: there are none.
                }
            }
        }

        return users.Distinct().ToLookup(static u => u.Waypoint, static u => u.User);
    }

    private static (string Waypoint, string User) User(string kind, string label, JsonObject o)
    {
        JsonNode? metadata = o["metadata"];
        string ns = kind == "Namespace" ? metadata.Text("name") : metadata.Text("namespace");
        string other = metadata.Child("labels").Text(label + "-namespace");
        return (
            Key(other.Length > 0 ? other : ns, metadata.Child("labels").Text(label)),
            kind == "Namespace" ? $"{kind} {ns}" : $"{kind} {ns}/{metadata.Text("name")}");
    }

    private static bool IsReady(JsonObject pod) => pod["status"].Items("conditions").Any(static c => c.Text("type") == "Ready" && c.Text("status") == "True");

    private static string Key(string ns, string name) => $"{ns}/{name}";
}
