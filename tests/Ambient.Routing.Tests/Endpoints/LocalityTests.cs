using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;
using static Ambient.Routing.Tests.Mesh;

namespace Ambient.Routing.Tests.Endpoints;

public class LocalityTests
{
    private static readonly BalancingScope[] SameZone = [BalancingScope.Network, BalancingScope.Region, BalancingScope.Zone];

    private static readonly BalancingScope[] SameNode =
        [BalancingScope.Network, BalancingScope.Region, BalancingScope.Zone, BalancingScope.Subzone, BalancingScope.Node];

    // The client is at eu/eu-a, node-1. Endpoints: region/zone/node, "!" for not ready. Expected: those that get connections.
    [Theory]
    [InlineData("zone", BalancingMode.Failover, "eu/eu-a/n2 eu/eu-b/n3 us/us-a/n4", "eu/eu-a/n2")]
    [InlineData("zone", BalancingMode.Failover, "eu/eu-a/n2! eu/eu-b/n3 us/us-a/n4", "eu/eu-b/n3")]
    [InlineData("zone", BalancingMode.Failover, "eu/eu-a/n2! eu/eu-b/n3! us/us-a/n4", "us/us-a/n4")]
    [InlineData("zone", BalancingMode.Failover, "eu/eu-a/n2 eu/eu-a/node-1 us/us-a/n4", "eu/eu-a/n2 eu/eu-a/node-1")]
    [InlineData("node", BalancingMode.Failover, "eu/eu-a/n2 eu/eu-a/node-1 us/us-a/n4", "eu/eu-a/node-1")]
    [InlineData("node", BalancingMode.Failover, "us/us-a/node-1 eu/eu-b/n2", "eu/eu-b/n2")]
    [InlineData("node", BalancingMode.Strict, "eu/eu-a/n2 eu/eu-a/node-1", "eu/eu-a/node-1")]
    [InlineData("node", BalancingMode.Strict, "eu/eu-a/n2 eu/eu-a/node-1!", "")]
    [InlineData("zone", BalancingMode.Unspecified, "eu/eu-a/n2 us/us-a/n4", "eu/eu-a/n2 us/us-a/n4")]
    public void Resolve_Preference_TakesTheNearestGroup(string preference, BalancingMode mode, string endpoints, string expected)
    {
        MeshService service = Service("orders") with
        {
            Balancing = new Balancing([.. preference == "zone" ? SameZone : SameNode], mode, false),
        };
        Workload[] pods = [.. endpoints.Split(' ').Select((text, i) => Endpoint(text, i).Serving(service))];
        MeshSnapshot mesh = Of([Client, service, .. pods]);
        EndpointPicker picker = new(new Random(5));

        Resolution[] results = [.. Enumerable.Range(0, 200).Select(_ =>
            DestinationResolver.Resolve(mesh, Client, IPEndPoint.Parse("10.96.0.1:80"), picker))];

        IEnumerable<string> taken = results.OfType<Resolution.Tunnel>().Select(t => t.Endpoint!.Name).Distinct().Order();
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), taken);
        Assert.Equal(expected.Length == 0, results.OfType<Resolution.Refused>().Any());
    }

    [Fact]
    public void Resolve_EndpointsChange_TheNextConnectionSeesIt()
    {
        MeshService service = Service("orders");
        MeshSnapshot one = Of(Client, service, Pod("shop", "a", "10.9.0.1").Serving(service));
        MeshSnapshot two = one.With(new MeshUpdate
        {
            RemovedWorkloads = ["Kubernetes//Pod/shop/a"],
            Workloads = [Pod("shop", "b", "10.9.0.2").Serving(service)],
        });
        MeshSnapshot moved = two.With(new MeshUpdate { Services = [service with { Ports = [new ServicePort(81, 0)] }] });
        EndpointPicker picker = new(new Random(5));

        Assert.Equal("a", To(one, 80, picker));
        Assert.Equal("b", To(two, 80, picker));
        Assert.Null(To(moved, 80, picker));
    }

    private static string? To(MeshSnapshot mesh, int port, EndpointPicker picker) =>
        (DestinationResolver.Resolve(mesh, Client, new IPEndPoint(IPAddress.Parse("10.96.0.1"), port), picker) as Resolution.Tunnel)?.Endpoint?.Name;

    private static Workload Endpoint(string text, int index)
    {
        string[] parts = text.TrimEnd('!').Split('/');
        return Pod("shop", text.TrimEnd('!'), $"10.9.0.{index + 1}") with
        {
            ServiceAccount = "orders",
            Node = parts[2],
            Locality = new Locality(parts[0], parts[1], ""),
            Health = text.EndsWith('!') ? WorkloadHealth.Unhealthy : WorkloadHealth.Healthy,
        };
    }
}
