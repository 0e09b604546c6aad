using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Tests.Kubectl;

namespace Ambient.Kube.Emulator.Tests.Admission;

public sealed class CustomResourceTests(ServerFixture server)
{
    private const string Group = "admission.example.com";
    private static readonly SemaphoreSlim Once = new(1, 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"size":1}""", "")]
    [InlineData("""{"size":1,"port":"http"}""", "")]
    [InlineData("""{"size":1,"port":80}""", "")]
    [InlineData("""{"size":1,"port":true}""", "spec.port in body must be of type integer,string: \"boolean\"")]
    [InlineData("""{}""", "spec.size: Required value")]
    [InlineData("""{"size":"one"}""", "spec.size in body must be of type integer: \"string\"")]
    [InlineData("""{"size":1.5}""", "spec.size in body must be of type integer: \"number\"")]
    [InlineData("""{"size":0}""", "spec.size in body should be greater than or equal to 1")]
    [InlineData("""{"size":1,"color":"pink"}""", "spec.color: Unsupported value: \"pink\": supported values: \"red\", \"blue\"")]
    [InlineData("""{"size":1,"name":"ABC"}""", "spec.name in body should match '^[a-z]+$'")]
    [InlineData("""{"size":1,"name":"abcdef"}""", "spec.name: Too long: may not be more than 5 bytes")]
    [InlineData("""{"size":1,"rules":[{"name":"a"},{"name":"a"}]}""", "spec.rules[1]: Duplicate value: {\"name\":\"a\"}")]
    [InlineData("""{"size":1,"choice":{"a":"x"}}""", "")]
    [InlineData("""{"size":1,"choice":{"a":"x","b":"y"}}""", "must validate one and only one schema (oneOf)")]
    [InlineData("""{"size":1,"choice":{}}""", "must validate one and only one schema (oneOf). Found none valid")]
    public async Task Create_Spec_IsCheckedBySchema(string spec, string expected)
    {
        JsonObject answer = await CreateAsync("v1", spec);
        Assert.Equal(expected.Length == 0 ? null : 422, answer.Number("code"));
        Assert.Contains(expected, answer.Text("message") ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_UnknownFields_ArePrunedButWhereTheyArePreserved()
    {
        JsonObject made = await CreateAsync("v1", """{"size":1,"nobody":"knows","free":{"any":{"thing":1}}}""");
        Assert.Null(made.At("spec", "nobody"));
        Assert.Equal(1, made.Number("spec", "free", "any", "thing"));
        JsonObject refused = await CreateAsync("v1", """{"size":1,"nobody":"knows"}""", "?fieldValidation=Strict");
        Assert.Contains("strict decoding error: unknown field \"spec.nobody\"", refused.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_Defaults_AreFilled()
    {
        JsonObject made = await CreateAsync("v1", """{"size":1,"rules":[{"name":"a"}]}""");
        Assert.Equal("red", made.Text("spec", "color"));
        Assert.Equal(1, made.Items("spec", "rules").Single().Number("weight"));
    }

    [Fact]
    public async Task OtherVersion_SameObject_OnlyApiVersionDiffers()
    {
        JsonObject made = await CreateAsync("v1", """{"size":2}""");
        string path = $"/apis/{Group}/v1beta1/namespaces/{made.Text("metadata", "namespace")}/gears/{made.Text("metadata", "name")}";
        using HttpResponseMessage response = await server.Admin.GetAsync(new Uri(path, UriKind.Relative), Ct);
        JsonNode? old = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal(($"{Group}/v1beta1", 2L), (old.Text("apiVersion"), old.Number("spec", "size")));
        Assert.Contains("is deprecated", Assert.Single(response.Headers.GetValues("Warning")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generation_CountsSpecOnly()
    {
        JsonObject made = await CreateAsync("v1", """{"size":2}""");
        string path = $"/apis/{Group}/v1/namespaces/{made.Text("metadata", "namespace")}/gears/{made.Text("metadata", "name")}";
        await server.PatchAsync(path, "application/merge-patch+json", """{"metadata":{"labels":{"a":"b"}}}""", Ct);
        JsonObject status = await server.PatchAsync(path + "/status", "application/merge-patch+json", """{"status":{"ok":true},"spec":{"size":9}}""", Ct);
        Assert.Equal((1L, 2L), (status.Number("metadata", "generation"), status.Number("spec", "size")));
        JsonObject spec = await server.PatchAsync(path, "application/merge-patch+json", """{"spec":{"size":3},"status":{"ok":false}}""", Ct);
        Assert.Equal(2, spec.Number("metadata", "generation"));
        Assert.True(spec.Flag("status", "ok"));
    }

    [Fact]
    public async Task StrategicMergePatch_OfACustomResource_Gets415()
    {
        JsonObject made = await CreateAsync("v1", """{"size":2}""");
        string path = $"/apis/{Group}/v1/namespaces/{made.Text("metadata", "namespace")}/gears/{made.Text("metadata", "name")}";
        Assert.Equal(415, (await server.PatchAsync(path, "application/strategic-merge-patch+json", "{}", Ct)).Number("code"));
    }

    [Fact]
    public async Task Crd_NameDoesNotFit_IsRefused()
    {
        JsonObject answer = await server.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            Manifests.Crd("wheels", "Wheel").Replace("name: wheels.tests", "name: wheel.tests", StringComparison.Ordinal), Ct, "application/yaml");
        Assert.Contains("must be spec.names.plural+\".\"+spec.group", answer.Text("message"), StringComparison.Ordinal);
    }

    private async Task<JsonObject> CreateAsync(string version, string spec, string query = "")
    {
        await Once.WaitAsync(Ct);
        try
        {
            await server.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Manifests.Crd("gears", "Gear", Group), Ct, "application/yaml");
        }
        finally
        {
            Once.Release();
        }

        string ns = await server.NamespaceAsync(Ct);
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" }, ["spec"] = JsonNode.Parse(spec) };
        return await server.PostAsync($"/apis/{Group}/{version}/namespaces/{ns}/gears{query}", body.ToJsonString(), Ct);
    }
}
