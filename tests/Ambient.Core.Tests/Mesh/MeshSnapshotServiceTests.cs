using System.Net;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Core.Tests.Mesh;

public class MeshSnapshotServiceTests
{
    // Rows: services "namespace/host@address[!canonical][-private]", asked address, client namespace, expected key.
    [Theory]
    [InlineData("a/x@10.96.0.1", "10.96.0.1", "c", "a/x")]
    [InlineData("a/x@10.96.0.1", "10.96.0.2", "c", null)]
    [InlineData("a/x@10.96.0.1 b/x@10.96.0.1", "10.96.0.1", "b", "b/x")]
    [InlineData("a/x@10.96.0.1 b/x@10.96.0.1!canonical", "10.96.0.1", "c", "b/x")]
    [InlineData("a/x@10.96.0.1 b/x@10.96.0.1!canonical", "10.96.0.1", "a", "a/x")]
    [InlineData("b/x@10.96.0.1 a/x@10.96.0.1", "10.96.0.1", "c", "a/x")]
    [InlineData("a/x@10.96.0.1-private", "10.96.0.1", "c", null)]
    [InlineData("a/x@10.96.0.1-private", "10.96.0.1", "a", "a/x")]
    [InlineData("a/x@10.96.0.1-private b/x@10.96.0.1", "10.96.0.1", "c", "b/x")]
    [InlineData("a/x@10.0.0.0/8 b/x@10.96.0.0/16", "10.96.0.1", "c", "b/x")]
    [InlineData("a/x@10.0.0.0/8 b/x@10.96.0.0/16", "10.1.0.1", "c", "a/x")]
    [InlineData("a/x@10.0.0.0/8 b/x@10.96.0.0/16", "10.96.0.1", "a", "a/x")]
    [InlineData("a/x@10.96.0.0/16 b/x@10.96.0.0/16!canonical", "10.96.0.1", "c", "b/x")]
    [InlineData("a/x@10.0.0.0/8-private b/x@0.0.0.0/0", "10.96.0.1", "c", "b/x")]
    [InlineData("a/x@10.96.0.1 a/y@10.96.0.0/16", "10.96.0.1", "a", "a/x")]
    [InlineData("b/x@10.96.0.1-private a/y@10.96.0.0/16", "10.96.0.1", "a", "a/y")]
    [InlineData("a/x@10.96.0.1/32", "10.96.0.1", "c", "a/x")]
    [InlineData("a/x@fd00::/64", "fd00::5", "c", "a/x")]
    [InlineData("a/x@fd00::/64", "10.0.0.1", "c", null)]
    public void ServiceByAddress_Row_TieRulesHold(string services, string asked, string client, string? expected)
    {
        MeshSnapshot mesh = MeshSnapshot.Empty.With(new MeshUpdate { Services = [.. services.Split(' ').Select(Parse)] });

        Assert.Equal(expected, mesh.ServiceByAddress(new NetworkAddress("", IPAddress.Parse(asked)), client)?.Key);
    }

    [Fact]
    public void With_ServiceRemoved_NeitherAddressNorRangeNorHostRemains()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty
            .With(new MeshUpdate { Services = [Parse("a/x@10.96.0.1"), Parse("a/y@10.0.0.0/8")] })
            .With(new MeshUpdate { RemovedServices = ["a/x", "a/y"] });

        Assert.Null(mesh.ServiceByAddress(new NetworkAddress("", IPAddress.Parse("10.96.0.1")), "a"));
        Assert.Empty(mesh.ServicesByHostname("x"));
        Assert.Null(mesh.ServiceByKey("a/y"));
    }

    [Fact]
    public void With_ServiceReplaced_OldRangeIsForgotten()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty
            .With(new MeshUpdate { Services = [Parse("a/x@10.0.0.0/8"), Parse("b/x@11.0.0.0/8")] })
            .With(new MeshUpdate { Services = [Parse("a/x@12.0.0.0/8")] });

        Assert.Null(mesh.ServiceByAddress(new NetworkAddress("", IPAddress.Parse("10.0.0.1")), "a"));
        Assert.Equal("b/x", mesh.ServiceByAddress(new NetworkAddress("", IPAddress.Parse("11.0.0.1")), "a")?.Key);
        Assert.Equal("a/x", mesh.ServiceByAddress(new NetworkAddress("", IPAddress.Parse("12.0.0.1")), "a")?.Key);
    }

    [Fact]
    public void ServicesByHostname_OtherCase_FindsAllInOrder()
    {
        MeshSnapshot mesh = MeshSnapshot.Empty.With(new MeshUpdate { Services = [Parse("b/x@10.96.0.1"), Parse("a/x@10.96.0.2")] });

        Assert.Equal(["a/x", "b/x"], mesh.ServicesByHostname("X").Select(s => s.Key));
        Assert.Equal("b/x", mesh.ServiceByHostname("x", "b")?.Key);
    }

    [Fact]
    public void Policies_ScopeChanges_AreFoundOnlyWhereTheyNowBelong()
    {
        AuthorizationPolicy policy = new()
        {
            Name = new NamespacedName("a", "p"),
            Scope = PolicyScope.Namespace,
            Action = PolicyAction.Deny,
        };
        MeshSnapshot one = MeshSnapshot.Empty.With(new MeshUpdate { Policies = [policy] });
        MeshSnapshot two = one.With(new MeshUpdate { Policies = [policy with { Scope = PolicyScope.Global }] });
        MeshSnapshot three = two.With(new MeshUpdate { RemovedPolicies = ["a/p"] });

        Assert.Single(one.PoliciesOfNamespace("a"));
        Assert.Empty(one.GlobalPolicies);
        Assert.Empty(two.PoliciesOfNamespace("a"));
        Assert.Single(two.GlobalPolicies);
        Assert.Empty(three.Policies);
        Assert.Empty(three.GlobalPolicies);
    }

    private static MeshService Parse(string text)
    {
        bool isPrivate = text.EndsWith("-private", StringComparison.Ordinal);
        bool canonical = text.EndsWith("!canonical", StringComparison.Ordinal);
        string[] parts = text.Replace("-private", "", StringComparison.Ordinal)
            .Replace("!canonical", "", StringComparison.Ordinal).Split('@');
        string[] address = parts[1].Split('/');
        string[] name = parts[0].Split('/');
        return new MeshService
        {
            Name = name[1],
            Namespace = name[0],
            Hostname = name[1],
            Canonical = canonical,
            Visibility = isPrivate ? ServiceVisibility.Namespace : ServiceVisibility.Public,
            Addresses =
            [
                new ServiceAddress(
                    "",
                    IPAddress.Parse(address[0]),
                    address.Length > 1 ? int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture) : null),
            ],
        };
    }
}
