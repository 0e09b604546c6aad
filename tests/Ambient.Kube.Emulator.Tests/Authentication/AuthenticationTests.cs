using System.Net;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Authentication;

public sealed class AuthenticationTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoCredentials_AnyResource_Gets401Status()
    {
        using HttpClient nobody = server.Client();
        using HttpResponseMessage response = await nobody.GetAsync(new Uri("/api/v1/pods", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        JsonNode? status = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal(("Status", "Unauthorized", 401L), (status.Text("kind"), status.Text("reason"), status.Number("code")));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/livez")]
    public async Task NoCredentials_Health_IsOk(string path)
    {
        using HttpClient nobody = server.Client();
        Assert.Equal("ok", await nobody.GetStringAsync(new Uri(path, UriKind.Relative), Ct));
    }

    [Fact]
    public async Task ClientCertificate_CommonNameAndOrganizations_AreUserAndGroups()
    {
        using HttpClient alice = server.Client("alice", "devs", "ops");
        using HttpResponseMessage response = await alice.PostAsync(new Uri("/apis/authentication.k8s.io/v1/selfsubjectreviews", UriKind.Relative), new StringContent("{}", null, "application/json"), Ct);
        JsonNode? user = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct)).At("status", "userInfo");
        Assert.Equal("alice", user.Text("username"));
        Assert.Equal(["devs", "ops", "system:authenticated"], user.Items("groups").Select(g => g.Plain()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ClientCertificate_OfAnotherAuthority_IsNotLetIn()
    {
        await using EmulatedApiServer other = await EmulatedApiServer.StartAsync(new EmulatorOptions(), Ct);
        using HttpClient client = ServerFixture.ClientWith(server.Server, other.IssueClientCertificate("kubernetes-admin", "system:masters"));
        Exception? refused = await Record.ExceptionAsync(async () => (await client.GetAsync(new Uri("/api/v1/pods", UriKind.Relative), Ct)).EnsureSuccessStatusCode());
        Assert.IsType<HttpRequestException>(refused);
    }

    [Fact]
    public async Task Token_BoundToAPod_NamesPodAndNodeInReview()
    {
        string ns = await server.NamespaceAsync(Ct);
        (string token, JsonObject pod) = await BoundTokenAsync(ns);
        JsonObject status = (await ReviewAsync(token, "istio-ca")).Object("status")!;
        Assert.True(status.Flag("authenticated"));
        Assert.Equal($"system:serviceaccount:{ns}:default", status.Text("user", "username"));
        Assert.Equal("istio-ca", status.Items("audiences").Single().Plain());
        JsonObject extra = status.Object("user", "extra")!;
        Assert.Equal("one", extra.Items("authentication.kubernetes.io/pod-name").Single().Plain());
        Assert.Equal(pod.Text("metadata", "uid"), extra.Items("authentication.kubernetes.io/pod-uid").Single().Plain());
        Assert.Equal("node-1", extra.Items("authentication.kubernetes.io/node-name").Single().Plain());
    }

    [Fact]
    public async Task Token_OtherAudience_IsNotAuthenticated()
    {
        string ns = await server.NamespaceAsync(Ct);
        (string token, _) = await BoundTokenAsync(ns);
        Assert.False((await ReviewAsync(token, "somebody-else")).Flag("status", "authenticated"));
        using HttpClient caller = server.Client();
        caller.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync(new Uri("/api/v1/pods", UriKind.Relative), Ct)).StatusCode);
    }

    [Fact]
    public async Task Token_PodIsGone_IsNotAuthenticated()
    {
        string ns = await server.NamespaceAsync(Ct);
        (string token, _) = await BoundTokenAsync(ns);
        await server.DeleteAsync($"/api/v1/namespaces/{ns}/pods/one?gracePeriodSeconds=0", Ct);
        Assert.False((await ReviewAsync(token, "istio-ca")).Flag("status", "authenticated"));
    }

    [Fact]
    public async Task Token_Tampered_IsNotAuthenticated()
    {
        string ns = await server.NamespaceAsync(Ct);
        (string token, _) = await BoundTokenAsync(ns);
        string[] parts = token.Split('.');
        foreach (string bad in (string[])[$"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1][..^2]}.{parts[2]}", "a.b.c", "", $"eyJhbGciOiJub25lIn0.{parts[1]}."])
        {
            Assert.False((await ReviewAsync(bad, "istio-ca")).Flag("status", "authenticated"));
        }
    }

    [Fact]
    public async Task Token_ForAPodOfAnotherAccount_IsRefused()
    {
        string ns = await server.NamespaceAsync(Ct);
        await BoundTokenAsync(ns);
        await server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"other"}}""", Ct);
        JsonObject answer = await server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/other/token", """{"spec":{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"one"}}}""", Ct);
        Assert.Contains("different serviceaccount name", answer.Text("message"), StringComparison.Ordinal);
    }

    private Task<JsonObject> ReviewAsync(string token, string audience) => server.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews",
        new JsonObject { ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = JsonPaths.ArrayOf(audience) } }.ToJsonString(), Ct);

    private async Task<(string Token, JsonObject Pod)> BoundTokenAsync(string ns)
    {
        JsonObject pod = await server.PostAsync($"/api/v1/namespaces/{ns}/pods", """{"metadata":{"name":"one"},"spec":{"nodeName":"node-1","containers":[{"name":"c","image":"i"}]}}""", Ct);
        var request = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["audiences"] = JsonPaths.ArrayOf("istio-ca"),
                ["boundObjectRef"] = new JsonObject { ["kind"] = "Pod", ["apiVersion"] = "v1", ["name"] = "one", ["uid"] = pod.Text("metadata", "uid") },
            },
        };
        JsonObject answer = await server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/default/token", request.ToJsonString(), Ct);
        return (answer.Text("status", "token")!, pod);
    }
}
