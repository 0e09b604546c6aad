using System.Net;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Discovery.Codec;
using Google.Protobuf;
using Proto = Istio.Security;

namespace Ambient.Discovery.Tests.Codec;

public sealed class PolicyCodecTests
{
    private static PolicyMatch FullMatch => new()
    {
        Namespaces = [StringMatch.Parse("shop"), StringMatch.Parse("shop-*")],
        NotNamespaces = [StringMatch.Parse("*-test")],
        Principals = [StringMatch.Presence],
        NotPrincipals = [StringMatch.Parse("cluster.local/ns/a/sa/b")],
        ServiceAccounts = [new("shop", "web")],
        NotServiceAccounts = [new("shop", "old")],
        SourceIps = [IPNetwork.Parse("10.0.0.0/8")],
        NotSourceIps = [IPNetwork.Parse("10.1.0.0/16")],
        DestinationIps = [IPNetwork.Parse("fd00::/64")],
        NotDestinationIps = [IPNetwork.Parse("0.0.0.0/0")],
        DestinationPorts = [80, 65535],
        NotDestinationPorts = [81],
    };

    [Fact]
    public void RoundTrip_EveryFieldSet_ComesBack()
    {
        AuthorizationPolicy policy = Mesh.Policy() with
        {
            Scope = PolicyScope.WorkloadSelector,
            Action = PolicyAction.Deny,
            DryRun = true,
            Rules = [new([new([FullMatch, new() { DestinationPorts = [1] }]), new([FullMatch])]), new([])],
        };
        Same.Content(policy, Again(policy));
    }

