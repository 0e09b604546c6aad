using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints.OwnPolicies;

/// <summary>What tests of our own policies and of Linkerd's annotations do beside applying and counting: look at one answer whole, annotate, ask ambientctl.</summary>
public abstract class OwnPolicyScenario(MeshFixture mesh) : OrdersScenario(mesh)
{
    protected const string Group = "ambient.dev";
    protected const string RateLimitPolicy = "RateLimitPolicy";
    protected const string BackendPolicy = "BackendPolicy";

    /// <summary>Applies one policy of ours for orders-service (or other targets), deleted after the test.</summary>
    protected async Task PolicyAsync(string kind, string name, string spec, string targets = "{ kind: Service, name: orders-service }")
    {
        await ApplyAsync($$"""
            apiVersion: ambient.dev/v1alpha1
            kind: {{kind}}
            metadata: { name: {{name}}, namespace: default }
            spec: { targetRefs: [{{targets}}], {{spec}} }
            """);
        Afterwards(() => DropAsync(Group, kind, name));
    }

    /// <summary>Deletes what may be gone already.</summary>
    protected async Task DropAsync(string group, string kind, string name)
    {
        try
        {
            await Lab.Admin.Resource(new GroupKind(group, kind)).DeleteAsync(OrdersFixture.Namespace, name, null, CancellationToken.None);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // The test itself deleted it.
        }
    }

    /// <summary>The condition Accepted: status, reason and message in one line; empty until there is one.</summary>
    protected async Task<string> SaidAsync(string kind, string name)
    {
        JsonObject found = await Lab.Admin.Resource(new GroupKind(Group, kind)).GetAsync(OrdersFixture.Namespace, name, Stop);
        JsonNode? condition = (found["status"]?["conditions"] as JsonArray)?.FirstOrDefault(static c => (string?)c?["type"] == "Accepted");
        return condition is null ? "" : $"{condition["status"]} {condition["reason"]}: {condition["message"]}";
    }

    protected Task<string> SaysAsync(string kind, string name, string words) =>
        Until.Async(() => SaidAsync(kind, name), s => s.Contains(words, StringComparison.Ordinal), $"{kind} {name} says {words}");

    /// <summary>Writes annotations on an object of the namespace; taken away after the test.</summary>
    protected async Task AnnotateAsync(string group, string kind, string name, params (string Name, string Value)[] annotations)
    {
        Afterwards(() => SetAsync(static _ => null));
        await SetAsync(static a => a.Value);

        Task SetAsync(Func<(string Name, string Value), string?> value) => Lab.Admin.Resource(new GroupKind(group, kind)).PatchAsync(
            OrdersFixture.Namespace,
            name,
            Patch.Merge(new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject(annotations.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)value(a)))) },
            }),
            CancellationToken.None);
    }

    protected Task AnnotateServiceAsync(params (string Name, string Value)[] annotations) => AnnotateAsync("", "Service", "orders-service", annotations);

    /// <summary>One request by curl in a pod, with all that came back.</summary>
    internal async Task<WholeAnswer> AskAsync(string from, string url = Orders, params string[] more)
    {
        ExecResult result = await Lab.ExecInPodAsync(OrdersFixture.Namespace, from, ["curl", "-s", "-S", "-i", "-m", "20", .. more, url], null, Stop);
        Assert.True(result.ExitCode == 0, $"curl {url}: {result.ExitCode} {result.Error}");
        return WholeAnswer.Parse(result.Output);
    }

    /// <summary>Waits until an answer tells of a bucket of this size; what is left in it is then known to the token.</summary>
    internal async Task<int> LeftAsync(string from, int bucket, params string[] more)
    {
        WholeAnswer answer = await Until.Async(() => AskAsync(from, Orders, more), a => a["x-ratelimit-limit"] == $"{bucket}", $"a bucket of {bucket}");
        return answer.Number("x-ratelimit-remaining");
    }

    /// <summary>Until a pod's requests meet no limit.</summary>
    internal Task UnlimitedAsync(string from) => Until.Async(() => AskAsync(from), static a => a is { Status: 200 } && a["x-ratelimit-limit"].Length == 0, "nothing is limited");

    /// <summary>How many requests the pods of orders have served since they were last told how to behave.</summary>
    internal async Task<int> ServedAsync()
    {
        int served = 0;
        foreach (string version in (string[])["v1", "v2"])
        {
            foreach (string pod in await PodsAsync(version))
            {
                ExecResult result = await Lab.ExecInPodAsync(OrdersFixture.Namespace, pod, ["curl", "-s", "http://127.0.0.1:8081/"], null, Stop);
                served += int.Parse(result.Output, CultureInfo.InvariantCulture);
            }
        }

        return served;
    }

    /// <summary>What <c>ambientctl proxy-config endpoints</c> says of the pods of orders behind the service, as JSON.</summary>
    internal async Task<IReadOnlyDictionary<string, JsonObject>> EndpointsAsync()
    {
        ExecResult result = await LabCluster.ExecInNetnsAsync(
            "/proc/self/ns/net", [MeshFixture.Built("Ambient.Cli", "ambientctl"), "proxy-config", "endpoints", "default/waypoint", "-o", "json", "--kubeconfig", Lab.KubeconfigPath]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonNode.Parse(result.Output)![0]!["endpoints"]!.AsArray().Select(static r => r!.AsObject()).Where(static r => ((string)r["cluster"]!).Contains("orders-service.", StringComparison.Ordinal))
            .GroupBy(static r => ((string)r["workload"]!).Split('/')[1]).ToDictionary(static g => g.Key, static g => g.First());
    }

    /// <summary>Waits until ambientctl says this of a pod: taken or not, and the words why.</summary>
    internal Task BelievedAsync(string pod, bool taken, string why) => Until.Async(
        async () => (await EndpointsAsync()).GetValueOrDefault(pod),
        e => e is not null && (bool)e["taken"]! == taken && ((string?)e["why"] ?? "").Contains(why, StringComparison.Ordinal),
        $"{pod} is {(taken ? "taken" : "left out")}: {why}");
}
