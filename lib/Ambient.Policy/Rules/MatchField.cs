namespace Ambient.Policy.Rules;

/// <summary>The fields of a match, in the order in which they are compared.</summary>
internal enum MatchField
{
    None,

    /// <summary>The match has no fields at all.</summary>
    Empty,
    Namespaces,
    Principals,
    ServiceAccounts,
    NotNamespaces,
    NotPrincipals,
    NotServiceAccounts,
    SourceIps,
    NotSourceIps,
    DestinationIps,
    NotDestinationIps,
    DestinationPorts,
    NotDestinationPorts,
}
