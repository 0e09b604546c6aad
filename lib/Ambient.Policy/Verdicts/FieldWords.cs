using System.Collections.Immutable;
using Ambient.Core.Identity;
using Ambient.Core.Policies;
using Ambient.Policy.Rules;

namespace Ambient.Policy.Verdicts;

/// <summary>One field of a match in words.</summary>
internal static class FieldWords
{
    private const int MaxValues = 6;

    /// <summary>Why this field keeps the match from holding.</summary>
    public static string Against(MatchField field, PolicyMatch match, in ConnectionFacts facts)
    {
        SpiffeId? id = facts.Peer.VerifiedId;
        return field switch
        {
            MatchField.Namespaces => Missing("namespace", id?.Namespace, match.Namespaces),
            MatchField.Principals => Missing("principal", id?.Principal, match.Principals),
            MatchField.ServiceAccounts => Missing("service account", Account(id), match.ServiceAccounts),
            MatchField.NotNamespaces => Excluded("namespace", id?.Namespace, match.NotNamespaces),
            MatchField.NotPrincipals => Excluded("principal", id?.Principal, match.NotPrincipals),
            MatchField.NotServiceAccounts => Excluded("service account", Account(id), match.NotServiceAccounts),
            MatchField.SourceIps => Missing("source address", Text(facts.SourceAddress), match.SourceIps),
            MatchField.NotSourceIps => Excluded("source address", Text(facts.SourceAddress), match.NotSourceIps),
            MatchField.DestinationIps => Missing("destination address", Text(facts.Destination.Address), match.DestinationIps),
            MatchField.NotDestinationIps => Excluded("destination address", Text(facts.Destination.Address), match.NotDestinationIps),
            MatchField.DestinationPorts => Missing("port", Port(facts), match.DestinationPorts),
            MatchField.NotDestinationPorts => Excluded("port", Port(facts), match.NotDestinationPorts),
            MatchField.Empty => "an empty match, which allows nothing",
            MatchField.None => "holds",
            _ => throw new InvalidOperationException($"unknown match field {field}"),
        };
    }

    /// <summary>Every field that a match asks for, all of which hold.</summary>
    public static string Holding(PolicyMatch match, in ConnectionFacts facts)
    {
        SpiffeId? id = facts.Peer.VerifiedId;
        List<string> parts = [];
        In(parts, "namespace", id?.Namespace, match.Namespaces);
        In(parts, "principal", id?.Principal, match.Principals);
        In(parts, "service account", Account(id), match.ServiceAccounts);
        NotIn(parts, "namespace", id?.Namespace, match.NotNamespaces);
        NotIn(parts, "principal", id?.Principal, match.NotPrincipals);
        NotIn(parts, "service account", Account(id), match.NotServiceAccounts);
        In(parts, "source address", Text(facts.SourceAddress), match.SourceIps);
        NotIn(parts, "source address", Text(facts.SourceAddress), match.NotSourceIps);
        In(parts, "destination address", Text(facts.Destination.Address), match.DestinationIps);
        NotIn(parts, "destination address", Text(facts.Destination.Address), match.NotDestinationIps);
        In(parts, "port", Port(facts), match.DestinationPorts);
        NotIn(parts, "port", Port(facts), match.NotDestinationPorts);
        return parts.Count == 0 ? "an empty match, which denies" : string.Join(", ", parts);
    }

    private static void In<T>(List<string> parts, string what, string? value, ImmutableArray<T> wanted)
    {
        if (!wanted.IsEmpty)
        {
            parts.Add($"{what} {value} is in {List(wanted)}");
        }
    }

    private static void NotIn<T>(List<string> parts, string what, string? value, ImmutableArray<T> excluded)
    {
        if (!excluded.IsEmpty)
        {
            parts.Add(value is null
                ? $"no verified identity, so not {what} {List(excluded)}"
                : $"{what} {value} is not in {List(excluded)}");
        }
    }

    private static string Missing<T>(string what, string? value, ImmutableArray<T> wanted) => value is null
        ? $"no verified identity, {what} {List(wanted)} is required"
        : $"{what} {value} is not in {List(wanted)}";

    private static string Excluded<T>(string what, string? value, ImmutableArray<T> excluded) =>
        $"{what} {value} is in {List(excluded)}, which is excluded";

    private static string? Account(SpiffeId? id) => id is { } known ? $"{known.Namespace}/{known.ServiceAccount}" : null;

    private static string Port(in ConnectionFacts facts) =>
        facts.Destination.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(System.Net.IPAddress address) =>
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private static string List<T>(ImmutableArray<T> values) =>
        $"[{string.Join(", ", values.Take(MaxValues))}{(values.Length > MaxValues ? $", … {values.Length - MaxValues} more" : "")}]";
}
