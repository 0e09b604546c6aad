using System.Diagnostics;

namespace Ambient.Kube.Emulator.Tests.Kubectl;

public sealed class ReadingTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_Table_HasTheColumnsOfTheKind()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Web + "\n---\n" + Manifests.Pod);
        string pods = await kubectl.RunAsync("get pods", Ct);
        Assert.Matches(@"NAME +READY +STATUS +RESTARTS +AGE\s+one +0/1 +Pending +0 ", pods);
        string wide = await kubectl.RunAsync("get deployments,services -o wide", Ct);
        Assert.Matches(@"NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR", wide);
        Assert.Matches(@"web +0/2 +0 +0 +\S+ +main,side +nginx:1,busybox:1 +app=web", wide);
    }

    [Fact]
    public async Task Get_YamlAndJsonPath_GiveTheObject()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Pod);
        Assert.Contains("nodeName: node-1", await kubectl.RunAsync("get pod one -o yaml", Ct), StringComparison.Ordinal);
        Assert.Equal("Always ClusterFirst", await kubectl.RunAsync("get pod one -o 'jsonpath={.spec.restartPolicy} {.spec.dnsPolicy}'", Ct));
        Assert.Equal("pod/one\n", await kubectl.RunAsync("get pods -l app=one -o name", Ct));
        Assert.Equal("pod/one\n", await kubectl.RunAsync("get pods --field-selector=spec.nodeName=node-1 -o name", Ct));
        Assert.Equal("", await kubectl.RunAsync("get pods -l app!=one -o name", Ct));
    }

    [Fact]
    public async Task Get_Missing_SaysNotFound()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        (int code, _, string error) = await kubectl.TryAsync("get pod nobody", Ct);
        Assert.Equal(1, code);
        Assert.Equal("Error from server (NotFound): pods \"nobody\" not found\n", error);
        (_, _, string unknown) = await kubectl.TryAsync("get gadgets", Ct);
        Assert.Contains("the server doesn't have a resource type \"gadgets\"", unknown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetWatch_Changes_AreShownAsTheyHappen()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Config);
        using Process watch = kubectl.Start("get configmap settings --watch --output-watch-events");
        try
        {
            await SeeAsync("ADDED");
            await kubectl.RunAsync("label configmap settings tier=x", Ct);
            await SeeAsync("MODIFIED");
            await kubectl.RunAsync("delete configmap settings", Ct);
            await SeeAsync("DELETED");
        }
        finally
        {
            watch.Kill();
        }

        async Task SeeAsync(string type)
        {
            string line = await watch.StandardOutput.ReadLineAsync(Ct) ?? "";
            Assert.Matches($"^{type} +settings +2", line.StartsWith("EVENT", StringComparison.Ordinal) ? await watch.StandardOutput.ReadLineAsync(Ct) ?? "" : line);
        }
    }

    [Fact]
    public async Task ApiResources_AndVersions_ListWhatIsServed()
    {
        var kubectl = new KubectlRunner(server, "default");
        string resources = await kubectl.RunAsync("api-resources", Ct);
        Assert.Matches(@"deployments +deploy +apps/v1 +true +Deployment", resources);
        Assert.Matches(@"endpointslices +discovery.k8s.io/v1 +true +EndpointSlice", resources);
        Assert.Matches(@"nodes +no +v1 +false +Node", resources);
        string versions = await kubectl.RunAsync("api-versions", Ct);
        Assert.Contains("apps/v1\n", versions, StringComparison.Ordinal);
        Assert.Contains("\nv1\n", versions, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_Field_ShowsTypeAndDescription()
    {
        var kubectl = new KubectlRunner(server, "default");
        string text = await kubectl.RunAsync("explain deployment.spec.replicas", Ct);
        Assert.Matches(@"GROUP: +apps\s+KIND: +Deployment\s+VERSION: +v1\s+FIELD: replicas <integer>", text);
        Assert.Contains("containers\t<[]Container> -required-", await kubectl.RunAsync("explain pod.spec", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_Pod_ShowsContainersAndEvents()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Pod);
        string uid = await kubectl.RunAsync("get pod one -o 'jsonpath={.metadata.uid}'", Ct);
        await kubectl.RunAsync("create -f -", Ct, $$"""
            apiVersion: v1
            kind: Event
            metadata: {name: one.1}
            involvedObject: {apiVersion: v1, kind: Pod, name: one, namespace: {{ns}}, uid: {{uid}}}
            type: Normal
            reason: Started
            message: Started container main
            count: 1
            source: {component: kubelet}
            lastTimestamp: "2026-01-01T00:00:00Z"
            """);
        string text = await kubectl.RunAsync("describe pod one", Ct);
        Assert.Matches(@"Image: +busybox:1", text);
        Assert.Contains("Started container main", text, StringComparison.Ordinal);
        Assert.Contains("Started container main", await kubectl.RunAsync("events --for pod/one", Ct), StringComparison.Ordinal);
        Assert.Matches(@"Normal +Started +pod/one +Started container main", await kubectl.RunAsync("get events", Ct));
        Assert.Contains("Started container main", await kubectl.RunAsync("get events.events.k8s.io", Ct), StringComparison.Ordinal);
    }
}
