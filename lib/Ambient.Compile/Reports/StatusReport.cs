using System.Collections.Immutable;

namespace Ambient.Compile.Reports;

/// <summary>What to write in the status of one object. Equality is structural, so that an unchanged report is not written again.</summary>
public sealed record StatusReport
{
    /// <summary>How a Gateway API status says that an entry is ours.</summary>
    public const string Controller = "ambient.dev/gateway-controller";

    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary><c>metadata.generation</c> that was judged; 0 offline.</summary>
    public long Generation { get; init; }

    /// <summary>Goes to <c>status.conditions</c>, each with <c>observedGeneration</c>.</summary>
    public ImmutableArray<Condition> Conditions { get; init; } = [];

    /// <summary>A route's <c>status.parents</c>: ours among others'.</summary>
    public ImmutableArray<ParentReport> Parents { get; init; } = [];

    /// <summary>True for kinds whose status has parents, be there one or none.</summary>
    public bool IsOfRoute => ApiVersion.StartsWith("gateway.networking.k8s.io/", StringComparison.Ordinal) && Kind.EndsWith("Route", StringComparison.Ordinal);

    /// <summary>A policy's <c>status.ancestors</c>: ours among others'.</summary>
    public ImmutableArray<ParentReport> Ancestors { get; init; } = [];

    /// <summary>True for kinds whose status has ancestors, be there one or none.</summary>
    public bool IsOfAttachedPolicy => Kind == "BackendTLSPolicy";

    /// <summary>A GatewayClass's <c>status.supportedFeatures</c>, in order; null for other kinds.</summary>
    public ImmutableArray<string>? SupportedFeatures { get; init; }

    /// <summary><c>status.listeners</c> of a Gateway or ListenerSet, all of them.</summary>
    public ImmutableArray<ListenerReport> Listeners { get; init; } = [];

    /// <summary>A Gateway's <c>status.attachedListenerSets</c>; null where nothing has to do with ListenerSets, and for other kinds.</summary>
    public int? AttachedListenerSets { get; init; }

    /// <summary><c>status.addresses</c> of a Gateway or ServiceEntry, all of them; null where there are none of ours to write.</summary>
    public ImmutableArray<ReportedAddress>? Addresses { get; init; }

    public bool Equals(StatusReport? other) =>
        other is not null && ApiVersion == other.ApiVersion && Kind == other.Kind && Namespace == other.Namespace
        && Name == other.Name && Generation == other.Generation && Conditions.SequenceEqual(other.Conditions)
        && Parents.SequenceEqual(other.Parents) && Ancestors.SequenceEqual(other.Ancestors)
        && (SupportedFeatures ?? []).SequenceEqual(other.SupportedFeatures ?? []) && Listeners.SequenceEqual(other.Listeners) && AttachedListenerSets == other.AttachedListenerSets
        && (Addresses is { } mine ? other.Addresses is { } theirs && mine.SequenceEqual(theirs) : other.Addresses is null);

    public override int GetHashCode() => HashCode.Combine(Kind, Namespace, Name, Generation, Conditions.Length);
}
