using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2.Streams;

/// <summary>Finds writers that the peer has granted no window for too long: they pin memory for nothing. Called by the connection's timer.</summary>
internal static class StallWatch
{
    public static void Check(StreamTable streams, TimeProvider time, TimeSpan timeout)
    {
        if (streams.Count == 0)
        {
            return;
        }

        List<Http2Stream>? stalled = null;
        long now = time.GetTimestamp();
        streams.All(timeout, time, (limit, clock, stream) =>
        {
            if (IsStalled(stream.Writer, clock, now, limit))
            {
                (stalled ??= []).Add(stream);
            }

            return true;
        });
        foreach (Http2Stream stream in stalled ?? [])
        {
            stream.Reset(ErrorCode.FlowControlError);
        }
    }

    private static bool IsStalled(StreamOutput output, TimeProvider time, long now, TimeSpan timeout)
    {
        if (output.AllSent || output.Watched.Since == 0 || output.Watched.Progress != output.Progress)
        {
            output.Watched = (output.Progress, output.AllSent ? 0 : Math.Max(1, now));
            return false;
        }

        return time.GetElapsedTime(output.Watched.Since, now) >= timeout;
    }
}
