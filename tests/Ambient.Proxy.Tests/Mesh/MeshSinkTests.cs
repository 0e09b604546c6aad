using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Discovery;
using Ambient.Proxy.Mesh;

namespace Ambient.Proxy.Tests.Mesh;

public sealed class MeshSinkTests
{
    [Fact]
    public void Waypoint_IsReady_OnceAddressesAndResourcesHaveCome()
    {
        var view = new MeshView(TimeProvider.System);
        var sink = new MeshSink(view, MeshUpdate.Empty, TypeUrls.Waypoint);

        sink.Synced(TypeUrls.Address);
        Assert.False(view.IsLive);
        sink.Synced(TypeUrls.Resource);
        Assert.False(view.IsLive);
        sink.Synced(TypeUrls.Visibility);
        Assert.True(view.IsLive);
        Assert.False(view.IsWhole);
        sink.Synced(TypeUrls.Settings);
        Assert.True(view.IsWhole);
    }

    [Fact]
    public void Ztunnel_IsReady_WithoutResources()
    {
        var view = new MeshView(TimeProvider.System);
        var sink = new MeshSink(view, MeshUpdate.Empty, TypeUrls.Ztunnel);

        foreach (string type in TypeUrls.Ztunnel)
        {
            sink.Synced(type);
        }

        Assert.True(view.IsLive && view.IsWhole);
    }

    [Fact]
    public void Remembered_WhatTheOperatorDoesNotConfirm_GoesWithItsTypeOnly()
    {
        var view = new MeshView(TimeProvider.System);
        var remembered = new MeshUpdate
        {
            Resources = [new RouteTable { Host = "old" }, new RouteTable { Host = "kept" }],
            Services = [new MeshService { Name = "a", Namespace = "shop", Hostname = "a.example" }],
        };
        view.Apply(remembered);
        var sink = new MeshSink(view, remembered, TypeUrls.Waypoint);

        sink.Apply(new MeshUpdate { Resources = [new RouteTable { Host = "kept" }] });
        sink.Synced(TypeUrls.Settings);
        Assert.Equal(2, view.Current.All<RouteTable>().Count());
        sink.Synced(TypeUrls.Resource);

        Assert.Equal("kept", Assert.Single(view.Current.All<RouteTable>()).Host);
        Assert.Single(view.Current.Services);
    }
}
