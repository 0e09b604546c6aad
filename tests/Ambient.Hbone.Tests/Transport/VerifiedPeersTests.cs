using Ambient.Hbone.Transport.Native;
using Ambient.Identity.Peers;
using Ambient.Identity.Svids;
using Ambient.Testing;

namespace Ambient.Hbone.Tests.Transport;

/// <summary>A remembered verdict stands for what it was given for and nothing else.</summary>
public sealed class VerifiedPeersTests
{
    private static readonly ManualTime Time = new();

    [Fact]
    public void Verify_KnownChainAfterItsEnd_IsRefused()
    {
        ManualTime time = new();
        TestCa ca = new(time: time);
        Svid peer = ca.Issue("shop", "web", TimeSpan.FromMinutes(2));
        Assert.IsType<PeerVerification.Verified>(Verify(ca, peer, PeerRole.Client, time));
        Assert.IsType<PeerVerification.Verified>(Verify(ca, peer, PeerRole.Client, time));
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.IsType<PeerVerification.Refused>(Verify(ca, peer, PeerRole.Client, time));
    }

    [Fact]
    public void Verify_KnownChainUnderOtherRootsOrOtherTrust_IsRefused()
    {
        TestCa ca = new(time: Time);
        Svid peer = ca.Issue("shop", "web");
        Assert.IsType<PeerVerification.Verified>(Verify(ca, peer, PeerRole.Client, Time));
        Assert.IsType<PeerVerification.Refused>(VerifiedPeers.Verify(
            peer.Certificate.RawData, [], new TestCa(time: Time).Bundle, ca.Trust, PeerRole.Client, Time));
        Assert.IsType<PeerVerification.Refused>(VerifiedPeers.Verify(
            peer.Certificate.RawData, [], ca.Bundle, new("other.domain"), PeerRole.Client, Time));
    }

    [Fact]
    public void Verify_ChangedByte_IsNotTheKnownChain()
    {
        TestCa ca = new(time: Time);
        Svid peer = ca.Issue("shop", "web");
        Assert.IsType<PeerVerification.Verified>(Verify(ca, peer, PeerRole.Client, Time));
        byte[] changed = [.. peer.Certificate.RawData];
        changed[^1] ^= 1;
        Assert.IsType<PeerVerification.Refused>(VerifiedPeers.Verify(changed, [], ca.Bundle, ca.Trust, PeerRole.Client, Time));
    }

    private static PeerVerification Verify(TestCa ca, Svid peer, PeerRole role, TimeProvider time) =>
        VerifiedPeers.Verify(peer.Certificate.RawData, [], ca.Bundle, ca.Trust, role, time);
}
