using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Writing;

public sealed class WriteTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replace_StaleVersion_Gets409WithTheRealMessage()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/configmaps";
        JsonObject first = await server.PostAsync(path, """{"metadata":{"name":"a"}}""", Ct);
        await server.PatchAsync(path + "/a", "application/merge-patch+json", """{"data":{"x":"y"}}""", Ct);
        JsonObject answer = await server.PutAsync(path + "/a", first, Ct);
        Assert.Equal((409L, "Conflict"), (answer.Number("code"), answer.Text("reason")));
        Assert.Equal("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again", answer.Text("message"));
    }

    [Fact]
    public async Task Patch_ManyAtOnce_AllArrive()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/configmaps";
        await server.PostAsync(path, """{"metadata":{"name":"a"}}""", Ct);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => server.PatchAsync(path + "/a", "application/merge-patch+json", $$$"""{"data":{"k{{{i}}}":"v"}}""", Ct)));
        Assert.Equal(16, (await server.GetAsync(path + "/a", Ct)).Object("data")!.Count);
    }

    [Fact]
    public async Task Create_GenerateName_MakesAName()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/configmaps";
        JsonObject made = await server.PostAsync(path, """{"metadata":{"generateName":"job-"}}""", Ct);
        Assert.Matches("^job-[a-z0-9]{5}$", made.Text("metadata", "name"));
        Assert.Equal(409, (await server.PostAsync(path, $$$"""{"metadata":{"name":"{{{made.Text("metadata", "name")}}}"}}""", Ct)).Number("code"));
    }

    [Fact]
    public async Task Create_BodyTooLarge_Gets413()
    {
        string ns = await server.NamespaceAsync(Ct);
        var body = new StringBuilder("""{"metadata":{"name":"a"},"data":{"x":" """).Append('x', 3 * 1024 * 1024).Append("\"}}");
        JsonObject answer = await server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", body.ToString(), Ct);
        Assert.Equal(413, answer.Number("code"));
        Assert.StartsWith("Request entity too large", answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_DryRun_StoresNothing()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/services";
        JsonObject made = await server.PostAsync(path + "?dryRun=All", """{"metadata":{"name":"a"},"spec":{"ports":[{"port":1}]}}""", Ct);
        Assert.NotNull(made.Text("spec", "clusterIP"));
        Assert.True(ServerFixture.IsGone(await server.GetAsync(path + "/a", Ct)));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"replicas":"two"}}""", 400, "cannot unmarshal string into Go struct field .spec.replicas of type int32")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{}}""", 422, "spec.selector: Required value")]
    [InlineData("""{"metadata":{"name":"Bad_Name"},"spec":{}}""", 422, "a lowercase RFC 1123 subdomain must consist of")]
    [InlineData("""{"metadata":{"name":"a","labels":{"a b":"c"}},"spec":{}}""", 422, "metadata.labels: Invalid value")]
    [InlineData("""{"kind":"Pod","metadata":{"name":"a"}}""", 400, "cannot be handled as a Deployment")]
    [InlineData("""{"apiVersion":"v2","metadata":{"name":"a"}}""", 400, "does not match the expected API version (apps/v1)")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"x","image":"y"}]}}}}""", 422, "`selector` does not match template `labels`")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[]}}}}""", 422, "spec.template.spec.containers: Required value")]
    [InlineData("[]", 400, "unrecognized")]
    [InlineData("{", 400, "error decoding")]
    public async Task Create_BadDeployment_SaysWhatIsWrong(string body, int code, string expected)
    {
        string ns = await server.NamespaceAsync(Ct);
        JsonObject answer = await server.PostAsync($"/apis/apps/v1/namespaces/{ns}/deployments", body, Ct);
        Assert.Equal(code, answer.Number("code"));
        Assert.Contains(expected, answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replace_ImmutableField_IsRefusedWithACause()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/apis/apps/v1/namespaces/{ns}/deployments";
        JsonObject made = await server.PostAsync(path, """{"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"x","image":"y"}]}}}}""", Ct);
        made.Ensure("spec", "selector", "matchLabels")["c"] = "d";
        made.Ensure("spec", "template", "metadata", "labels")["c"] = "d";
        JsonObject answer = await server.PutAsync(path + "/a", made, Ct);
        JsonNode? cause = answer.Items("details", "causes").Single();
        Assert.Equal(("spec.selector", "FieldValueInvalid"), (cause.Text("field"), cause.Text("reason")));
        Assert.EndsWith("field is immutable", cause.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_AndSpec_AreWrittenApart()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/apis/apps/v1/namespaces/{ns}/deployments";
        const string Body = """{"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"x","image":"y"}]}}},"status":{"replicas":9}}""";
        JsonObject made = await server.PostAsync(path, Body, Ct);
        Assert.Null(made.Number("status", "replicas"));
        made.Ensure("status")["replicas"] = 3;
        made.Ensure("spec")["replicas"] = 5;
        JsonObject status = await server.PutAsync(path + "/a/status", made, Ct);
        Assert.Equal((3L, 1L, 1L), (status.Number("status", "replicas"), status.Number("spec", "replicas"), status.Number("metadata", "generation")));
        JsonObject spec = await server.PatchAsync(path + "/a", "application/merge-patch+json", """{"spec":{"replicas":4},"status":{"replicas":8}}""", Ct);
        Assert.Equal((3L, 4L, 2L), (spec.Number("status", "replicas"), spec.Number("spec", "replicas"), spec.Number("metadata", "generation")));
    }

    [Fact]
    public async Task Binding_PutsAPodOnANode_Once()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/pods";
        await server.PostAsync(path, """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"x","image":"y"}]}}""", Ct);
        Assert.Equal("Success", (await server.PostAsync(path + "/a/binding", """{"target":{"kind":"Node","name":"n"}}""", Ct)).Text("status"));
        Assert.Equal("n", (await server.GetAsync(path + "/a", Ct)).Text("spec", "nodeName"));
        Assert.Equal(409, (await server.PostAsync(path + "/a/binding", """{"target":{"kind":"Node","name":"m"}}""", Ct)).Number("code"));
    }

    [Fact]
    public async Task Pod_New_HasItsAccountAndTokenVolume()
    {
        string ns = await server.NamespaceAsync(Ct);
        JsonObject pod = await server.PostAsync($"/api/v1/namespaces/{ns}/pods", """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"x","image":"y"}]}}""", Ct);
        Assert.Equal("default", pod.Text("spec", "serviceAccountName"));
        Assert.Equal("/var/run/secrets/kubernetes.io/serviceaccount", pod.Items("spec", "containers").Single().Items("volumeMounts").Single().Text("mountPath"));
        Assert.Equal(("Pending", "BestEffort"), (pod.Text("status", "phase"), pod.Text("status", "qosClass")));
        JsonObject refused = await server.PostAsync($"/api/v1/namespaces/{ns}/pods", """{"metadata":{"name":"b"},"spec":{"serviceAccountName":"no","containers":[{"name":"x","image":"y"}]}}""", Ct);
        Assert.Equal(403, refused.Number("code"));
    }
}
