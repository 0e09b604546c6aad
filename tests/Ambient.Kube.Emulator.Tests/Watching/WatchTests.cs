using System.Net;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Tests.Watching;

public sealed class WatchTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_FromAListVersion_MissesNothing()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/configmaps";
        string version = (await server.GetAsync(path, Ct)).Text("metadata", "resourceVersion")!;
        await CreateAsync(path, "a");
        using WatchReader watch = await WatchReader.OpenAsync(server.Admin, $"{path}?watch=true&resourceVersion={version}", Ct);
        Assert.Equal("ADDED a", await watch.NextAsync(Ct));
        await server.PatchAsync(path + "/a", "application/merge-patch+json", """{"data":{"x":"y"}}""", Ct);
        Assert.Equal("MODIFIED a", await watch.NextAsync(Ct));
        await server.DeleteAsync(path + "/a", Ct);
        Assert.Equal("DELETED a", await watch.NextAsync(Ct));
    }

    [Fact]
    public async Task Watch_WithoutVersion_StartsWithWhatIsThere()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/configmaps";
        await CreateAsync(path, "a");
        using WatchReader watch = await WatchReader.OpenAsync(server.Admin, $"{path}?watch=true&fieldSelector=metadata.name=a", Ct);
        Assert.Equal("ADDED a", await watch.NextAsync(Ct));
    }

    [Fact]
    public async Task Watch_LabelSelector_TurnsChangesIntoAddedAndDeleted()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/configmaps";
        await CreateAsync(path, "a");
        using WatchReader watch = await WatchReader.OpenAsync(server.Admin, $"{path}?watch=true&labelSelector=in%3Dyes", Ct);
        await server.PatchAsync(path + "/a", "application/merge-patch+json", """{"metadata":{"labels":{"in":"yes"}}}""", Ct);
        Assert.Equal("ADDED a", await watch.NextAsync(Ct));
        await server.PatchAsync(path + "/a", "application/merge-patch+json", """{"metadata":{"labels":{"in":"no"}}}""", Ct);
        Assert.Equal("DELETED a", await watch.NextAsync(Ct));
    }

    [Fact]
    public async Task Watch_Bookmarks_CarryTheVersion()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/secrets";
        string version = (await server.GetAsync(path, Ct)).Text("metadata", "resourceVersion")!;
        using WatchReader watch = await WatchReader.OpenAsync(server.Admin, $"{path}?watch=true&allowWatchBookmarks=true&resourceVersion={version}", Ct);
        JsonNode? e = await watch.NextEventAsync(Ct);
        Assert.Equal(("BOOKMARK", "Secret"), (e.Text("type"), e.Text("object", "kind")));
        Assert.True(long.Parse(e.Text("object", "metadata", "resourceVersion")!, System.Globalization.CultureInfo.InvariantCulture) >= long.Parse(version, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Watch_SendInitialEvents_EndsThemWithAMarkedBookmark()
    {
        string ns = await server.NamespaceAsync(Ct), path = $"/api/v1/namespaces/{ns}/configmaps";
        await CreateAsync(path, "a");
        using WatchReader watch = await WatchReader.OpenAsync(server.Admin,
            $"{path}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3Da", Ct);
        Assert.Equal("ADDED a", await watch.NextAsync(Ct));
        JsonNode? mark = await watch.NextEventAsync(Ct);
        Assert.Equal("true", mark.Text("object", "metadata", "annotations", "k8s.io/initial-events-end"));
    }

    [Fact]
    public async Task Watch_TimeoutSeconds_EndsTheResponse()
    {
        using WatchReader watch = await WatchReader.OpenAsync(server.Admin, $"/api/v1/nodes?watch=true&timeoutSeconds=1&resourceVersion=1", Ct);
        string? next;
        while ((next = await watch.NextAsync(Ct)) is not null)
        {
            Assert.NotEqual("ERROR", next);
        }
    }

    [Fact]
    public async Task Watch_VersionOlderThanHistory_Gets410()
    {
        await using EmulatedApiServer small = await EmulatedApiServer.StartAsync(new EmulatorOptions { WatchHistory = 3 }, Ct);
        using HttpClient client = ServerFixture.ClientOf(small, "a", "system:masters");
        using HttpResponseMessage response = await client.GetAsync(new Uri("/api/v1/namespaces?watch=true&resourceVersion=2", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal("Expired", JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct)).Text("reason"));
    }

    [Fact]
    public async Task Watch_TooMany_Gets429()
    {
        await using EmulatedApiServer small = await EmulatedApiServer.StartAsync(new EmulatorOptions { MaxWatches = 1 }, Ct);
        using HttpClient client = ServerFixture.ClientOf(small, "a", "system:masters");
        using WatchReader first = await WatchReader.OpenAsync(client, "/api/v1/namespaces?watch=true", Ct);
        Assert.NotNull(await first.NextAsync(Ct));
        using HttpResponseMessage second = await client.GetAsync(new Uri("/api/v1/namespaces?watch=true", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
    }

    [Fact]
    public async Task Restart_DropsWatches_KeepsData()
    {
        await using EmulatedApiServer own = await EmulatedApiServer.StartAsync(new EmulatorOptions(), Ct);
        using HttpClient client = ServerFixture.ClientOf(own, "a", "system:masters");
        using WatchReader watch = await WatchReader.OpenAsync(client, "/api/v1/namespaces?watch=true", Ct);
        for (int i = 0; i < 4; i++)
        {
            Assert.NotNull(await watch.NextAsync(Ct));
        }

        await own.RestartAsync(forgetHistory: true, ct: Ct);
        Exception? lost = await Record.ExceptionAsync(async () => Assert.Null(await watch.NextAsync(Ct)));
        Assert.True(lost is null or IOException or HttpRequestException, lost?.ToString());
        Assert.Contains("kube-system", await client.GetStringAsync(new Uri("/api/v1/namespaces", UriKind.Relative), Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await client.GetAsync(new Uri("/api/v1/namespaces?watch=true&resourceVersion=3", UriKind.Relative), Ct)).StatusCode);
    }

    private Task<JsonObject> CreateAsync(string path, string name) => server.PostAsync(path, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }.ToJsonString(), Ct);
}
