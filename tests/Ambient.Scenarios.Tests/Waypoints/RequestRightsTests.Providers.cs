using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <content>AuthorizationPolicy CUSTOM with a provider that runs as a pod.</content>
public sealed partial class RequestRightsTests
{
    [Fact]
    public async Task Provider_InAPod_AllowsAndDeniesWithItsWords_AndWhenItIsAwayNobodyPasses()
    {
        string ns = await NamespaceAsync("authz");
        MeshPod pod = (await StartAsync(new PodPlan(ns, "authz") { HasService = true }))[0];
        await PeerAuthenticationAsync(ns, "STRICT");
        PodHttpServer server = await PodHttpServer.StartAsync(pod, 8080, Decide);
        Afterwards(async () => await server.DisposeAsync());
        Afterwards(() => DeleteAsync("ambient.dev", "Mesh", "", "default"));
        await ProviderAsync(ns, failOpen: false);
        await ApplyAsync("AuthorizationPolicy", "ask", $$"""{ targetRefs: {{Service}}, action: CUSTOM, provider: { name: ext-authz }, rules: [{ to: [{ operation: { paths: ["/api/*"] } }] }] }""");
        await BecomeAsync(418, null, "the provider is asked", "--header", "x-key: wrong");

        await AnswersAsync(200, null, "--header", "x-key: right");
        await AnswersAsync(418, null);
        ExecResult denied = await Lab.ExecInPodAsync(OrdersFixture.Namespace, "browser", ["curl", "-s", "-i", "-m", "10", "-H", "x-key: wrong", Orders], null, Stop);
        Assert.Contains("no key, no tea", denied.Output, StringComparison.Ordinal);
        Assert.Contains("x-tea: none", denied.Output, StringComparison.Ordinal);
        ExecResult allowed = await Lab.ExecInPodAsync(OrdersFixture.Namespace, "browser", ["curl", "-s", "-i", "-m", "10", "-H", "x-key: right", Orders], null, Stop);
        Assert.Contains("x-left: 9", allowed.Output, StringComparison.Ordinal);
        int asked = server.Heard;
        ShopLoad unasked = await LoadAsync("browser", 20, "http://orders-service/healthz");
        Assert.Equal((20, asked), (unasked.Status(200), server.Heard));

        await server.DisposeAsync();
        await AnswersAsync(403, null, "--header", "x-key: right");
        await ProviderAsync(ns, failOpen: true);
        await BecomeAsync(200, null, "failOpen lets requests through", "--header", "x-key: wrong");
        await ProviderAsync(ns, failOpen: false);
        await BecomeAsync(403, null, "and without it they are refused again", "--header", "x-key: right");

        server = await PodHttpServer.StartAsync(pod, 8080, Decide);
        await BecomeAsync(200, null, "the provider is back", "--header", "x-key: right");
        await AnswersAsync(418, null, "--header", "x-key: wrong");
    }

    [Fact]
    public async Task Provider_ThatTheMeshDoesNotName_LetsNobodyThrough()
    {
        await ApplyAsync("AuthorizationPolicy", "ask", $$"""{ targetRefs: {{Service}}, action: CUSTOM, provider: { name: nobody }, rules: [{}] }""");

        await BecomeAsync(403, null, "whoever cannot be asked allows nothing");
    }

    private static ServerAnswer Decide(HeardRequest request) => request["x-key"] == "right" && request.Target.StartsWith("/check/api/", StringComparison.Ordinal)
        ? new ServerAnswer(200, "", "x-left: 9", "x-user: alice")
        : new ServerAnswer(418, "no key, no tea", "x-tea: none");

    private Task ProviderAsync(string ns, bool failOpen) => ApplyAsync($$"""
        apiVersion: ambient.dev/v1alpha1
        kind: Mesh
        metadata: { name: default }
        spec:
          authorizationProviders:
            - name: ext-authz
              envoyExtAuthzHttp:
                service: authz.{{ns}}.svc.cluster.local
                port: 80
                pathPrefix: /check
                timeout: 2s
                failOpen: {{(failOpen ? "true" : "false")}}
                includeRequestHeadersInCheck: [x-key]
                headersToUpstreamOnAllow: [x-user]
                headersToDownstreamOnAllow: [x-left]
        """);
}
