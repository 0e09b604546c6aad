using System.Text;
using Ambient.Compile.Offline;
using Ambient.Core.Mesh;
using Ambient.Core.Routes;
using Ambient.Discovery.Codec.Resources;
using Ambient.Resources.Manifests;
using Google.Protobuf;
using Proto = Ambient.Wire.V1.ProxyResource;

namespace Ambient.Compile.Tests.Wire;

/// <summary>What compilers make gets to proxies as it was made, and a change sends what changed.</summary>
public sealed class WireTests
{
    public static TheoryData<string> Cases => GoldenTests.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resources_OfAGoldenCase_ComeBack(string name)
    {
        var manifests = ManifestReader.Read([Path.Combine(SourceTree.Of("tests/Ambient.Compile.Tests/cases"), name, "input.yaml")]);
        var compiled = MeshCompiler.Compile(CompileInput.Of(OfflineCluster.Complete(manifests.Objects.Select(o => o.Content))));

        Assert.All(compiled.Resources, made => Same(made, ThereAndBack(made)));
    }

    [Fact]
    public void VirtualService_OfFiveThousandRoutes_IsOneResourceThatFits()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        Put(compiler, Service("big") + Routes("big", 5000));

        var table = Assert.IsType<RouteTable>(Assert.Single(compiler.Flush().Update.Resources));

        Assert.Equal(5000, table.Http.Length);
        Same(table, ThereAndBack(table));
        Assert.InRange(ResourceCodec.ToProto(table).CalculateSize(), 1, ResourceCodec.MaxBytes / 8);
    }

    [Fact]
    public void OneOfAThousandHosts_Changed_SendsItsTableAlone()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        Put(compiler, string.Concat(Enumerable.Range(0, 1000).Select(i => Service($"s{i}") + Routes($"s{i}", 2))));
        Assert.Equal(1000, compiler.Flush().Update.Resources.Length);

        Put(compiler, Routes("s500", 3));
        var update = compiler.Flush().Update;

        Assert.Equal("s500.shop.svc.cluster.local", Assert.IsType<RouteTable>(Assert.Single(update.Resources)).Host);
        Assert.Empty(update.RemovedResources);
        Assert.Empty(update.Services);

        Put(compiler, Routes("s500", 3));
        Assert.True(compiler.Flush().Update.IsEmpty);

        compiler.Remove(new Sources.ObjectKey("networking.istio.io/VirtualService", "shop", "s500"));
        Assert.Equal("RouteTable/mesh//s500.shop.svc.cluster.local:0", Assert.Single(compiler.Flush().Update.RemovedResources).ToString());
    }

    private static ProxyResource ThereAndBack(ProxyResource made) =>
        ResourceCodec.FromProto(Proto.Parser.ParseFrom(ResourceCodec.ToProto(made).ToByteArray()));

    private static void Same(ProxyResource made, ProxyResource read)
    {
        Assert.True(SameContentDeep.Same(made, read), $"{made.ResourceName} came back as something else");
        Assert.Equal(ResourceCodec.ToProto(made), ResourceCodec.ToProto(read));
    }

    private static void Put(IncrementalCompiler compiler, string yaml)
    {
        foreach (var manifest in Mesh.Objects(yaml))
        {
            compiler.Put(manifest);
        }
    }

    private static string Service(string name) => $$"""
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: shop }
        spec: { clusterIP: None, ports: [{ name: http, port: 80 }] }

        """;

    private static string Routes(string host, int count)
    {
        var text = new StringBuilder($"""
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {"{"} name: {host}, namespace: shop {"}"}
            spec:
              hosts: [{host}]
              http:

            """);
        for (int i = 0; i < count; i++)
        {
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"  - {{ name: r{i}, match: [{{ uri: {{ prefix: /p{i}/ }} }}], timeout: 3s, route: [{{ destination: {{ host: {host} }} }}] }}");
        }

        return text.ToString();
    }
}
