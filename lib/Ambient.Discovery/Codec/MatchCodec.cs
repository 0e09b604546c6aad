using System.Net;
using Ambient.Core;
using Ambient.Core.Policies;
using Google.Protobuf.WellKnownTypes;
using Proto = Istio.Security;

namespace Ambient.Discovery.Codec;

/// <summary>istio.security.Match.</summary>
internal static class MatchCodec
{
    public static Proto.Match ToProto(PolicyMatch match) => new()
    {
        Namespaces = { match.Namespaces.Select(StringOf) },
        NotNamespaces = { match.NotNamespaces.Select(StringOf) },
        Principals = { match.Principals.Select(StringOf) },
        NotPrincipals = { match.NotPrincipals.Select(StringOf) },
        ServiceAccounts = { match.ServiceAccounts.Select(AccountOf) },
        NotServiceAccounts = { match.NotServiceAccounts.Select(AccountOf) },
        SourceIps = { match.SourceIps.Select(RangeOf) },
        NotSourceIps = { match.NotSourceIps.Select(RangeOf) },
        DestinationIps = { match.DestinationIps.Select(RangeOf) },
        NotDestinationIps = { match.NotDestinationIps.Select(RangeOf) },
        DestinationPorts = { match.DestinationPorts.Select(port => (uint)port) },
        NotDestinationPorts = { match.NotDestinationPorts.Select(port => (uint)port) },
    };

    public static PolicyMatch FromProto(Proto.Match proto, string field)
    {
        if (proto.Extensions.Count > 0)
        {
            throw new CodecException($"{field}.extensions", "a condition that is not known here would be left out");
        }

        var match = new PolicyMatch
        {
            Namespaces = Wire.List(proto.Namespaces, $"{field}.namespaces", StringFrom),
            NotNamespaces = Wire.List(proto.NotNamespaces, $"{field}.not_namespaces", StringFrom),
            Principals = Wire.List(proto.Principals, $"{field}.principals", StringFrom),
            NotPrincipals = Wire.List(proto.NotPrincipals, $"{field}.not_principals", StringFrom),
            ServiceAccounts = Wire.List(proto.ServiceAccounts, $"{field}.service_accounts", AccountFrom),
            NotServiceAccounts = Wire.List(proto.NotServiceAccounts, $"{field}.not_service_accounts", AccountFrom),
            SourceIps = Wire.List(proto.SourceIps, $"{field}.source_ips", RangeFrom),
            NotSourceIps = Wire.List(proto.NotSourceIps, $"{field}.not_source_ips", RangeFrom),
            DestinationIps = Wire.List(proto.DestinationIps, $"{field}.destination_ips", RangeFrom),
            NotDestinationIps = Wire.List(proto.NotDestinationIps, $"{field}.not_destination_ips", RangeFrom),
            DestinationPorts = Wire.List(proto.DestinationPorts, $"{field}.destination_ports", Wire.Port),
            NotDestinationPorts = Wire.List(proto.NotDestinationPorts, $"{field}.not_destination_ports", Wire.Port),
        };
        return match.IsEmpty ? throw new CodecException(field, "has no condition") : match;
    }

    private static Proto.StringMatch StringOf(StringMatch match) => match.Kind switch
    {
        StringMatchKind.Exact => new() { Exact = match.Value },
        StringMatchKind.Prefix => new() { Prefix = match.Value },
        StringMatchKind.Suffix => new() { Suffix = match.Value },
        _ => new() { Presence = new Empty() },
    };

    private static StringMatch StringFrom(Proto.StringMatch proto, string field) => proto.MatchTypeCase switch
    {
        Proto.StringMatch.MatchTypeOneofCase.Exact => new(StringMatchKind.Exact, Wire.Required(proto.Exact, $"{field}.exact")),
        Proto.StringMatch.MatchTypeOneofCase.Prefix => new(StringMatchKind.Prefix, Wire.Required(proto.Prefix, $"{field}.prefix")),
        Proto.StringMatch.MatchTypeOneofCase.Suffix => new(StringMatchKind.Suffix, Wire.Required(proto.Suffix, $"{field}.suffix")),
        Proto.StringMatch.MatchTypeOneofCase.Presence => StringMatch.Presence,
        _ => throw new CodecException(field, "says neither exact, prefix, suffix nor presence"),
    };

    private static Proto.ServiceAccountMatch AccountOf(NamespacedName account) =>
        new() { Namespace = account.Namespace, ServiceAccount = account.Name };

    private static NamespacedName AccountFrom(Proto.ServiceAccountMatch proto, string field) =>
        new(Wire.Required(proto.Namespace, $"{field}.namespace"), Wire.Required(proto.ServiceAccount, $"{field}.serviceAccount"));

    private static Proto.Address RangeOf(IPNetwork range) =>
        new() { Address_ = Wire.Bytes(range.BaseAddress), Length = (uint)range.PrefixLength };

    private static IPNetwork RangeFrom(Proto.Address proto, string field) => Wire.Range(proto.Address_, proto.Length, field);
}
