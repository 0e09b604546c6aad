using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>
/// A test with namespaces and pods of its own that live only for it. When it fails it says what the mesh saw: access log lines, status of
/// the objects, logs of the pods.
/// </summary>
public abstract class Scenario(MeshFixture mesh) : IAsyncLifetime
{
    private static readonly TimeSpan PodPatience = TimeSpan.FromSeconds(90);
    private static int s_number;

    private readonly int _number = Interlocked.Increment(ref s_number);
    private readonly List<string> _namespaces = [];
    private readonly Stack<Func<Task>> _afterwards = [];

    public LabCluster Lab => mesh.Lab;

    internal Ztunnels Ztunnels => field ??= new Ztunnels(mesh.Lab);

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(await new Aftermath(Lab, Ztunnels, _namespaces).TellAsync());
        }

        while (_afterwards.TryPop(out Func<Task>? step))
        {
            await step();
        }

        foreach (string ns in _namespaces)
        {
            await Lab.Admin.Resource<Namespace>().DeleteAsync(null, ns, null, CancellationToken.None);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A namespace that no other test has, in the mesh unless said otherwise.</summary>
    protected async Task<string> NamespaceAsync(string word, bool enrolled = true)
    {
        string name = $"s{_number}-{word}";
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Namespace
            metadata: { name: {{name}}, labels: { {{(enrolled ? "ambient.dev/mesh: enabled" : "")}} } }
            """);
        _namespaces.Add(name);
        return name;
    }

    /// <summary>Something that has to be put back however the test ends; the last one first.</summary>
    protected void Afterwards(Func<Task> step) => _afterwards.Push(step);

    protected Task ApplyAsync(string yaml) => Lab.ApplyAsync(yaml, Stop);

    protected static string Manifest(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "manifests", file));

    protected async Task LabelAsync(string ns, string label, string? value) => await Lab.Admin.Resource<Namespace>().PatchAsync(
        null, ns, Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } }), Stop);

    protected Task EnrolAsync(string ns) => LabelAsync(ns, "ambient.dev/mesh", "enabled");

    protected Task UnenrolAsync(string ns) => LabelAsync(ns, "ambient.dev/mesh", null);

    protected async Task DeleteAsync(string group, string kind, string ns, string name) =>
        await Lab.Admin.Resource(new GroupKind(group, kind)).DeleteAsync(ns, name, null, Stop);

    /// <summary>Starts pods and waits until they are ready and, where they are in the mesh, until both nodes know them.</summary>
    internal async Task<MeshPod[]> StartAsync(params PodPlan[] plans)
    {
        StringBuilder yaml = new();
        foreach (PodPlan plan in plans)
        {
            yaml.Append(plan.Yaml());
        }

        await ApplyAsync(yaml.ToString());
        MeshPod[] pods = await Task.WhenAll(plans.Select(ReadyAsync));
        await Task.WhenAll(Lab.Nodes.Select(n => Ztunnels.KnowsAsync(n.Name, [.. pods.Zip(plans).Where(p => !p.Second.IsOnHostNetwork).Select(p => p.First)])));
        return pods;
    }

    /// <summary>An AuthorizationPolicy for the pods of an app (null: all of the namespace); rules as a flow YAML list.</summary>
    protected Task PolicyAsync(string ns, string name, string action, string? app, string rules) => ApplyAsync($$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          {{(app is null ? "" : $"selector: {{ matchLabels: {{ app: {app} }} }}")}}
          action: {{action}}
          rules: {{rules}}
        """);

    /// <summary>A PeerAuthentication; <paramref name="ports"/> as flow YAML <c>9000: { mode: PERMISSIVE }</c>, for the pods of an app.</summary>
    protected Task PeerAuthenticationAsync(string ns, string mode, string? app = null, string? ports = null) => ApplyAsync($$"""
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: { name: {{app ?? "default"}}, namespace: {{ns}} }
        spec:
          {{(app is null ? "" : $"selector: {{ matchLabels: {{ app: {app} }} }}")}}
          mtls: { mode: {{mode}} }
          {{(ports is null ? "" : $"portLevelMtls: {{ {ports} }}")}}
        """);

    /// <summary>Waits until a connection to the port of an echo server gets through, or no longer does.</summary>
    internal static Task BecomesAsync(MeshPod from, MeshPod to, int port, bool reached) =>
        Until.Async(() => from.ReachesAsync(to, port), r => r == reached, $"{from} {(reached ? "reaches" : "does not reach")} {to}:{port}");

    /// <summary>The inbound line of a connection that a policy of this name denied.</summary>
    internal Task<AccessEntry> DenialAsync(MeshPod from, MeshPod to, string policy) => Ztunnels.LoggedAsync(
        e => e.IsInbound && e.IsBetween(from, to) && e["reason"] == "denied" && e["policy"].Contains(policy, StringComparison.Ordinal),
        $"{from} → {to} denied by {policy}");

    /// <summary>The address of a Service.</summary>
    protected async Task<IPAddress> ServiceAddressAsync(string ns, string name)
    {
        JsonObject service = await Lab.Admin.Resource(new GroupKind("", "Service")).GetAsync(ns, name, Stop);
        return IPAddress.Parse((string)service["spec"]!["clusterIP"]!);
    }

    /// <summary>Waits until a policy object says that it is in force.</summary>
    protected Task AcceptedAsync(string group, string kind, string ns, string name) => Until.Async(
        () => Lab.Admin.Resource(new GroupKind(group, kind)).GetAsync(ns, name, Stop),
        o => (o["status"]?["conditions"] as JsonArray)?.Any(c => (string?)c?["type"] is "Accepted" && (string?)c["status"] == "True") == true,
        $"{kind} {ns}/{name} is accepted");

    private async Task<MeshPod> ReadyAsync(PodPlan plan)
    {
        await Lab.WaitReadyAsync(plan.Namespace, $"app={plan.Name}", 1, PodPatience, Stop);
        JsonObject pod = await Lab.Admin.Resource(new GroupKind("", "Pod")).GetAsync(plan.Namespace, plan.Name, Stop);
        return new MeshPod(Lab, plan, (string)pod["metadata"]!["uid"]!, IPAddress.Parse((string)pod["status"]!["podIP"]!));
    }
}
