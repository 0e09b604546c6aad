using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>How often and when a request is sent again.</summary>
public sealed record RetryPolicy
{
    public static RetryPolicy Off { get; } = new();

    /// <summary>Further attempts after the first; 0: none.</summary>
    public int Attempts { get; init; }

    /// <summary>
    /// Conditions that a person asked for; they hold for every method. <see cref="RetryOn.None"/>: what is safe (connect failures and refused
    /// streams for all, others for idempotent requests).
    /// </summary>
    public RetryOn On { get; init; }

    /// <summary>The words for <see cref="On"/> in the order of whoever wrote them, for people; empty when nobody wrote any.</summary>
    public string Written { get; init; } = "";

    /// <summary>Statuses that the backend sent, for <see cref="RetryOn.StatusCodes"/>.</summary>
    public ImmutableArray<int> Codes { get; init; } = [];

    /// <summary>For <see cref="RetryOn.ResponseHeaders"/>.</summary>
    public ImmutableArray<NamedMatch> ResponseHeaders { get; init; } = [];

    /// <summary>Null: the request's.</summary>
    public TimeSpan? PerTryTimeout { get; init; }

    /// <summary>Whether an attempt that <see cref="PerTryTimeout"/> ended is repeated; null: where <see cref="On"/> has 5xx, gateway-error or reset.</summary>
    public bool? AfterTimeout { get; init; }

    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Null: ten times the base.</summary>
    public TimeSpan? BackoffMax { get; init; }

    /// <summary>Null: the mesh's default.</summary>
    public RetryBudget? Budget { get; init; }

    /// <summary>False: an endpoint that failed is tried again only when no untried one remains.</summary>
    public bool SameEndpointAllowed { get; init; }
}
