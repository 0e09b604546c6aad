using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Addresses;
using Ambient.Core.Policies;

namespace Ambient.Policy.Rules;

/// <summary>
/// A <see cref="PolicyMatch"/> ready to compare: fields AND, values OR, a <c>Not…</c> field holds when none of its values match.
/// Without identity the positive identity fields never match and their negations always do.
/// </summary>
internal sealed class CompiledMatch
{
    private readonly PolicyMatch _match;
    private readonly bool _whenEmpty;
    private readonly ImmutableArray<Cidr> _sourceIps;
    private readonly ImmutableArray<Cidr> _notSourceIps;
    private readonly ImmutableArray<Cidr> _destinationIps;
    private readonly ImmutableArray<Cidr> _notDestinationIps;

    /// <param name="whenEmpty">What a match without fields says. The decoder refuses one; should it come another way, it denies.</param>
    public CompiledMatch(PolicyMatch match, bool whenEmpty)
    {
        _match = match;
        _whenEmpty = whenEmpty;
        _sourceIps = [.. match.SourceIps.Select(Cidr.Of)];
        _notSourceIps = [.. match.NotSourceIps.Select(Cidr.Of)];
        _destinationIps = [.. match.DestinationIps.Select(Cidr.Of)];
        _notDestinationIps = [.. match.NotDestinationIps.Select(Cidr.Of)];
    }

    public bool Matches(in Facts facts) => FirstFieldAgainst(facts) is MatchField.None;

    /// <summary>The first field that keeps the match from holding; <see cref="MatchField.None"/> when it holds.</summary>
    public MatchField FirstFieldAgainst(in Facts facts)
    {
        if (_match.IsEmpty)
        {
            return _whenEmpty ? MatchField.None : MatchField.Empty;
        }

        MatchField identity = IdentityFieldAgainst(facts.Caller);
        return identity is MatchField.None ? AddressFieldAgainst(facts) : identity;
    }

    private MatchField IdentityFieldAgainst(in CallerText caller)
    {
        if (!Holds(_match.Namespaces, caller.HasIdentity && Any(_match.Namespaces, caller.Identity.Namespace)))
        {
            return MatchField.Namespaces;
        }

        if (!Holds(_match.Principals, caller.HasIdentity && Any(_match.Principals, caller.Principal)))
        {
            return MatchField.Principals;
        }

        if (!Holds(_match.ServiceAccounts, caller.HasIdentity && Any(_match.ServiceAccounts, caller)))
        {
            return MatchField.ServiceAccounts;
        }

        if (!caller.HasIdentity)
        {
            return MatchField.None;
        }

        return Any(_match.NotNamespaces, caller.Identity.Namespace) ? MatchField.NotNamespaces
            : Any(_match.NotPrincipals, caller.Principal) ? MatchField.NotPrincipals
            : Any(_match.NotServiceAccounts, caller) ? MatchField.NotServiceAccounts
            : MatchField.None;
    }

    private MatchField AddressFieldAgainst(in Facts facts) =>
        !Holds(_sourceIps, Any(_sourceIps, facts.Source)) ? MatchField.SourceIps
        : Any(_notSourceIps, facts.Source) ? MatchField.NotSourceIps
        : !Holds(_destinationIps, Any(_destinationIps, facts.Destination)) ? MatchField.DestinationIps
        : Any(_notDestinationIps, facts.Destination) ? MatchField.NotDestinationIps
        : !Holds(_match.DestinationPorts, _match.DestinationPorts.AsSpan().Contains(facts.DestinationPort)) ? MatchField.DestinationPorts
        : _match.NotDestinationPorts.AsSpan().Contains(facts.DestinationPort) ? MatchField.NotDestinationPorts
        : MatchField.None;

    private static bool Holds<T>(ImmutableArray<T> field, bool anyValue) => field.IsEmpty || anyValue;

    private static bool Any(ImmutableArray<StringMatch> values, ReadOnlySpan<char> text)
    {
        foreach (StringMatch value in values)
        {
            if (value.Matches(text))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Any(ImmutableArray<NamespacedName> values, in CallerText caller)
    {
        foreach (NamespacedName value in values)
        {
            if (string.Equals(value.Namespace, caller.Identity.Namespace, StringComparison.Ordinal)
                && string.Equals(value.Name, caller.Identity.ServiceAccount, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Any(ImmutableArray<Cidr> ranges, AddressBits address)
    {
        foreach (Cidr range in ranges)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
