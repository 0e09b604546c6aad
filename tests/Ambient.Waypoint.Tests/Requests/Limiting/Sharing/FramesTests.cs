using Ambient.Routing.Resilience;
using Ambient.Waypoint.Requests.Limiting.Sharing;

namespace Ambient.Waypoint.Tests.Requests.Limiting.Sharing;

public sealed class FramesTests
{
    [Fact]
    public void Frames_Written_ReadBackTheSame()
    {
        Random random = new(7);
        byte[] bytes = new byte[PeerQuestion.Size];
        for (int i = 0; i < 1000; i++)
        {
            PeerQuestion question = new(
                (uint)random.Next(), random.Next(2) == 0, new BucketId(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()), BucketId.Hash($"{i}")),
                random.NextInt64(1, 1_000_000_000), random.NextInt64(1, 1_000_000_000), random.NextInt64(1, TimeSpan.FromDays(1).Ticks), random.Next(2) == 0);
            question.Write(bytes);
            Assert.True(PeerQuestion.TryRead(bytes, out PeerQuestion read));
            Assert.Equal(question, read);

            bool taken = random.Next(2) == 0;
            PeerAnswer answer = new((uint)random.Next(), random.Next(3) == 0 ? null
                : new TokenVerdict(taken, random.NextInt64(1_000_000_000), random.NextInt64(1_000_000_000), TimeSpan.FromTicks(random.NextInt64(TimeSpan.FromDays(1).Ticks))) { Taken = taken });
            answer.Write(bytes);
            Assert.True(PeerAnswer.TryRead(bytes, out PeerAnswer readAnswer));
            Assert.Equal(answer, readAnswer);
        }
    }

    [Fact]
    public void Frames_OfAnything_AreRefusedOrHarmless()
    {
        Random random = new(8);
        byte[] bytes = new byte[PeerQuestion.Size];
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            bytes[4] = (byte)random.Next(4);
            bytes[5] = (byte)random.Next(3);
            if (PeerQuestion.TryRead(bytes, out PeerQuestion question))
            {
                Assert.InRange(question.Limit.Burst, 1, 1_000_000_000);
                Assert.InRange(question.Limit.Interval, TimeSpan.FromTicks(1), TimeSpan.FromDays(1));
            }

            if (PeerAnswer.TryRead(bytes, out PeerAnswer answer))
            {
                Assert.False(answer.Verdict is { Remaining: < 0 } or { Limit: < 0 });
            }
        }
    }
}
