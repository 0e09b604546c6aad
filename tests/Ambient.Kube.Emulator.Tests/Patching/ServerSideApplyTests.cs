using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Patching;

public sealed class ServerSideApplyTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_FieldLeftOut_GoesUnlessAnotherOwnsIt()
    {
        string path = await PathAsync("services");
        await ApplyAsync(path, "one", """{"spec":{"ports":[{"name":"a","port":1},{"name":"b","port":2}],"selector":{"x":"y"}}}""");
        await ApplyAsync(path, "two", """{"spec":{"ports":[{"name":"b","port":2}]}}""");
        JsonObject result = await ApplyAsync(path, "one", """{"spec":{"selector":{"x":"y"}}}""");
        Assert.Equal("b", Assert.Single(result.Items("spec", "ports")).Text("name"));
    }

    [Fact]
    public async Task Apply_SameValueAsAnother_IsShared()
    {
        string path = await PathAsync("configmaps");
        await ApplyAsync(path, "one", """{"data":{"a":"1"}}""");
        Assert.Null((await ApplyAsync(path, "two", """{"data":{"a":"1"}}""")).Number("code"));
        JsonObject kept = await ApplyAsync(path, "one", """{"data":{"b":"2"}}""");
        Assert.Equal("1", kept.Text("data", "a"));
        Assert.Equal("2", (await ApplyAsync(path, "two", """{"data":{"c":"3"}}""")).Text("data", "b"));
        Assert.Null((await server.GetAsync(path, Ct)).Text("data", "a"));
    }

    [Fact]
    public async Task Apply_ChangedByAnUpdate_ConflictsWithTheUpdater()
    {
        string path = await PathAsync("configmaps");
        await ApplyAsync(path, "one", """{"data":{"a":"1"}}""");
        await server.PatchAsync(path + "?fieldManager=hand", "application/merge-patch+json", """{"data":{"a":"2"}}""", Ct);
        JsonObject refused = await ApplyAsync(path, "one", """{"data":{"a":"1"}}""");
        Assert.Equal((409L, "Conflict"), (refused.Number("code"), refused.Text("reason")));
        JsonNode? cause = Assert.Single(refused.Items("details", "causes"));
        Assert.Equal(("FieldManagerConflict", ".data.a"), (cause.Text("reason"), cause.Text("field")));
        Assert.StartsWith("conflict with \"hand\" using v1", cause.Text("message"), StringComparison.Ordinal);
        Assert.Equal("1", (await ApplyAsync(path, "one", """{"data":{"a":"1"}}""", force: true)).Text("data", "a"));
    }

    [Fact]
    public async Task Apply_Twice_ChangesNothing()
    {
        string path = await PathAsync("configmaps");
        JsonObject first = await ApplyAsync(path, "one", """{"data":{"a":"1"}}""");
        JsonObject second = await ApplyAsync(path, "one", """{"data":{"a":"1"}}""");
        Assert.Equal(first.Text("metadata", "resourceVersion"), second.Text("metadata", "resourceVersion"));
    }

    [Fact]
    public async Task Apply_Status_IsOwnedApart()
    {
        string path = await PathAsync("pods");
        await ApplyAsync(path, "one", """{"spec":{"containers":[{"name":"a","image":"b"}]}}""");
        JsonObject result = await ApplyAsync(path + "/status", "two", """{"status":{"podIP":"10.0.0.1"},"spec":{"hostname":"no"}}""");
        Assert.Equal("10.0.0.1", result.Text("status", "podIP"));
        Assert.Null(result.Text("spec", "hostname"));
        Assert.Contains(result.Items("metadata", "managedFields"), e => e.Text("manager") == "two" && e.Text("subresource") == "status" && e.Text("operation") == "Apply");
    }

    [Fact]
    public async Task Apply_ItemOfAListWithKeys_KeepsTheOthersItems()
    {
        string path = await PathAsync("pods");
        await ApplyAsync(path, "one", """{"spec":{"containers":[{"name":"a","image":"b"}]}}""");
        JsonObject labelled = await ApplyAsync(path, "two", """{"metadata":{"labels":{"x":"y"}}}""");
        Assert.Equal("a", Assert.Single(labelled.Items("spec", "containers")).Text("name"));
        JsonNode? entry = labelled.Items("metadata", "managedFields").Single(e => e.Text("manager") == "one");
        Assert.NotNull(entry.At("fieldsV1", "f:spec", "f:containers", "k:{\"name\":\"a\"}", "f:image"));
    }

    [Fact]
    public async Task Apply_WithoutFieldManager_Gets422()
    {
        string path = await PathAsync("configmaps");
        Assert.Equal(422, (await server.PatchAsync(path, "application/apply-patch+yaml", "{}", Ct)).Number("code"));
    }

    private async Task<string> PathAsync(string plural) => $"/api/v1/namespaces/{await server.NamespaceAsync(Ct)}/{plural}/x";

    private Task<JsonObject> ApplyAsync(string path, string manager, string body, bool force = false) =>
        server.PatchAsync($"{path}?fieldManager={manager}&force={(force ? "true" : "false")}", "application/apply-patch+yaml", body, Ct);
}
