using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Authorization;

/// <summary>What the providers say. Headers are lower-case, values checked.</summary>
internal sealed record ProviderAnswer
{
    public static ProviderAnswer Yes { get; } = new() { Allowed = true };

    public required bool Allowed { get; init; }

    /// <summary>The provider that refused; empty when all allowed.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Status for the client, when refused.</summary>
    public int Status { get; init; } = 403;

    /// <summary>One line for access log and <c>ambient-reason</c>; when refused.</summary>
    public string Reason { get; init; } = "";

    /// <summary>True: no provider answered, so this is our own answer (flag UAEX).</summary>
    public bool Failed { get; init; }

    /// <summary>Body for the client, when refused by the provider itself.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What the request gets before it goes on.</summary>
    public HeaderChange RequestHeaders { get; init; } = HeaderChange.None;

    /// <summary>Headers for the client: of the refusal, or beside the backend's answer.</summary>
    public ImmutableArray<HeaderValue> ResponseHeaders { get; init; } = [];
}
