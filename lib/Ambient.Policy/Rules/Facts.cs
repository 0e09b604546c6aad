using Ambient.Core.Addresses;

namespace Ambient.Policy.Rules;

/// <summary>Caller, source and destination of one connection, parsed once and shown to every rule.</summary>
internal readonly ref struct Facts
{
    public Facts(in ConnectionFacts facts, Span<char> principalBuffer)
    {
        Caller = new CallerText(facts.Peer.VerifiedId, principalBuffer);
        Source = AddressBits.Of(facts.SourceAddress);
        Destination = AddressBits.Of(facts.Destination.Address);
        DestinationPort = (ushort)facts.Destination.Port;
    }

    public CallerText Caller { get; }

    public AddressBits Source { get; }

    public AddressBits Destination { get; }

    public ushort DestinationPort { get; }
}
