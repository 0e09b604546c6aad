using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Egress;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;

namespace Ambient.Routing.Tests.Destinations;

/// <summary>What a Sidecar lets out, at the place where connections are decided.</summary>
public sealed class EgressTests
{
    // Rows: visibilities "scope: hosts [port]; mode", separated by |; the workload's own key; destination; code of the refusal, or nothing.
    [Theory]
    [InlineData("", null, "10.96.0.1:80", null)]
    [InlineData("", null, "198.51.100.9:80", null)]
    [InlineData("namespace/web: shop/*; only", null, "10.96.0.1:80", null)]
    [InlineData("namespace/web: pay/*; only", null, "10.96.0.1:80", "hidden")]
    [InlineData("namespace/web: pay/*; any", null, "10.96.0.1:80", null)]
    [InlineData("namespace/web: pay/*", null, "10.96.0.1:80", null)]
    [InlineData("namespace/web: */orders.shop; only", null, "10.96.0.1:80", null)]
    [InlineData("namespace/web: */*.shop; only", null, "10.96.0.1:80", null)]
    [InlineData("namespace/web: */*.pay; only", null, "10.96.0.1:80", "hidden")]
    [InlineData("namespace/web: ; only", null, "198.51.100.9:80", "unknown_outbound")]
    [InlineData("namespace/other: pay/*; only", null, "10.96.0.1:80", null)]
    [InlineData("mesh: pay/*; only", null, "10.96.0.1:80", "hidden")]
    [InlineData("mesh: pay/*; only|namespace/web: shop/*", null, "10.96.0.1:80", null)]
    [InlineData("mesh: pay/*; only|namespace/web: ; any", null, "10.96.0.1:80", null)]
    [InlineData("namespace/web: shop/*; any|workloads/web/s: pay/*; only", "workloads/web/s", "10.96.0.1:80", "hidden")]
    [InlineData("namespace/web: shop/*; only|workloads/web/s: ", "workloads/web/s", "10.96.0.1:80", null)]
    [InlineData("namespace/web: shop/*; only", "workloads/web/gone", "10.96.0.1:80", "hidden")]
    [InlineData("namespace/web: shop/*; only", "workloads/web/gone", "198.51.100.9:80", "unknown_outbound")]
    [InlineData("namespace/web: pay/*; only", "*", "10.96.0.1:80", null)]
    [InlineData("namespace/web: pay/* 80; only", null, "10.96.0.1:80", "hidden")]
    [InlineData("namespace/web: pay/* 81,shop/*; only", null, "10.96.0.1:80", null)]
    [InlineData("namespace/web: shop/* 81; only", null, "10.96.0.1:80", "hidden")]
    [InlineData("namespace/web: shop/*; only", null, "10.9.0.5:8080", null)]
    [InlineData("namespace/web: pay/*; only", null, "10.9.0.5:8080", "hidden")]
    public void Destination_WithSidecars_Is(string visibilities, string? own, string destination, string? code)
    {
        var mesh = MeshSnapshot.Empty.With(new MeshUpdate
        {
            Workloads = [Client with { Egress = own }, Orders],
            Services = [Service],
            Resources = [.. visibilities.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(Visibility)],
        });

        Resolution resolution = DestinationResolver.Resolve(mesh, Client with { Egress = own }, IPEndPoint.Parse(destination), new EndpointPicker(new Random(1)));

        Assert.Equal(code, (resolution as Resolution.Refused)?.Code);
    }

    /// <summary>An outside host as many declare it: one address in addresses and in endpoints.</summary>
    [Theory]
    [InlineData(true, false, "10.0.0.1:15008")]
    [InlineData(true, true, "10.0.0.1:15008")]
    [InlineData(false, false, "")]
    [InlineData(false, true, "")]
    public void Destination_ThatIsAServicesAddressAndItsEndpoints_IsTheService_OfNobodyElseTheWorkload(bool itsEndpoint, bool othersToo, string tunnel)
    {
        var address = IPAddress.Parse("203.0.113.9");
        MeshService waypoint = Service with { Name = "wp", Hostname = "wp.shop", Addresses = [new ServiceAddress("", IPAddress.Parse("10.96.0.9"))], Ports = [new ServicePort(15008, 15008)] };
        MeshService bank = Service with { Name = "bank", Hostname = "bank.example", Addresses = [new ServiceAddress("", address)], Waypoint = new GatewayAddress(new NamespacedName("shop", "wp.shop"), null, 15008) };
        var mesh = MeshSnapshot.Empty.With(new MeshUpdate
        {
            Services = [waypoint, bank],
            Workloads =
            [
                Client,
                Orders with { Uid = "bank", Addresses = [address], Services = itsEndpoint ? Orders.Services.Clear().Add(bank.Key, bank.Ports) : Orders.Services.Clear() },
                .. othersToo ? (Workload[])[Orders with { Uid = "later", Addresses = [address], Services = Orders.Services.Clear() }] : [],
                Orders with { Uid = "wp", Addresses = [IPAddress.Parse("10.0.0.1")], TunnelProtocol = TunnelProtocol.Hbone, Services = Orders.Services.Clear().Add(waypoint.Key, waypoint.Ports) },
            ],
        });

        Resolution resolution = DestinationResolver.Resolve(mesh, Client, new IPEndPoint(address, 80), new EndpointPicker(new Random(1)));

        Assert.Equal(tunnel, (resolution as Resolution.Tunnel)?.GatewayAddress.ToString() ?? "");
    }

    private static readonly Workload Client = new() { Uid = "client", Name = "client", Namespace = "web", Addresses = [IPAddress.Parse("10.9.0.1")] };

    private static readonly MeshService Service = new()
    {
        Name = "orders",
        Namespace = "shop",
        Hostname = "orders.shop",
        Addresses = [new ServiceAddress("", IPAddress.Parse("10.96.0.1"))],
        Ports = [new ServicePort(80, 8080)],
    };

    private static readonly Workload Orders = new()
    {
        Uid = "orders",
        Name = "orders",
        Namespace = "shop",
        Addresses = [IPAddress.Parse("10.9.0.5")],
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(Service.Key, [new ServicePort(80, 8080)]),
    };

    private static EgressVisibility Visibility(string text)
    {
        string[] parts = text.Split(';', StringSplitOptions.TrimEntries);
        string[] scoped = parts[0].Split(": ", 2);
        string[] hosts = scoped.Length > 1 ? scoped[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
        return new EgressVisibility
        {
            Scope = scoped[0].TrimEnd(':'),
            Listeners = [.. hosts.Select(h => h.Split(' ')).Select(h => new EgressListener(h.Length > 1 ? int.Parse(h[1], System.Globalization.CultureInfo.InvariantCulture) : 0, [Host(h[0])]))],
            AllowOthers = parts.Length < 2 ? null : parts[1] == "any",
        };
    }

    private static EgressHost Host(string text) => new(text[..text.IndexOf('/', StringComparison.Ordinal)], text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..]);
}
