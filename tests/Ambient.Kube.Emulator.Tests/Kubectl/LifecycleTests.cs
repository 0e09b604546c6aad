namespace Ambient.Kube.Emulator.Tests.Kubectl;

public sealed class LifecycleTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_WhatKubectlMakesItself_IsUnderstood()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        Assert.Equal($"namespace/{ns}-more created\n", await kubectl.RunAsync($"create namespace {ns}-more", Ct));
        Assert.Equal("serviceaccount/robot created\n", await kubectl.RunAsync("create serviceaccount robot", Ct));
        await kubectl.RunAsync("create deployment made --image=nginx:3 --replicas=2 --port=81", Ct);
        Assert.Equal("2 nginx:3 81", await kubectl.RunAsync(
            "get deployment made -o 'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].ports[0].containerPort}'", Ct));
        await kubectl.RunAsync("create configmap made --from-literal=a=b", Ct);
        await kubectl.RunAsync("create secret generic made --from-literal=a=b", Ct);
        Assert.Equal("b Yg==", await kubectl.RunAsync("get configmap/made secret/made -o 'jsonpath={.items[0].data.a} {.items[1].data.a}'", Ct));
        await kubectl.RunAsync("create role reader --verb=get,list --resource=pods", Ct);
        Assert.Equal("[\"get\",\"list\"]", await kubectl.RunAsync("get role reader -o 'jsonpath={.rules[0].verbs}'", Ct));
    }

    [Fact]
    public async Task CreateToken_BoundToNothing_AuthenticatesAsTheAccount()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        string token = (await kubectl.RunAsync("create token default --duration=10m", Ct)).Trim();
        using HttpClient caller = server.Client();
        caller.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.True((await caller.GetAsync(new Uri("/api/v1/namespaces", UriKind.Relative), Ct)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Auth_WhoAmIAndCanI_AreAnswered()
    {
        var kubectl = new KubectlRunner(server, "default");
        string who = await kubectl.RunAsync("auth whoami", Ct);
        Assert.Matches(@"Username +kubernetes-admin", who);
        Assert.Contains("system:masters", who, StringComparison.Ordinal);
        Assert.Equal("yes\n", await kubectl.RunAsync("auth can-i create pods", Ct));
    }

    [Fact]
    public async Task Delete_PodOnANode_StaysUntilTheKubeletIsDone()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Pod);
        await kubectl.RunAsync("delete pod one --wait=false", Ct);
        Assert.Matches(@"one +0/1 +Terminating", await kubectl.RunAsync("get pods", Ct));
        Assert.Equal("30", await kubectl.RunAsync("get pod one -o 'jsonpath={.metadata.deletionGracePeriodSeconds}'", Ct));
        await kubectl.RunAsync("delete pod one --grace-period=0 --force", Ct);
        Assert.Equal("", await kubectl.RunAsync("get pods -o name", Ct));
    }

    [Fact]
    public async Task Delete_Namespace_WaitsForItsContents()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Web + "\n---\n" + Manifests.Config);
        Assert.Equal($"namespace \"{ns}\" deleted\n", await kubectl.RunAsync($"delete namespace {ns}", Ct));
        Assert.Equal("", await kubectl.RunAsync("get deployments,configmaps -o name", Ct));
    }

    [Fact]
    public async Task WaitAndRolloutStatus_FollowStatus()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Web);
        Task<string> rollout = kubectl.RunAsync("rollout status deployment/web --timeout=60s", Ct);
        Task<string> wait = kubectl.RunAsync("wait --for=condition=Available deployment/web --timeout=60s", Ct);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Ct);
        await kubectl.RunAsync(
            "patch deployment web --subresource=status --type=merge -p '{\"status\":{\"observedGeneration\":1,\"replicas\":2,\"updatedReplicas\":2,\"readyReplicas\":2,\"availableReplicas\":2,\"conditions\":[{\"type\":\"Available\",\"status\":\"True\"}]}}'", Ct);
        Assert.Contains("deployment \"web\" successfully rolled out", await rollout, StringComparison.Ordinal);
        Assert.Equal("deployment.apps/web condition met\n", await wait);
        Assert.Equal("1", await kubectl.RunAsync("get deployment web -o 'jsonpath={.metadata.generation}'", Ct));
    }

    [Fact]
    public async Task Logs_Follow_StreamsFromTheNode()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Pod);
        Assert.Equal("first of one/main on node-1\nsecond follow=True\n", await kubectl.RunAsync("logs -f one", Ct));
        Assert.Equal("second follow=False\n", await kubectl.RunAsync("logs one --tail=1", Ct));
        (_, _, string error) = await kubectl.TryAsync("logs one -c nobody", Ct);
        Assert.Contains("container nobody is not valid for pod one", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_OverWebSocket_CarriesStreamsAndExitCode()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Pod);
        Assert.Equal("hello there\n", await kubectl.RunAsync("exec one -- echo hello there", Ct));
        Assert.Equal("typed in\n", await kubectl.RunAsync("exec -i one -- cat", Ct, "typed in\n"));
        (int code, _, string error) = await kubectl.TryAsync("exec one -- fail 7", Ct);
        Assert.Equal(7, code);
        Assert.Contains("it failed", error, StringComparison.Ordinal);
        (_, _, string missing) = await kubectl.TryAsync("exec one -- nonsense", Ct);
        Assert.Contains("nonsense: no such file or directory", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CustomResource_WholeLife()
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns);
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Crd("lamps", "Lamp"));
        await kubectl.RunAsync("wait --for=condition=Established crd/lamps.tests.example.com", Ct);
        const string Lamp = "{apiVersion: tests.example.com/v1, kind: Lamp, metadata: {name: a}, spec: {size: 3}}";
        await kubectl.RunAsync("apply -f -", Ct, Lamp);
        Assert.Equal("lamp.tests.example.com/a configured\n", await kubectl.RunAsync("apply -f -", Ct, Lamp.Replace("3", "4", StringComparison.Ordinal)));
        Assert.Matches(@"NAME +SIZE +READY +COLOR\s+a +4 +red", await kubectl.RunAsync("get lamps -o wide", Ct));
        await kubectl.RunAsync("patch lamp a --subresource=status --type=merge -p '{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}'", Ct);
        Assert.Matches(@"a +4 +True", await kubectl.RunAsync("get toys", Ct));
        Assert.Contains("How big it is", await kubectl.RunAsync("explain lamp.spec.size", Ct), StringComparison.Ordinal);
        await kubectl.RunAsync("scale lamp/a --replicas=9", Ct);
        Assert.Equal("9", await kubectl.RunAsync("get lamp a -o 'jsonpath={.spec.size}'", Ct));
        (_, _, string error) = await kubectl.TryAsync("patch lamp a --type=merge -p '{\"spec\":{\"size\":0,\"color\":\"pink\"}}'", Ct);
        Assert.Contains("spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1", error, StringComparison.Ordinal);
        Assert.Contains("spec.color: Unsupported value: \"pink\": supported values: \"red\", \"blue\"", error, StringComparison.Ordinal);
        await kubectl.RunAsync("delete lamp a", Ct);
    }

    public static TheoryData<string> Versions() => [.. KubectlRunner.Versions()];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task EveryKubectlHere_AppliesGetsAndDeletes(string program)
    {
        string ns = await server.NamespaceAsync(Ct);
        var kubectl = new KubectlRunner(server, ns, program);
        Assert.Equal("deployment.apps/web created\n", await kubectl.RunAsync("apply -f -", Ct, Manifests.Web));
        Assert.Equal("deployment.apps/web configured\n", await kubectl.RunAsync("apply -f -", Ct, Manifests.Web.Replace("nginx:1", "nginx:2", StringComparison.Ordinal)));
        Assert.Equal("configmap/settings serverside-applied\n", await kubectl.RunAsync("apply --server-side -f -", Ct, Manifests.Config));
        Assert.Matches(@"web +0/2 +0 +0", await kubectl.RunAsync("get deployments", Ct));
        Assert.Contains("nginx:2", await kubectl.RunAsync("describe deployment web", Ct), StringComparison.Ordinal);
        Assert.Equal("deployment.apps \"web\" deleted", (await kubectl.RunAsync("delete deployment web", Ct)).Split(" from")[0].Trim());
    }
}
