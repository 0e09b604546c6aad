namespace Ambient.Kube.Emulator.Tests.Kubectl;

public sealed class ApplyingTests(ServerFixture server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_ClientSide_MergesByKeyAndPrunesWhatLeft()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        Assert.Equal("deployment.apps/web created\n", await kubectl.RunAsync("apply -f -", Ct, Manifests.Web));
        Assert.Equal("deployment.apps/web unchanged\n", await kubectl.RunAsync("apply -f -", Ct, Manifests.Web));
        await kubectl.RunAsync("set env deployment/web -c side ADDED=later", Ct);
        string changed = Manifests.Web.Replace("nginx:1", "nginx:2", StringComparison.Ordinal).Replace(", {name: C, value: d}", "", StringComparison.Ordinal);
        Assert.Equal("deployment.apps/web configured\n", await kubectl.RunAsync("apply -f -", Ct, changed));
        string containers = await kubectl.RunAsync("get deployment web -o 'jsonpath={range .spec.template.spec.containers[*]}{.name}={.image} {.env[*].name};{end}'", Ct);
        Assert.Equal("main=nginx:2 A;side=busybox:1 ADDED;", containers);
    }

    [Fact]
    public async Task Apply_ServerSide_ConflictsUntilForced()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        await kubectl.RunAsync("apply --server-side --field-manager=one -f -", Ct, Manifests.Config);
        string blue = Manifests.Config.Replace("red", "blue", StringComparison.Ordinal);
        (int code, _, string error) = await kubectl.TryAsync("apply --server-side --field-manager=two -f -", Ct, blue);
        Assert.Equal(1, code);
        Assert.Contains("Apply failed with 1 conflict: conflict with \"one\" using v1: .data.color", error, StringComparison.Ordinal);
        await kubectl.RunAsync("apply --server-side --field-manager=two --force-conflicts -f -", Ct, blue);
        await kubectl.RunAsync("apply --server-side --field-manager=one -f -", Ct, "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {new: field}}");
        Assert.Equal("{\"color\":\"blue\",\"new\":\"field\",\"size\":\"big\"}", await kubectl.RunAsync("get configmap settings -o 'jsonpath={.data}'", Ct));
    }

    [Fact]
    public async Task Apply_FromClientToServerSide_MovesTheFields()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Web);
        await kubectl.RunAsync("apply --server-side -f -", Ct, Manifests.Web);
        await kubectl.RunAsync("apply --server-side -f -", Ct, Manifests.Web.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal));
        Assert.Equal("3", await kubectl.RunAsync("get deployment web -o 'jsonpath={.spec.replicas}'", Ct));
        string managers = await kubectl.RunAsync("get deployment web --show-managed-fields -o 'jsonpath={.metadata.managedFields[*].manager}'", Ct);
        Assert.DoesNotContain("kubectl-client-side-apply", managers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_UnknownField_IsRefusedByName()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        (int code, _, string error) = await kubectl.TryAsync("apply -f -", Ct, Manifests.Web.Replace("replicas:", "replcas:", StringComparison.Ordinal));
        Assert.Equal(1, code);
        Assert.Contains("strict decoding error: unknown field \"spec.replcas\"", error, StringComparison.Ordinal);
        (_, string output, string warning) = await kubectl.TryAsync("apply --validate=warn -f -", Ct, Manifests.Web.Replace("replicas:", "replcas:", StringComparison.Ordinal));
        Assert.Contains("created", output, StringComparison.Ordinal);
        Assert.Contains("Warning: unknown field \"spec.replcas\"", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_UnknownKind_SaysWhichKindIsMissing()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        (_, _, string error) = await kubectl.TryAsync("apply -f -", Ct, "{apiVersion: nobody.example.com/v1, kind: Gadget, metadata: {name: a}}");
        Assert.Contains("no matches for kind \"Gadget\" in version \"nobody.example.com/v1\"", error, StringComparison.Ordinal);
        Assert.Contains("ensure CRDs are installed first", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_Invalid_NamesEveryField()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        (_, _, string error) = await kubectl.TryAsync("apply -f -", Ct,
            "{apiVersion: v1, kind: Service, metadata: {name: 1bad}, spec: {ports: [{port: 70000}]}}");
        Assert.Contains("metadata.name: Invalid value: \"1bad\": a DNS-1035 label must consist of", error, StringComparison.Ordinal);
        Assert.Contains("spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_ShowsWhatWouldChange()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Config);
        (int code, string output, _) = await kubectl.TryAsync("diff -f -", Ct, Manifests.Config.Replace("red", "green", StringComparison.Ordinal));
        Assert.Equal(1, code);
        Assert.Contains("-  color: red", output, StringComparison.Ordinal);
        Assert.Contains("+  color: green", output, StringComparison.Ordinal);
        Assert.Equal("red", await kubectl.RunAsync("get configmap settings -o 'jsonpath={.data.color}'", Ct));
    }

    [Fact]
    public async Task LabelAndAnnotate_AddAndRemove()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Config);
        await kubectl.RunAsync("label configmap settings tier=front", Ct);
        Assert.Equal("front", await kubectl.RunAsync("get configmap settings -o 'jsonpath={.metadata.labels.tier}'", Ct));
        (int code, _, _) = await kubectl.TryAsync("label configmap settings tier=back", Ct);
        Assert.Equal(1, code);
        await kubectl.RunAsync("label configmap settings tier-", Ct);
        await kubectl.RunAsync("annotate configmap settings note=hello", Ct);
        Assert.Equal(" hello", await kubectl.RunAsync("get configmap settings -o 'jsonpath={.metadata.labels.tier} {.metadata.annotations.note}'", Ct));
    }

    [Theory]
    [InlineData("merge", """{"data":{"color":null,"new":"x"}}""", """{"new":"x","size":"big"}""")]
    [InlineData("json", """[{"op":"test","path":"/data/color","value":"red"},{"op":"replace","path":"/data/color","value":"x"}]""", """{"color":"x","size":"big"}""")]
    [InlineData("strategic", """{"data":{"size":"small"}}""", """{"color":"red","size":"small"}""")]
    public async Task Patch_EachType_Changes(string type, string patch, string data)
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        await kubectl.RunAsync("create -f -", Ct, Manifests.Config);
        await kubectl.RunAsync($"patch configmap settings --type={type} -p '{patch}'", Ct);
        Assert.Equal(data, await kubectl.RunAsync("get configmap settings -o 'jsonpath={.data}'", Ct));
    }

    [Fact]
    public async Task Scale_Deployment_ChangesReplicas()
    {
        var kubectl = new KubectlRunner(server, await server.NamespaceAsync(Ct));
        await kubectl.RunAsync("apply -f -", Ct, Manifests.Web);
        await kubectl.RunAsync("scale deployment/web --replicas=7 --current-replicas=2", Ct);
        Assert.Equal("7", await kubectl.RunAsync("get deployment web -o 'jsonpath={.spec.replicas}'", Ct));
    }
}
