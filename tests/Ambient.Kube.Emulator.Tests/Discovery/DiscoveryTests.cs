using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Discovery;

public sealed class DiscoveryTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v2", "/apis")]
    [InlineData("v2beta1", "/apis")]
    [InlineData("v2", "/api")]
    public async Task Aggregated_VersionAsked_IsAnsweredInIt(string version, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList,application/json");
        using HttpResponseMessage response = await server.Admin.SendAsync(request, Ct);
        Assert.Equal($"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList", response.Content.Headers.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal));
        JsonNode? list = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal($"apidiscovery.k8s.io/{version}", list.Text("apiVersion"));
        Assert.NotEmpty(list.Items("items").First().Items("versions").First().Items("resources"));
    }

    [Fact]
    public async Task Legacy_GroupsAndResources_AreListed()
    {
        JsonObject groups = await server.GetAsync("/apis", Ct);
        Assert.Contains(groups.Items("groups"), g => g.Text("name") == "apps" && g.Text("preferredVersion", "version") == "v1");
        JsonObject core = await server.GetAsync("/api/v1", Ct);
        Assert.Contains(core.Items("resources"), r => r.Text("name") == "serviceaccounts/token" && r.Text("group") == "authentication.k8s.io");
        Assert.Equal("v1", (await server.GetAsync("/api", Ct)).Items("versions").Single().Plain());
    }

    [Fact]
    public async Task OpenApi_EveryReference_LeadsToAComponent()
    {
        JsonObject index = await server.GetAsync("/openapi/v3", Ct);
        foreach ((string path, JsonNode? entry) in index.Object("paths")!)
        {
            JsonObject document = await server.GetAsync(entry.Text("serverRelativeURL")!, Ct);
            JsonObject schemas = document.Object("components", "schemas")!;
            foreach (string reference in References(document))
            {
                Assert.True(schemas.ContainsKey(reference[(reference.LastIndexOf('/') + 1)..]), $"{path}: {reference}");
            }
        }
    }

    [Fact]
    public async Task OpenApi_Lists_SayHowTheyMerge()
    {
        JsonObject apps = await server.GetAsync("/openapi/v3/apis/apps/v1", Ct);
        JsonObject containers = apps.Object("components", "schemas", "io.k8s.api.core.v1.PodSpec", "properties", "containers")!;
        Assert.Equal(("name", "merge", "map"), (containers.Text("x-kubernetes-patch-merge-key"), containers.Text("x-kubernetes-patch-strategy"), containers.Text("x-kubernetes-list-type")));
    }

    [Theory]
    [InlineData("/apis/nobody.example.com/v1/things")]
    [InlineData("/api/v1/things")]
    [InlineData("/nothing")]
    [InlineData("/api/v1/namespaces/default/nodes")]
    public async Task UnknownPath_Gets404Status(string path)
    {
        JsonObject answer = await server.GetAsync(path, Ct);
        Assert.Equal((404L, "the server could not find the requested resource"), (answer.Number("code"), answer.Text("message")));
    }

    [Fact]
    public async Task Version_IsOfTheKubectlHere() => Assert.Equal("32", (await server.GetAsync("/version", Ct)).Text("minor"));

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(f => f.Key == "$ref" ? [f.Value.Plain()!] : References(f.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
