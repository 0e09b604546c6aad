using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Storage;

public sealed class ListTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_Paged_GivesEveryItemOnce()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/secrets";
        for (int i = 0; i < 7; i++)
        {
            await server.PostAsync(path, $$"""{"metadata":{"name":"s{{i}}"} }""", Ct);
        }

        var names = new List<string>();
        string? more = "";
        var versions = new HashSet<string>();
        while (more is not null)
        {
            JsonObject page = await server.GetAsync($"{path}?limit=3&continue={more}", Ct);
            names.AddRange(page.Items("items").Select(i => i.Text("metadata", "name")!));
            versions.Add(page.Text("metadata", "resourceVersion")!);
            more = page.Text("metadata", "continue");
        }

        Assert.Equal(["s0", "s1", "s2", "s3", "s4", "s5", "s6"], names);
        Assert.Single(versions);
    }

    [Theory]
    [InlineData("labelSelector=tier%3Dfront", "a")]
    [InlineData("labelSelector=tier%21%3Dfront", "b,c")]
    [InlineData("labelSelector=tier+in+%28front%2Cback%29", "a,b")]
    [InlineData("labelSelector=tier+notin+%28front%29", "b,c")]
    [InlineData("labelSelector=tier", "a,b")]
    [InlineData("labelSelector=%21tier", "c")]
    [InlineData("fieldSelector=metadata.name%3Dc", "c")]
    [InlineData("fieldSelector=metadata.name%21%3Dc,type%3DOpaque", "a,b")]
    public async Task List_Selectors_Choose(string query, string expected)
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/secrets";
        await server.PostAsync(path, """{"metadata":{"name":"a","labels":{"tier":"front"}}}""", Ct);
        await server.PostAsync(path, """{"metadata":{"name":"b","labels":{"tier":"back"}}}""", Ct);
        await server.PostAsync(path, """{"metadata":{"name":"c"}}""", Ct);
        JsonObject list = await server.GetAsync($"{path}?{query}", Ct);
        Assert.Equal(expected, string.Join(',', list.Items("items").Select(i => i.Text("metadata", "name"))));
        Assert.Equal(("SecretList", "v1"), (list.Text("kind"), list.Text("apiVersion")));
    }

    [Theory]
    [InlineData("fieldSelector=spec.color%3Dred", "field label not supported: spec.color")]
    [InlineData("labelSelector=a+b", "unable to parse requirement")]
    [InlineData("limit=x", "strconv.ParseInt")]
    [InlineData("continue=x", "continue key is not valid")]
    public async Task List_BadQuery_Gets400(string query, string expected)
    {
        JsonObject answer = await server.GetAsync($"/api/v1/secrets?{query}", Ct);
        Assert.Equal(400, answer.Number("code"));
        Assert.Contains(expected, answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_AsPartialMetadata_HasNoSpec()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
        JsonNode? list = JsonNode.Parse(await (await server.Admin.SendAsync(request, Ct)).Content.ReadAsStringAsync(Ct));
        Assert.Equal("PartialObjectMetadataList", list.Text("kind"));
        Assert.All(list.Items("items"), i => Assert.Null(i.At("spec")));
    }
}
