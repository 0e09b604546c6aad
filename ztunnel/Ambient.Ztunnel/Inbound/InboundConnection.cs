using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Policy;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Inbound;

/// <summary>A connection that arrives at the pod; the same gate decides at first and after every change.</summary>
internal sealed class InboundConnection(PodContext pod) : TrackedConnection
{
    internal override Direction Direction => Direction.Inbound;

    /// <summary>Who sent the CONNECT; <see cref="PeerIdentity.Plaintext"/> without a tunnel.</summary>
    internal required PeerIdentity Peer { get; init; }

    /// <summary>Address and port that the tunnel was accepted on, or the original destination of plaintext.</summary>
    internal required IPEndPoint AcceptedOn { get; init; }

    /// <summary>Of the CONNECT; null over plaintext.</summary>
    internal string? Authority { get; init; }

    /// <summary>Whom the peer says it speaks for, as received; null: nobody.</summary>
    internal string? SaidCaller { get; init; }

    internal InboundDecision Decide(MeshSnapshot snapshot)
    {
        Local = pod.LocalNow();
        InboundDecision decision = Authority is { } authority
            ? InboundGate.Hbone(snapshot, Local, Peer, Source, AcceptedOn, authority, SaidCaller)
            : InboundGate.Plaintext(snapshot, Local, Source, AcceptedOn);
        (CallerId, CallerIgnored) = (decision.Caller, decision.CallerIgnored);
        return decision;
    }

    // Who may speak for others hangs on services and their waypoints, which are not the ones that this connection names.
    internal override bool ConcernedBy(MeshChange change) => base.ConcernedBy(change) || (SaidCaller is not null && change.TouchesServices);

    internal override string? Objection(MeshSnapshot snapshot)
    {
        InboundDecision decision = Decide(snapshot);
        if (decision.Allowed)
        {
            return null;
        }

        Policy = decision.Policy;
        Flags = ResponseFlags.Deny;
        return $"connection closed due to policy change: {decision.Reason}";
    }
}