    [Fact]
    public void RoundTrip_RulesAsWritten_KeepIndexAndClauses()
    {
        AuthorizationPolicy policy = Mesh.Policy() with
        {
            Rules =
            [
                new([new([FullMatch]) { Source = "from" }, new([FullMatch]) { Source = "when[3]" }]) { SourceRule = 2 },
                new([]) { SourceRule = 7 },
            ],
        };
        Same.Content(policy, Again(policy));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void FromProto_OriginOfOtherRules_IsRefused(int rules)
    {
        var origin = new Ambient.Policy.V1.PolicyOrigin { Kind = "AuthorizationPolicy", Namespace = "shop", Name = "p" };
        origin.Rules.AddRange(Enumerable.Range(0, rules).Select(_ => new Ambient.Policy.V1.RuleOrigin()));
        Proto.Authorization proto = PolicyCodec.ToProto(Mesh.Policy() with { Origin = null, Rules = [new([]), new([])] });
        proto.Extensions.Add(new Proto.Extension { Name = "ambient.dev/origin", Config = Google.Protobuf.WellKnownTypes.Any.Pack(origin) });

        Assert.Throws<CodecException>(() => PolicyCodec.FromProto(proto));
    }

    [Fact]
    public void RoundTrip_NoRulesNoOrigin_ComesBack()
    {
        AuthorizationPolicy policy = Mesh.Policy() with { Rules = [], Origin = null };
        Same.Content(policy, Again(policy));
    }

    [Fact]
    public void ToProto_WholeMessage_IsByteForByteThis()
    {
        AuthorizationPolicy policy = new()
        {
            Name = new NamespacedName("s", "p"),
            Scope = PolicyScope.WorkloadSelector,
            Action = PolicyAction.Deny,
            DryRun = true,
            Rules =
            [
                new([
                    new([
                        new()
                        {
                            Namespaces = [StringMatch.Parse("a")],
                            NotNamespaces = [StringMatch.Parse("a*")],
                            Principals = [StringMatch.Parse("*a")],
                            NotPrincipals = [StringMatch.Presence],
                            SourceIps = [IPNetwork.Parse("1.0.0.0/8")],
                            NotSourceIps = [IPNetwork.Parse("1.0.0.0/8")],
                            DestinationIps = [IPNetwork.Parse("1.0.0.0/8")],
                            NotDestinationIps = [IPNetwork.Parse("0.0.0.0/0")],
                            DestinationPorts = [80],
                            NotDestinationPorts = [81],
                            ServiceAccounts = [new("a", "b")],
                            NotServiceAccounts = [new("a", "b")],
                        },
                    ]),
                ]),
            ],
        };
        string match = string.Concat(
            "0A030A0161", // 1 namespaces: exact 1
            "1203120161", // 2 not_namespaces: prefix 2
            "1A031A0161", // 3 principals: suffix 3
            "22022200", // 4 not_principals: presence 4
            "2A080A04010000001008", // 5 source_ips: address 1, length 2
            "32080A04010000001008", // 6
            "3A080A04010000001008", // 7
            "42060A0400000000", // 8
            "4A0150", // 9 destination_ports
            "520151", // 10
            "5A060A0161120162", // 11 service_accounts: namespace 1, serviceAccount 2
            "62060A0161120162"); // 12
        string Nested(string tag, string inner) => tag + (inner.Length / 2).ToString("X2", System.Globalization.CultureInfo.InvariantCulture) + inner;
        string expected = "0A0170" + "120173" + "1802" + "2001" + Nested("2A", Nested("0A", Nested("0A", match))) + "3001";
        Assert.Equal(expected, Convert.ToHexString(PolicyCodec.ToProto(policy).ToByteArray()));
    }

    [Fact]
    public void FromProto_RangeWithHostBits_IsMasked()
    {
        Proto.Authorization proto = With(new Proto.Match { SourceIps = { Range([10, 1, 2, 3], 12) } });
        Assert.Equal(IPNetwork.Parse("10.0.0.0/12"), PolicyCodec.FromProto(proto).Rules[0].Clauses[0].Matches[0].SourceIps[0]);
    }

    public static TheoryData<string, Action<Proto.Authorization>> Bad => new()
    {
        { "name", p => p.Name = "" },
        { "scope", p => p.Scope = (Proto.Scope)3 },
        { "action", p => p.Action = (Proto.Action)2 },
        { "rules[0].clauses[0]", p => p.Rules[0].Clauses[0].Matches.Clear() },
        { "rules[0].clauses[0].matches[0]", p => p.Rules[0].Clauses[0].Matches[0] = new() },
        { "rules[0].clauses[0].matches[0].principals[0]", p => Match(p).Principals.Add(new Proto.StringMatch()) },
        { "rules[0].clauses[0].matches[0].not_namespaces[0].prefix", p => Match(p).NotNamespaces.Add(new Proto.StringMatch { Prefix = "" }) },
        { "rules[0].clauses[0].matches[0].source_ips[0]", p => Match(p).SourceIps.Add(Range([1, 2, 3, 4], 33)) },
        { "rules[0].clauses[0].matches[0].not_source_ips[0]", p => Match(p).NotSourceIps.Add(Range([1, 2, 3], 8)) },
        { "rules[0].clauses[0].matches[0].destination_ports[1]", p => Match(p).DestinationPorts.Add(65616) },
        { "rules[0].clauses[0].matches[0].not_destination_ports[0]", p => Match(p).NotDestinationPorts.Add(0) },
        { "rules[0].clauses[0].matches[0].service_accounts[0].namespace", p => Match(p).ServiceAccounts.Add(new Proto.ServiceAccountMatch { ServiceAccount = "a" }) },
        { "rules[0].clauses[0].matches[0].extensions", p => Match(p).Extensions.Add(new Proto.Extension { Name = "later" }) },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void FromProto_BadField_NamesIt(string field, Action<Proto.Authorization> spoil)
    {
        Proto.Authorization proto = With(new Proto.Match { DestinationPorts = { 80 } });
        spoil(proto);
        Assert.Equal(field, Assert.Throws<CodecException>(() => PolicyCodec.FromProto(proto)).Field);
    }

    [Fact]
    public void StandIn_OfRefusedAllow_AllowsNobody()
    {
        Proto.Authorization proto = With(new Proto.Match());
        AuthorizationPolicy standIn = PolicyCodec.StandIn(proto)!;
        Assert.Equal((PolicyAction.Allow, PolicyScope.Namespace, 0), (standIn.Action, standIn.Scope, standIn.Rules.Length));
    }

    [Fact]
    public void StandIn_OfRefusedDeny_DeniesEverybody()
    {
        Proto.Authorization proto = With(new Proto.Match());
        proto.Action = Proto.Action.Deny;
        AuthorizationPolicy standIn = PolicyCodec.StandIn(proto)!;
        Assert.Equal(PolicyAction.Deny, standIn.Action);
        Assert.Empty(Assert.Single(standIn.Rules).Clauses);
    }

    [Fact]
    public void StandIn_OfDryRun_IsNone()
    {
        Proto.Authorization proto = With(new Proto.Match());
        proto.DryRun = true;
        Assert.Null(PolicyCodec.StandIn(proto));
    }

    private static Proto.Authorization With(Proto.Match match) => new()
    {
        Name = "p",
        Namespace = "shop",
        Scope = Proto.Scope.Namespace,
        Rules = { new Proto.Rule { Clauses = { new Proto.Clause { Matches = { match } } } } },
    };

    private static Proto.Match Match(Proto.Authorization policy) => policy.Rules[0].Clauses[0].Matches[0];

    private static Proto.Address Range(byte[] address, uint length) => new() { Address_ = ByteString.CopyFrom(address), Length = length };

    private static AuthorizationPolicy Again(AuthorizationPolicy policy) =>
        PolicyCodec.FromProto(Proto.Authorization.Parser.ParseFrom(PolicyCodec.ToProto(policy).ToByteArray()));
}
