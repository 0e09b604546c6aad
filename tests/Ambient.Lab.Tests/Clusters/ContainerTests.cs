using Ambient.Kube.Resources;

namespace Ambient.Lab.Tests.Clusters;

/// <summary>What a process finds in its container.</summary>
public sealed class ContainerTests(LabFixture fixture) : IAsyncLifetime
{
    private const string Ns = "containers";
    private LabCluster lab = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        lab = await fixture.LabAsync();
        await lab.ApplyAsync(
            Manifests.Namespace(Ns)
            + $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: settings, namespace: {{Ns}} }
            data: { colour: green, size: "7" }
            ---
            apiVersion: v1
            kind: Secret
            metadata: { name: hidden, namespace: {{Ns}} }
            stringData: { password: sesame }
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: full, namespace: {{Ns}}, labels: { app: full }, annotations: { note: written } }
            spec:
              nodeName: node-2
              terminationGracePeriodSeconds: 1
              hostAliases: [{ ip: 192.0.2.7, hostnames: [seven.example] }]
              initContainers:
                - name: first
                  image: debian
                  command: [sh, -c, "echo one > /shared/order"]
                  volumeMounts: [{ name: shared, mountPath: /shared }]
                - name: second
                  image: debian
                  command: [sh, -c, "echo two >> /shared/order"]
                  volumeMounts: [{ name: shared, mountPath: /shared }]
              containers:
                - name: main
                  image: debian
                  command: [sh, -c]
                  args: ["echo '$(GREETING) $(MISSING) $$(WHO)'; exec sleep 1000"]
                  env:
                    - { name: WHO, value: world }
                    - { name: GREETING, value: "hello $(WHO)" }
                    - { name: COLOUR, valueFrom: { configMapKeyRef: { name: settings, key: colour } } }
                    - { name: PASSWORD, valueFrom: { secretKeyRef: { name: hidden, key: password } } }
                    - { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
                    - { name: IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
                    - { name: APP, valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }
                  envFrom: [{ prefix: SET_, configMapRef: { name: settings } }]
                  volumeMounts:
                    - { name: shared, mountPath: /shared }
                    - { name: settings, mountPath: /etc/settings }
                    - { name: all, mountPath: /opt/all/deep }
                    - { name: node, mountPath: /node }
              volumes:
                - { name: shared, emptyDir: {} }
                - { name: settings, configMap: { name: settings } }
                - { name: node, hostPath: { path: /var/lib/thing, type: DirectoryOrCreate } }
                - name: all
                  projected:
                    sources:
                      - serviceAccountToken: { path: token, audience: somebody, expirationSeconds: 3600 }
                      - secret: { name: hidden, items: [{ key: password, path: inner/word }] }
                      - downwardAPI: { items: [{ path: note, fieldRef: { fieldPath: "metadata.annotations['note']" } }] }
            """,
            Ct);
        await lab.WaitReadyAsync(Ns, "app=full", 1, LabFixture.Patience, Ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("cat /shared/order", "one\ntwo")]
    [InlineData("echo $COLOUR $PASSWORD $NODE $APP $SET_size", "green sesame node-2 full 7")]
    [InlineData("cat /etc/settings/colour /opt/all/deep/inner/word /opt/all/deep/note", "greensesamewritten")]
    [InlineData("hostname; cat /etc/hostname", "full\nfull")]
    [InlineData("getent hosts seven.example | tr -s ' '", "192.0.2.7 seven.example")]
    [InlineData("grep -c . /var/run/secrets/kubernetes.io/serviceaccount/namespace", "1")]
    [InlineData("touch /usr/x 2>&1 | grep -o Read-only; touch /etc/settings/x 2>&1 | grep -o Read-only", "Read-only\nRead-only")]
    [InlineData("grep CapBnd /proc/self/status | tr -d '\\t'", "CapBnd:00000000a80425fb")]
    [InlineData("ip link set lo down 2>&1 | grep -o 'not permitted'", "not permitted")]
    [InlineData("cat /sys/class/net/eth0/address >/dev/null 2>&1; ip -o link | wc -l", "2")]
    [InlineData("echo kept > /node/file; cat /node/file", "kept")]
    public async Task Container_Inside_SeesWhatThePodSays(string script, string expected)
    {
        var result = await lab.ExecInPodAsync(Ns, "full", ["sh", "-c", script], null, Ct);
        Assert.Equal(expected, result.Output.Trim());
    }

    [Fact]
    public async Task Container_Tmp_IsItsOwn()
    {
        // A checkout below /tmp shows the way to its programs there, and nothing else.
        var way = AppContext.BaseDirectory.StartsWith("/tmp/", StringComparison.Ordinal) ? AppContext.BaseDirectory.Split('/')[2] : "";
        var result = await lab.ExecInPodAsync(Ns, "full", ["sh", "-c", "ls -A /tmp; ls -A /run/netns 2>/dev/null; touch /tmp/mine && rm /tmp/mine && echo writable"], null, Ct);
        Assert.Equal(way.Length == 0 ? "writable" : $"{way}\nwritable", result.Output.Trim());
    }

    [Fact]
    public async Task Log_ShowsExpandedArguments()
    {
        await Talk.UntilAsync(() => Task.FromResult(lab.Log(Ns, "full")), l => l == "hello world $(MISSING) $(WHO)\n", "what the command printed");
    }

    [Fact]
    public async Task ConfigMap_ThatChanges_ChangesInTheMount()
    {
        var map = await lab.Admin.Resource<ConfigMap>().GetAsync(Ns, "settings", Ct);
        await lab.Admin.Resource<ConfigMap>().ReplaceAsync(map with { Data = new Dictionary<string, string> { ["colour"] = "green", ["size"] = "7", ["new"] = "yes" } }, null, Ct);
        var found = await Talk.UntilAsync(
            async () => (await lab.ExecInPodAsync(Ns, "full", ["sh", "-c", "cat /etc/settings/new"], null, Ct)).Output, o => o.Length > 0, "new key");
        Assert.Equal("yes", found);
    }

    [Fact]
    public async Task HostPath_LeadsIntoTheNodesOwnFolder()
    {
        await lab.ExecInPodAsync(Ns, "full", ["sh", "-c", "echo here > /node/where"], null, Ct);
        Assert.Equal("here\n", await File.ReadAllTextAsync(Path.Combine(lab.Nodes[1].HostDirectory, "var/lib/thing/where"), Ct));
        Assert.False(Directory.Exists("/var/lib/thing"));
    }

    [Fact]
    public async Task Kubeconfig_IsForItsOwnerAlone()
    {
        await Task.CompletedTask;
#pragma warning disable CA1416 // a lab is Linux only
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(lab.KubeconfigPath));
#pragma warning restore CA1416
    }
}
