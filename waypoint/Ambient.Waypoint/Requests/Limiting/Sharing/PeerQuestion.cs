using System.Buffers.Binary;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>
/// What one replica asks the one that counts: a token of a bucket, or to take one back. Big-endian, 62 bytes:
/// id 4, kind 1 (1 take, 2 give back), filled at once 1, burst 8, tokens 8, interval in ticks of 100 ns 8, limit 16, key 16.
/// </summary>
/// <param name="Id">Of the answer; a token that is given back has none.</param>
internal readonly record struct PeerQuestion(uint Id, bool GivesBack, BucketId Bucket, long Burst, long Tokens, long IntervalTicks, bool FillAtOnce)
{
    public const int Size = 62;

    /// <summary>First byte of a stream from the replica that asks.</summary>
    public const byte Version = 1;

    private const byte Take = 1, GiveBack = 2;

    public static PeerQuestion Of(RateLimit limit, BucketId bucket) => new(0, false, bucket, limit.Burst, limit.Tokens, limit.Interval.Ticks, limit.FillAtOnce);

    /// <summary>The limit as far as a bucket needs it.</summary>
    public RateLimit Limit => new()
    {
        Origin = new RouteOrigin("", "", "", 0),
        Burst = Burst,
        Tokens = Tokens,
        Interval = TimeSpan.FromTicks(IntervalTicks),
        FillAtOnce = FillAtOnce,
    };

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, Id);
        to[4] = GivesBack ? GiveBack : Take;
        to[5] = FillAtOnce ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(to[6..], Burst);
        BinaryPrimitives.WriteInt64BigEndian(to[14..], Tokens);
        BinaryPrimitives.WriteInt64BigEndian(to[22..], IntervalTicks);
        BinaryPrimitives.WriteUInt128BigEndian(to[30..], Bucket.Limit);
        BinaryPrimitives.WriteUInt128BigEndian(to[46..], Bucket.Key);
    }

    /// <summary>False for what no replica writes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out PeerQuestion question)
    {
        question = new PeerQuestion(
            BinaryPrimitives.ReadUInt32BigEndian(from),
            from[4] == GiveBack,
            new BucketId(BinaryPrimitives.ReadUInt128BigEndian(from[30..]), BinaryPrimitives.ReadUInt128BigEndian(from[46..])),
            BinaryPrimitives.ReadInt64BigEndian(from[6..]),
            BinaryPrimitives.ReadInt64BigEndian(from[14..]),
            BinaryPrimitives.ReadInt64BigEndian(from[22..]),
            from[5] == 1);
        return from[4] is Take or GiveBack && from[5] <= 1 && question is { Burst: > 0 and <= 1_000_000_000, Tokens: > 0 and <= 1_000_000_000 }
            && question.IntervalTicks > 0 && question.IntervalTicks <= TimeSpan.FromDays(1).Ticks;
    }
}
