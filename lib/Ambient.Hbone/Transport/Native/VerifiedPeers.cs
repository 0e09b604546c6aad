using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;
using Ambient.Identity.Peers;
using Ambient.Identity.Trust;

namespace Ambient.Hbone.Transport.Native;

/// <summary>
/// Chains that were verified lately against one bundle, so that a peer that comes back costs a hash and not a chain of signatures.
/// Safe because the verdict is a function of the presented certificates, byte by byte (their SHA-256), of the bundle (a cache each, and new roots are
/// a new bundle), of the trust policy, of the role and of the time alone: a verdict stands for a few minutes at most and never past
/// the end of the leaf. Only "verified" is remembered. That the peer holds the leaf's key is proven by each handshake itself, and whether its
/// identity is the expected one is asked each time.
/// </summary>
internal sealed class VerifiedPeers
{
    private const int Bound = 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly ConditionalWeakTable<TrustBundle, VerifiedPeers> Bundles = [];

    private readonly ConcurrentDictionary<Key, Entry> _entries = new();

    public static PeerVerification Verify(
        byte[] leaf, IReadOnlyList<byte[]> others, TrustBundle bundle, TrustPolicy trust, PeerRole role, TimeProvider time) =>
        Bundles.GetValue(bundle, static _ => new VerifiedPeers()).Verify(new Key(Digest(leaf, others), trust, role), leaf, others, bundle, time);

    private PeerVerification Verify(Key key, byte[] leaf, IReadOnlyList<byte[]> others, TrustBundle bundle, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_entries.TryGetValue(key, out Entry known) && now >= known.From && now < known.Until)
        {
            return new PeerVerification.Verified(known.Id);
        }

        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(leaf);
        X509Certificate2[] intermediates = [.. others.Select(X509CertificateLoader.LoadCertificate)];
        try
        {
            PeerVerification verification = PeerVerifier.Verify(certificate, intermediates, bundle, key.Trust, key.Role, time);
            if (verification is PeerVerification.Verified verified)
            {
                Remember(key, new Entry(verified.Id, now, Earlier(now + Longest, certificate.NotAfter)));
            }

            return verification;
        }
        finally
        {
            foreach (X509Certificate2 intermediate in intermediates)
            {
                intermediate.Dispose();
            }
        }
    }

    // Peers of one node are few; whoever makes many identities only makes us forget.
    private void Remember(Key key, Entry entry)
    {
        if (_entries.Count >= Bound)
        {
            _entries.Clear();
        }

        _entries[key] = entry;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    // Lengths go in too: the same bytes cut otherwise are another chain.
    private static UInt128Pair Digest(byte[] leaf, IReadOnlyList<byte[]> others)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, leaf);
        foreach (byte[] other in others)
        {
            Append(hash, other);
        }

        UInt128Pair digest = default;
        hash.GetHashAndReset(MemoryMarshal.AsBytes(new Span<UInt128Pair>(ref digest)));
        return digest;
    }

    private static void Append(IncrementalHash hash, byte[] der)
    {
        int length = der.Length;
        hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref length)));
        hash.AppendData(der);
    }

    private record struct UInt128Pair(UInt128 High, UInt128 Low);

    private readonly record struct Key(UInt128Pair Chain, TrustPolicy Trust, PeerRole Role);

    private readonly record struct Entry(SpiffeId Id, DateTimeOffset From, DateTimeOffset Until);
}
