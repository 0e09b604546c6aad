using Ambient.Kube.Http;
using Ambient.Kube.Tests.Support;

namespace Ambient.Kube.Tests.Http;

public sealed class TokensTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateToken_BoundToAPod_AsksForIt()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("POST /api/v1/namespaces/shop/serviceaccounts/orders/token", """{"status":{"token":"t","expirationTimestamp":"2026-11-20T12:00:00Z"}}""", 201);
        using KubeClient client = api.Client();
        TokenGrant grant = await client.CreateTokenAsync("shop", "orders", ["istio-ca"], TimeSpan.FromHours(12), ("orders-1", "u1"), Cancel);
        Assert.Equal("t", grant.Token);
        Assert.Equal(12, grant.Expires!.Value.Hour);
        Assert.Equal(
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["istio-ca"],"expirationSeconds":43200,"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"orders-1","uid":"u1"}}}""",
            api.Requests.Last().Body);
    }

    [Fact]
    public async Task ReviewToken_Refused_IsNotAuthenticated()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("POST /apis/authentication.k8s.io/v1/tokenreviews", """{"status":{"user":{},"error":"expired"}}""", 201);
        using KubeClient client = api.Client();
        TokenVerdict verdict = await client.ReviewTokenAsync("t", ["istio-ca"], Cancel);
        Assert.False(verdict.Authenticated);
        Assert.Equal("expired", verdict.Error);
    }

    [Fact]
    public async Task ReviewToken_BoundToken_TellsItsPod()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        api.Json("POST /apis/authentication.k8s.io/v1/tokenreviews", """
            {"status":{"authenticated":true,"audiences":["istio-ca"],"user":{"username":"system:serviceaccount:shop:orders","uid":"s1","groups":["g"],
             "extra":{"authentication.kubernetes.io/pod-name":["orders-1"],"authentication.kubernetes.io/pod-uid":["u1"]}}}}
            """, 201);
        using KubeClient client = api.Client();
        TokenVerdict verdict = await client.ReviewTokenAsync("t", ["istio-ca"], Cancel);
        Assert.True(verdict.Authenticated);
        Assert.Equal(["istio-ca"], verdict.Audiences);
        Assert.Equal(["orders-1"], verdict.Extra["authentication.kubernetes.io/pod-name"]);
    }
}
