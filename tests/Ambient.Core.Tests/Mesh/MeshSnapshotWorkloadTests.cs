using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Core.Tests.Mesh;

public class MeshSnapshotWorkloadTests
{
    [Fact]
    public void WorkloadByAddress_MappedForm_FindsTheSame()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty.With(new MeshUpdate { Workloads = [Pod("a", "10.0.0.1")] });

        Assert.Equal("a", mesh.WorkloadByAddress(At("10.0.0.1"))?.Uid);
        Assert.Equal("a", mesh.WorkloadByAddress(At("::ffff:10.0.0.1"))?.Uid);
        Assert.Null(mesh.WorkloadByAddress(new NetworkAddress("other", IPAddress.Parse("10.0.0.1"))));
    }

    [Fact]
    public void WorkloadByAddress_HostNetwork_IsNotFound()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty.With(new MeshUpdate
        {
            Workloads = [Pod("a", "10.0.0.1") with { NetworkMode = NetworkMode.HostNetwork }],
        });

        Assert.Null(mesh.WorkloadByAddress(At("10.0.0.1")));
        Assert.NotNull(mesh.WorkloadByUid("a"));
    }

    [Fact]
    public void WorkloadByAddress_AddressMovesToAnother_NewestClaimStandsAndOldOneComesBack()
    {
        MeshSnapshot one = MeshSnapshot.Empty.With(new MeshUpdate { Workloads = [Pod("old", "10.0.0.1")] });
        MeshSnapshot two = one.With(new MeshUpdate { Workloads = [Pod("new", "10.0.0.1")] });
        MeshSnapshot touched = two.With(new MeshUpdate { Workloads = [Pod("old", "10.0.0.1") with { Node = "n" }] });
        MeshSnapshot back = touched.With(new MeshUpdate { RemovedWorkloads = ["new"] });

        Assert.Equal("old", one.WorkloadByAddress(At("10.0.0.1"))?.Uid);
        Assert.Equal("new", two.WorkloadByAddress(At("10.0.0.1"))?.Uid);
        Assert.Equal("new", touched.WorkloadByAddress(At("10.0.0.1"))?.Uid);
        Assert.Equal(2, touched.WorkloadsByAddress(At("10.0.0.1")).Length);
        Assert.Equal("n", back.WorkloadByAddress(At("10.0.0.1"))?.Node);
    }

    [Fact]
    public void With_ChangedAddress_OldAddressIsForgotten()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty
            .With(new MeshUpdate { Workloads = [Pod("a", "10.0.0.1")] })
            .With(new MeshUpdate { Workloads = [Pod("a", "10.0.0.2")] });

        Assert.Null(mesh.WorkloadByAddress(At("10.0.0.1")));
        Assert.Equal("a", mesh.WorkloadByAddress(At("10.0.0.2"))?.Uid);
    }

    [Fact]
    public void With_RemovedAndAddedInOneUpdate_TheNewOneStays()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty
            .With(new MeshUpdate { Workloads = [Pod("a", "10.0.0.1")] })
            .With(new MeshUpdate { RemovedWorkloads = ["a", "unknown"], Workloads = [Pod("a", "10.0.0.3")] });

        Assert.Equal("a", mesh.WorkloadByAddress(At("10.0.0.3"))?.Uid);
    }

    [Fact]
    public void EndpointsOf_ServiceDropped_LeavesTheService()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty.With(new MeshUpdate { Workloads = [Serving("b", "10.0.0.2"), Serving("a", "10.0.0.1")] });
        MeshSnapshot less = mesh.With(new MeshUpdate { Workloads = [Pod("a", "10.0.0.1")] });
        MeshSnapshot none = less.With(new MeshUpdate { RemovedWorkloads = ["b"] });

        Assert.Equal(["a", "b"], mesh.EndpointsOf("ns/svc").Select(w => w.Uid));
        Assert.Equal(["b"], less.EndpointsOf("ns/svc").Select(w => w.Uid));
        Assert.Empty(none.EndpointsOf("ns/svc"));
    }

    [Fact]
    public void EndpointSetOf_UnrelatedChange_IsTheSameObject()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty.With(new MeshUpdate { Workloads = [Serving("a", "10.0.0.1")] });
        MeshSnapshot other = mesh.With(new MeshUpdate { Workloads = [Pod("x", "10.0.0.9")] });
        MeshSnapshot service = other.With(new MeshUpdate
        {
            Services = [new MeshService { Name = "svc", Namespace = "ns", Hostname = "svc" }],
        });

        Assert.Same(mesh.EndpointSetOf("ns/svc"), other.EndpointSetOf("ns/svc"));
        Assert.NotSame(other.EndpointSetOf("ns/svc"), service.EndpointSetOf("ns/svc"));
    }

    [Fact]
    public void With_AnyOrderOfRandomUpdates_EqualsAFreshSnapshot()
    {
        Random random = new(11);
        MeshSnapshot mesh = MeshSnapshot.Empty;
        Dictionary<string, Workload> expected = [];
        for (int i = 0; i < 400; i++)
        {
            string uid = "w" + random.Next(20);
            if (random.Next(3) == 0)
            {
                mesh = mesh.With(new MeshUpdate { RemovedWorkloads = [uid] });
                expected.Remove(uid);
                continue;
            }

            Workload next = random.Next(2) == 0 ? Serving(uid, "10.0.0." + random.Next(8)) : Pod(uid, "10.0.0." + random.Next(8));
            mesh = mesh.With(new MeshUpdate { Workloads = [next] });
            expected[uid] = next;
        }

        Assert.Equal(expected.Keys.Order(), mesh.Workloads.Select(w => w.Uid).Order());
        Assert.Equal(
            expected.Values.Where(w => w.Services.Count > 0).Select(w => w.Uid).Order(), mesh.EndpointsOf("ns/svc").Select(w => w.Uid));
        for (int i = 0; i < 8; i++)
        {
            IPAddress address = IPAddress.Parse("10.0.0." + i);
            Assert.Equal(
                expected.Values.Where(w => w.Addresses.Contains(address)).Select(w => w.Uid).Order(),
                mesh.WorkloadsByAddress(new NetworkAddress("", address)).Select(w => w.Uid).Order());
        }
    }

    [Fact]
    public void Apply_Update_SwapsCurrentAndTellsOnce()
    {
        MeshStore store = new();
        List<(MeshSnapshot Snapshot, MeshUpdate Update)> told = [];
        store.Changed += (s, u) => told.Add((s, u));
        MeshUpdate update = new() { Settings = new MeshSettings { TrustDomain = "td" } };

        MeshSnapshot applied = store.Apply(update);

        Assert.Same(applied, store.Current);
        Assert.Equal([(applied, update)], told);
        Assert.Equal("td", store.Current.Settings.TrustDomain);
        Assert.Equal(1, store.Current.Version);
    }

    [Fact]
    public void WorkloadByAddress_Lookup_AllocatesNothing()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty.With(new MeshUpdate { Workloads = [Pod("a", "10.0.0.1")] });
        NetworkAddress address = At("10.0.0.1");
        _ = mesh.WorkloadByAddress(address);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _ = mesh.WorkloadByAddress(address);
            _ = mesh.ServiceByAddress(address, "ns");
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500); // less than one object a lookup
    }

    private static NetworkAddress At(string address) => new("", IPAddress.Parse(address));

    private static Workload Pod(string uid, string address) =>
        new() { Uid = uid, Name = uid, Namespace = "ns", Addresses = [IPAddress.Parse(address)] };

    private static Workload Serving(string uid, string address) => Pod(uid, address) with
    {
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add("ns/svc", [new ServicePort(80, 8080)]),
    };
}
