namespace Ambient.Compile.Tests.Workloads;

public sealed class LabelTests
{
    [Fact]
    public void Pod_WithLabels_PassesThemOn()
    {
        var labels = Mesh.Compile(Mesh.Pod("shop", "web", "10.0.0.1", "{ app: web, version: v2 }")).Workload("web").Labels;

        Assert.Equal([new("app", "web"), new("version", "v2")], labels);
    }

    [Fact]
    public void Pod_ThatOnlyChangesALabel_IsSentAgain()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        compiler.Put(Mesh.Objects(Mesh.Pod("shop", "web", "10.0.0.1", "{ color: blue }")).Single());
        compiler.Flush();

        compiler.Put(Mesh.Objects(Mesh.Pod("shop", "web", "10.0.0.1", "{ color: green }")).Single());

        Assert.Equal("green", Assert.Single(compiler.Flush().Update.Workloads).Labels["color"]);
    }

    [Fact]
    public void WorkloadEntryAndEndpoint_WithLabels_PassThemOn()
    {
        var result = Mesh.Compile("""
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: { name: vm, namespace: shop }
            spec: { address: 10.0.0.7, labels: { app: vm } }
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: out, namespace: shop }
            spec:
              hosts: [out.example]
              ports: [{ number: 80, name: http, protocol: HTTP }]
              resolution: STATIC
              endpoints: [{ address: 192.0.2.1, labels: { version: v1 } }]
            """);

        Assert.Equal("vm", Assert.Single(result.Workloads, w => w.Addresses[0].ToString() == "10.0.0.7").Labels["app"]);
        Assert.Equal("v1", Assert.Single(result.Workloads, w => w.Addresses[0].ToString() == "192.0.2.1").Labels["version"]);
    }
}
