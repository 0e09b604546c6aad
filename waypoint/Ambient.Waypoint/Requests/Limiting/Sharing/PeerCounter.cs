using System.Buffers;
using System.IO.Pipelines;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>Answers another replica's questions on one stream until it ends; what no replica would write ends it.</summary>
internal sealed class PeerCounter(SharedBuckets buckets)
{
    public async Task ServeAsync(IDuplexPipe stream, CancellationToken ct)
    {
        byte[] frame = new byte[PeerQuestion.Size];
        bool greeted = false;
        while (true)
        {
            ReadResult read = await stream.Input.ReadAsync(ct);
            ReadOnlySequence<byte> rest = read.Buffer;
            if (!greeted && !rest.IsEmpty)
            {
                if (rest.FirstSpan[0] != PeerQuestion.Version)
                {
                    return;
                }

                greeted = true;
                rest = rest.Slice(1);
            }

            bool answered = false;
            for (; rest.Length >= PeerQuestion.Size; rest = rest.Slice(PeerQuestion.Size))
            {
                rest.Slice(0, PeerQuestion.Size).CopyTo(frame);
                if (!PeerQuestion.TryRead(frame, out PeerQuestion question))
                {
                    return;
                }

                answered |= Answer(question, stream.Output);
            }

            stream.Input.AdvanceTo(rest.Start, rest.End);
            if (answered && (await stream.Output.FlushAsync(ct)).IsCompleted)
            {
                return;
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private bool Answer(PeerQuestion question, PipeWriter output)
    {
        if (question.GivesBack)
        {
            buckets.GiveBack(question.Bucket);
            return false;
        }

        TokenVerdict? verdict = buckets.Take(question.Bucket, question, static q => q.Limit);
        new PeerAnswer(question.Id, verdict).Write(output.GetSpan(PeerAnswer.Size));
        output.Advance(PeerAnswer.Size);
        return true;
    }
}
