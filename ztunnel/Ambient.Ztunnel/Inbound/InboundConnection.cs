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

    internal InboundDecision Decide(MeshSnapshot snapshot)
    {
        Local = pod.LocalNow();
        return Authority is { } authority
            ? InboundGate.Hbone(snapshot, Local, Peer, Source, AcceptedOn, authority)
            : InboundGate.Plaintext(snapshot, Local, Source, AcceptedOn);
    }

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
