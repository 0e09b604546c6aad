using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Services;

namespace Ambient.Policy;

/// <summary>What is to be done with an inbound connection.</summary>
/// <param name="Status">
/// HBONE: 200, or the status to answer with (400 wrong destination, 401 not allowed, 503 cannot). Plaintext has no answer; the
/// number then only tells the kind.
/// </param>
/// <param name="Target">Where the application listens; null when not allowed.</param>
/// <param name="Policy">The policies' decision, null when it did not come to that.</param>
/// <param name="Reason">One line for people.</param>
/// <param name="Service">The service that the caller named by host name or VIP, when it did.</param>
public sealed record InboundDecision(
    bool Allowed, int Status, IPEndPoint? Target, Decision? Policy, string Reason, MeshService? Service)
{
    /// <summary>Whom the peer, being the destination's waypoint, speaks for; null: for itself.</summary>
    public SpiffeId? Caller { get; init; }

    /// <summary>Why the peer was not believed that it speaks for somebody; null when it did not say so, or was.</summary>
    public string? CallerIgnored { get; init; }
}
