using Ambient.Core.Addresses;
using Ambient.Core.Identity;

namespace Ambient.Policy.Rules;

/// <summary>Caller, source and destination of one connection, parsed once and shown to every rule.</summary>
internal readonly ref struct Facts
{
    public Facts(in ConnectionFacts facts, Span<char> principalBuffer)
        : this(facts, facts.Peer.VerifiedId, principalBuffer)
    {
    }

    /// <param name="judged">Peer, or whom it speaks for.</param>
    public Facts(in ConnectionFacts facts, SpiffeId? judged, Span<char> principalBuffer)
    {
        Caller = new CallerText(judged, principalBuffer);
        Source = AddressBits.Of(facts.SourceAddress);
        Destination = AddressBits.Of(facts.Destination.Address);
        DestinationPort = (ushort)facts.Destination.Port;
    }

    public CallerText Caller { get; }

    public AddressBits Source { get; }

    public AddressBits Destination { get; }

    public ushort DestinationPort { get; }
}
