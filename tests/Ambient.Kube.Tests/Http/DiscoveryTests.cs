using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Tests.Support;
using Ambient.Testing;

namespace Ambient.Kube.Tests.Http;

public sealed class DiscoveryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_OldServer_GivesTheVersionThatItHas()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("GET /apis", """{"kind":"APIGroupList","groups":[{"name":"discovery.k8s.io","versions":[{"groupVersion":"discovery.k8s.io/v1beta1"}],"preferredVersion":{"groupVersion":"discovery.k8s.io/v1beta1"}}]}""");
        api.Json("GET /apis/discovery.k8s.io/v1beta1", """{"kind":"APIResourceList","groupVersion":"discovery.k8s.io/v1beta1","resources":[{"name":"endpointslices","kind":"EndpointSlice","namespaced":true}]}""");
        using KubeClient client = api.Client();
        ApiResource found = await client.Resource<EndpointSlice>().DescribeAsync(Cancel);
        Assert.Equal("/apis/discovery.k8s.io/v1beta1/namespaces/a/endpointslices", found.Path("a"));
    }

    [Fact]
    public async Task Find_AggregatedDocuments_NeedTwoRequests()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("GET /api", """{"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","resources":[{"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","verbs":["list"],"shortNames":["po"],"subresources":[{"subresource":"log"}]}]}]}]}""");
        api.Json("GET /apis", """
            {"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"gateway.networking.k8s.io"},"versions":[
              {"version":"v1","resources":[{"resource":"httproutes","responseKind":{"group":"gateway.networking.k8s.io","version":"v1","kind":"HTTPRoute"},"scope":"Namespaced"}]},
              {"version":"v1beta1","resources":[{"resource":"httproutes","responseKind":{"kind":"HTTPRoute"},"scope":"Namespaced"}]}]}]}
            """);
        using KubeClient client = api.Client();
        ApiResource? route = await client.Discovery.FindAsync(new GroupKind("gateway.networking.k8s.io", "HTTPRoute"), cancellation: Cancel);
        ApiResource? pods = await client.Discovery.FindByNameAsync("po", Cancel);
        Assert.Equal("gateway.networking.k8s.io/v1", route!.Type.ApiVersion);
        Assert.Equal(["log"], pods!.Subresources);
        Assert.Equal(2, api.Requests.Count);
        Assert.Contains("APIGroupDiscoveryList", api.Requests.First().Headers["Accept"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_AskedVersion_WinsOverThePreferredOne()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("GET /apis", """{"kind":"APIGroupList","groups":[{"name":"e.dev","versions":[{"groupVersion":"e.dev/v2"},{"groupVersion":"e.dev/v1"}],"preferredVersion":{"groupVersion":"e.dev/v2"}}]}""");
        foreach (string version in (string[])["v1", "v2"])
        {
            api.Json($"GET /apis/e.dev/{version}", $$"""{"groupVersion":"e.dev/{{version}}","resources":[{"name":"widgets","kind":"Widget"}]}""");
        }

        using KubeClient client = api.Client();
        var kind = new GroupKind("e.dev", "Widget");
        Assert.Equal("v2", (await client.Discovery.FindAsync(kind, cancellation: Cancel))!.Type.Version);
        Assert.Equal("v1", (await client.Discovery.FindAsync(kind, ["v3", "v1"], Cancel))!.Type.Version);
    }

    [Fact]
    public async Task Find_KindInstalledLater_IsFoundAfterAWhile()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        var time = new ManualTime();
        using KubeClient client = api.Client(time);
        var kind = new GroupKind("", "Widget");
        Assert.Null(await client.Discovery.FindAsync(kind, cancellation: Cancel));
        api.Json("GET /api/v1", """{"groupVersion":"v1","resources":[{"name":"widgets","kind":"Widget"}]}""");
        Assert.Null(await client.Discovery.FindAsync(kind, cancellation: Cancel));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(await client.Discovery.FindAsync(kind, cancellation: Cancel));
    }

    [Fact]
    public async Task Find_OneGroupsServerIsAway_TheOthersAreFound()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("GET /apis", """{"kind":"APIGroupList","groups":[{"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1"}]}]}""");
        api.Json("GET /apis/metrics.k8s.io/v1", "away", 503);
        using KubeClient client = api.Client();
        Assert.NotNull(await client.Discovery.FindAsync(new GroupKind("", "Pod"), cancellation: Cancel));
    }
}
