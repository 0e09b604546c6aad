using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Ambient.Kube.Tests.Http;

public sealed class ResourceClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_TypedPod_HasTheFieldsThatAreUsed()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("GET /api/v1/namespaces/shop/pods/orders", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"orders","namespace":"shop","uid":"u1","resourceVersion":"7","labels":{"app":"orders"},
             "creationTimestamp":"2026-01-02T03:04:05Z","managedFields":[{"manager":"x"}]},
             "spec":{"nodeName":"node-1","serviceAccountName":"orders","hostNetwork":null,"containers":[{"name":"app","ports":[{"containerPort":8080}]}]},
             "status":{"phase":"Running","podIP":"10.244.1.5","podIPs":[{"ip":"10.244.1.5"}],"conditions":null}}
            """);
        using KubeClient client = api.Client();
        Pod pod = await client.GetAsync<Pod>("shop", "orders", Cancel);
        Assert.Equal("shop/orders", pod.Metadata.Key);
        Assert.Equal("orders", pod.Metadata.Labels["app"]);
        Assert.Equal("node-1", pod.Spec!.NodeName);
        Assert.Equal(8080, pod.Spec.Containers[0].Ports[0].Port);
        Assert.Equal("10.244.1.5", pod.Status!.PodIps[0].Ip);
        Assert.Empty(pod.Status.Conditions);
    }

    [Fact]
    public async Task Get_Missing_ThrowsTheServersStatus()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        using KubeClient client = api.Client();
        KubeException e = await Assert.ThrowsAsync<KubeException>(() => client.GetAsync<Pod>("shop", "gone", Cancel));
        Assert.True(e.IsNotFound);
        Assert.Equal("NotFound", e.Reason);
        Assert.Null(await client.FindAsync<Pod>("shop", "gone", Cancel));
    }

    [Fact]
    public async Task Get_AnswerThatIsNoStatus_PutsItsWordsIntoTheMessage()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("GET /api/v1/namespaces/shop/pods/a", "upstream is asleep", 502);
        using KubeClient client = api.Client();
        KubeException e = await Assert.ThrowsAsync<KubeException>(() => client.GetAsync<Pod>("shop", "a", Cancel));
        Assert.Equal(502, e.Code);
        Assert.Contains("upstream is asleep", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_KindThatIsNotServed_SaysSo()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        using KubeClient client = api.Client();
        NotServedException e = await Assert.ThrowsAsync<NotServedException>(
            async () => await client.Resource(new GroupKind("example.dev", "Widget")).GetAsync(null, "a", Cancel));
        Assert.Equal("Widget.example.dev", e.Kind.ToString());
    }

    [Fact]
    public async Task List_SeveralPages_GivesAllWithTheirType()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.On("GET /api/v1/pods", context => context.Response.WriteAsync(context.Request.Query["continue"] == "next"
            ? """{"kind":"PodList","metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"b","namespace":"n"}}]}"""
            : """{"kind":"PodList","metadata":{"resourceVersion":"9","continue":"next"},"items":[{"metadata":{"name":"a","namespace":"n"}}]}"""));
        using KubeClient client = api.Client();
        KubeList<Pod> pods = await client.ListAsync<Pod>(null, new ListOptions { Limit = 1, LabelSelector = "a in (b,c)" }, Cancel);
        Assert.Equal(["a", "b"], pods.Items.Select(p => p.Metadata.Name));
        Assert.All(pods.Items, p => Assert.Equal("Pod", p.Kind));
        Assert.Contains("labelSelector=a%20in%20%28b%2Cc%29", api.Requests.First(r => r.Path == "/api/v1/pods").Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ContinueTokenExpires_StartsAgainWithoutPages()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.On("GET /api/v1/pods", async context =>
        {
            bool paged = context.Request.Query.ContainsKey("limit");
            if (context.Request.Query.ContainsKey("continue"))
            {
                context.Response.StatusCode = 410;
                await context.Response.WriteAsync("""{"kind":"Status","code":410,"reason":"Expired","message":"too old"}""");
                return;
            }

            await context.Response.WriteAsync(paged
                ? """{"metadata":{"resourceVersion":"1","continue":"x"},"items":[{"metadata":{"name":"a"}}]}"""
                : """{"metadata":{"resourceVersion":"2"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}""");
        });
        using KubeClient client = api.Client();
        KubeList<JsonObject> pods = await client.Resource(new GroupKind("", "Pod")).ListAsync(null, new ListOptions { Limit = 1 }, Cancel);
        Assert.Equal(2, pods.Items.Count);
        Assert.Equal("2", pods.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Apply_SendsTypeManagerAndForce()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.On("PATCH /api/v1/namespaces/shop/configmaps/roots", context => context.Response.WriteAsync((string)context.Items["body"]!));
        using KubeClient client = api.Client();
        await client.ApplyAsync(new ConfigMap
        {
            Metadata = new ObjectMeta { Name = "roots", Namespace = "shop" },
            Data = new Dictionary<string, string> { ["root-cert.pem"] = "PEM" },
        }, "ambient-operator", force: true, Cancel);
        Recorded sent = api.Requests.Single(r => r.Method == "PATCH");
        Assert.Equal("?fieldManager=ambient-operator&force=true", sent.Query);
        Assert.StartsWith("application/apply-patch+yaml", sent.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"roots","namespace":"shop"},"data":{"root-cert.pem":"PEM"}}""", sent.Body);
    }

    [Theory]
    [InlineData(PatchKind.Merge, "application/merge-patch+json")]
    [InlineData(PatchKind.Json, "application/json-patch+json")]
    [InlineData(PatchKind.StrategicMerge, "application/strategic-merge-patch+json")]
    public async Task PatchStatus_EachKind_GoesToTheSubresourceWithItsType(PatchKind kind, string type)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("PATCH /api/v1/namespaces/shop/pods/a/status", """{"metadata":{"name":"a"}}""");
        using KubeClient client = api.Client();
        JsonNode body = kind == PatchKind.Json ? new JsonArray() : new JsonObject();
        await client.Resource<Pod>().PatchStatusAsync("shop", "a", new Patch(kind, body), Cancel);
        Assert.StartsWith(type, api.Requests.Single(r => r.Method == "PATCH").Headers["Content-Type"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_SendsPropagationAndPreconditions()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("DELETE /api/v1/namespaces/shop/pods/a", "{}");
        using KubeClient client = api.Client();
        await client.DeleteAsync<Pod>("shop", "a", new DeleteOptions { PropagationPolicy = "Foreground", Uid = "u", GracePeriodSeconds = 0 }, Cancel);
        Assert.Equal(
            """{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Foreground","gracePeriodSeconds":0,"preconditions":{"uid":"u"}}""",
            api.Requests.Single(r => r.Method == "DELETE").Body);
    }

    [Fact]
    public async Task Create_ConflictAndAlreadyThere_AreTold()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("POST /api/v1/namespaces", """{"kind":"Status","code":409,"reason":"AlreadyExists","message":"there"}""", 409);
        using KubeClient client = api.Client();
        KubeException e = await Assert.ThrowsAsync<KubeException>(
            () => client.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = "shop" } }, Cancel));
        Assert.True(e.IsAlreadyExists);
        Assert.False(e.IsConflict);
    }

    [Fact]
    public async Task Request_ServerAsksToWait_IsSentAgain()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        int calls = 0;
        api.On("GET /api/v1/namespaces/shop/pods/a", async context =>
        {
            if (++calls == 1)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "0";
                return;
            }

            await context.Response.WriteAsync("""{"metadata":{"name":"a"}}""");
        });
        using KubeClient client = api.Client();
        Assert.Equal("a", (await client.GetAsync<Pod>("shop", "a", Cancel)).Metadata.Name);
    }

    [Fact]
    public async Task Request_NoAnswer_TimesOut()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.On("GET /api/v1/namespaces/shop/pods/a", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using KubeClient client = api.Client(options: new KubeClientOptions { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        await Assert.ThrowsAsync<TimeoutException>(() => client.GetAsync<Pod>("shop", "a", Cancel));
    }
}
