using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;

namespace Ambient.Core.Tests.Mesh;

public sealed class ResourceTests
{
    private static RouteTable Table(string host) => new() { Host = host };

    [Fact]
    public void Snapshot_WithResources_FindsThemByKindAndKey()
    {
        var mesh = MeshSnapshot.Empty.With(new MeshUpdate { Resources = [Table("b"), Table("a"), new BackendPolicy { Service = "shop/a" }] });

        Assert.Equal(["a", "b"], mesh.All<RouteTable>().Select(t => t.Host));
        Assert.Equal("shop/a", Assert.Single(mesh.All<BackendPolicy>()).Service);
        Assert.Empty(mesh.All<RequestPolicy>());
        Assert.Same(mesh.All<RouteTable>().First(), mesh.Find<RouteTable>(Table("a").Key));
        Assert.Null(mesh.Find<BackendPolicy>(Table("a").Key));
        Assert.Equal(3, mesh.Resources.Count());
    }

    [Fact]
    public void Snapshot_AfterAReplacementAndARemoval_HoldsWhatRemains()
    {
        var before = MeshSnapshot.Empty.With(new MeshUpdate { Resources = [Table("a"), Table("b")] });
        var next = Table("a") with { Tls = [new TlsRule { Origin = new RouteOrigin("VirtualService", "shop", "a", 0), Backends = [] }] };

        var after = before.With(new MeshUpdate { Resources = [next], RemovedResources = [Table("b").ResourceName, new ResourceName("RouteTable", "never")] });

        Assert.Same(next, Assert.Single(after.All<RouteTable>()));
        Assert.Equal(2, before.All<RouteTable>().Count());
    }

    [Fact]
    public void VersionOf_AKind_ChangesOnlyWithThatKind()
    {
        var tables = MeshSnapshot.Empty.With(new MeshUpdate { Resources = [Table("a")] });
        var policies = tables.With(new MeshUpdate { Resources = [new BackendPolicy { Service = "shop/a" }] });
        var removed = policies.With(new MeshUpdate { RemovedResources = [Table("a").ResourceName] });

        Assert.Equal(0, MeshSnapshot.Empty.VersionOf<RouteTable>());
        Assert.Equal(tables.VersionOf<RouteTable>(), policies.VersionOf<RouteTable>());
        Assert.Equal(policies.Version, policies.VersionOf<BackendPolicy>());
        Assert.Equal(removed.Version, removed.VersionOf<RouteTable>());
    }

    [Fact]
    public void Kinds_OfResources_AreNamedAsTheirTypes()
    {
        var kinds = typeof(ProxyResource).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ProxyResource))).ToList();

        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind =>
        {
            Assert.True(kind.IsSealed, $"{kind} is not sealed");
            Assert.Equal(kind.Name, ((ProxyResource)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(kind)).Type);
        });
    }

    [Theory]
    [InlineData("RouteTable/mesh//a.example:80", "RouteTable", "mesh//a.example:80")]
    [InlineData("A/b", "A", "b")]
    public void ResourceName_OfText_IsReadBack(string text, string type, string key)
    {
        Assert.True(ResourceName.TryParse(text, out var name));
        Assert.Equal(new ResourceName(type, key), name);
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("RouteTable")]
    [InlineData("RouteTable/")]
    [InlineData("/key")]
    public void ResourceName_OfOtherText_IsNone(string? text) => Assert.False(ResourceName.TryParse(text, out _));
}
