namespace Ambient.Core.Routes;

/// <summary>A share of a rule's requests.</summary>
public sealed record WeightedBackend
{
    public required BackendTarget Target { get; init; }

    /// <summary>Share among the sum of the rule's weights; 0 takes nothing unless it is alone.</summary>
    public uint Weight { get; init; } = 1;

    /// <summary>Applied before those of the rule.</summary>
    public HeaderChange RequestHeaders { get; init; } = HeaderChange.None;

    /// <inheritdoc cref="RequestHeaders"/>
    public HeaderChange ResponseHeaders { get; init; } = HeaderChange.None;

    /// <summary>Instead of the rule's; null: the rule's.</summary>
    public UrlRewrite? Rewrite { get; init; }

    /// <summary>Set when the reference is not valid: its share of the requests gets this answer.</summary>
    public RouteAction.Fail? Invalid { get; init; }
}
