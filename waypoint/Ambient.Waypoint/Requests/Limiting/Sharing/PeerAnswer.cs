using System.Buffers.Binary;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>What the replica that counts says. Big-endian, 29 bytes: id 4, kind 1 (0 no token, 1 a token, 2 cannot say), size 8, remaining 8, wait in ticks of 100 ns 8.</summary>
/// <param name="Verdict">Null: it cannot say.</param>
internal readonly record struct PeerAnswer(uint Id, TokenVerdict? Verdict)
{
    public const int Size = 29;

    private const byte Refused = 0, Taken = 1, Unknown = 2;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, Id);
        to[4] = Verdict is not { } verdict ? Unknown : verdict.Allowed ? Taken : Refused;
        BinaryPrimitives.WriteInt64BigEndian(to[5..], Verdict?.Limit ?? 0);
        BinaryPrimitives.WriteInt64BigEndian(to[13..], Verdict?.Remaining ?? 0);
        BinaryPrimitives.WriteInt64BigEndian(to[21..], Verdict?.Wait.Ticks ?? 0);
    }

    /// <summary>False for what no replica writes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out PeerAnswer answer)
    {
        bool taken = from[4] == Taken;
        long size = BinaryPrimitives.ReadInt64BigEndian(from[5..]), remaining = BinaryPrimitives.ReadInt64BigEndian(from[13..]), wait = BinaryPrimitives.ReadInt64BigEndian(from[21..]);
        answer = new PeerAnswer(
            BinaryPrimitives.ReadUInt32BigEndian(from),
            from[4] == Unknown ? null : new TokenVerdict(taken, size, remaining, TimeSpan.FromTicks(wait)) { Taken = taken });
        return from[4] <= Unknown && size >= 0 && remaining >= 0 && wait >= 0;
    }
}
