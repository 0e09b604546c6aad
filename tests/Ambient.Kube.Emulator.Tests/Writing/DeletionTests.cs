using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Writing;

public sealed class DeletionTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Finalizer_KeepsTheObject_UntilItIsRemoved()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/configmaps";
        await server.PostAsync(path, """{"metadata":{"name":"a","finalizers":["example.com/hold"]}}""", Ct);
        JsonObject answer = await server.DeleteAsync(path + "/a", Ct);
        Assert.NotNull(answer.Text("metadata", "deletionTimestamp"));
        Assert.Equal("a", (await server.GetAsync(path + "/a", Ct)).Text("metadata", "name"));
        await server.PatchAsync(path + "/a", "application/merge-patch+json", """{"metadata":{"finalizers":null}}""", Ct);
        Assert.True(ServerFixture.IsGone(await server.GetAsync(path + "/a", Ct)));
    }

    [Fact]
    public async Task Background_OwnerGoes_DependentsFollow()
    {
        (string path, _) = await FamilyAsync(block: false);
        await server.DeleteAsync(path + "/owner", Ct);
        await server.UntilAsync(path + "/child", ServerFixture.IsGone, Ct);
    }

    [Fact]
    public async Task Foreground_OwnerWaitsForBlockingDependents()
    {
        (string path, _) = await FamilyAsync(block: true, childFinalizer: true);
        JsonObject answer = await server.DeleteAsync(path + "/owner", Ct, """{"propagationPolicy":"Foreground"}""");
        Assert.Equal("foregroundDeletion", answer.Items("metadata", "finalizers").Single().Plain());
        await server.UntilAsync(path + "/child", c => c.Text("metadata", "deletionTimestamp") is not null, Ct);
        Assert.False(ServerFixture.IsGone(await server.GetAsync(path + "/owner", Ct)));
        await server.PatchAsync(path + "/child", "application/json-patch+json", """[{"op":"remove","path":"/metadata/finalizers/0"}]""", Ct);
        await server.UntilAsync(path + "/owner", ServerFixture.IsGone, Ct);
    }

    [Fact]
    public async Task Orphan_DependentsAreLetGo()
    {
        (string path, _) = await FamilyAsync(block: true);
        await server.DeleteAsync(path + "/owner?propagationPolicy=Orphan", Ct);
        await server.UntilAsync(path + "/owner", ServerFixture.IsGone, Ct);
        Assert.Empty((await server.GetAsync(path + "/child", Ct)).Items("metadata", "ownerReferences"));
    }

    [Fact]
    public async Task Precondition_OtherUid_Gets409()
    {
        (string path, _) = await FamilyAsync(block: false);
        Assert.Equal(409, (await server.DeleteAsync(path + "/owner", Ct, """{"preconditions":{"uid":"other"}}""")).Number("code"));
    }

    [Fact]
    public async Task Namespace_Terminating_TakesNothingNew()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/secrets";
        await server.PostAsync(path, """{"metadata":{"name":"a","finalizers":["example.com/hold"]}}""", Ct);
        await server.DeleteAsync($"/api/v1/namespaces/{ns}", Ct);
        JsonObject refused = await server.PostAsync(path, """{"metadata":{"name":"b"}}""", Ct);
        Assert.Equal(403, refused.Number("code"));
        Assert.Contains("because it is being terminated", refused.Text("message"), StringComparison.Ordinal);
        await server.PatchAsync(path + "/a", "application/merge-patch+json", """{"metadata":{"finalizers":[]}}""", Ct);
        await server.UntilAsync($"/api/v1/namespaces/{ns}", ServerFixture.IsGone, Ct);
    }

    [Fact]
    public async Task DefaultAccount_Deleted_ComesBack()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/serviceaccounts/default";
        string? uid = (await server.GetAsync(path, Ct)).Text("metadata", "uid");
        await server.DeleteAsync(path, Ct);
        await server.UntilAsync(path, a => a.Text("metadata", "uid") is { } now && now != uid, Ct);
    }

    [Fact]
    public async Task DeleteCollection_Selector_SparesTheRest()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/secrets";
        await server.PostAsync(path, """{"metadata":{"name":"a","labels":{"go":"yes"}}}""", Ct);
        await server.PostAsync(path, """{"metadata":{"name":"b"}}""", Ct);
        await server.DeleteAsync(path + "?labelSelector=go", Ct);
        Assert.Equal("b", (await server.GetAsync(path, Ct)).Items("items").Single().Text("metadata", "name"));
    }

    private async Task<(string Path, string Uid)> FamilyAsync(bool block, bool childFinalizer = false)
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/secrets";
        string uid = (await server.PostAsync(path, """{"metadata":{"name":"owner"}}""", Ct)).Text("metadata", "uid")!;
        var meta = new JsonObject
        {
            ["name"] = "child",
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["name"] = "owner", ["uid"] = uid, ["blockOwnerDeletion"] = block }),
        };
        if (childFinalizer)
        {
            meta["finalizers"] = JsonPaths.ArrayOf("example.com/hold");
        }

        await server.PostAsync(path, new JsonObject { ["metadata"] = meta }.ToJsonString(), Ct);
        return (path, uid);
    }
}
