using System.Buffers;
using System.IO.Pipelines;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Transport;

namespace Ambient.Hbone.Relay;

/// <summary>One direction of a relay: read, hand over from the reader's own memory, half-close at the end.</summary>
internal static class RelayDirection
{
    /// <summary>Returns null at an orderly end, otherwise which side broke.</summary>
    public static async Task<RelayFault?> CopyAsync(PipeReader from, PipeWriter to, RelayCounters counters, bool fromApp)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await from.ReadAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (IsEnd(e))
            {
                return new RelayFault(AtReader: true, e);
            }

            try
            {
                await WriteAsync(result.Buffer, to, counters, fromApp).ConfigureAwait(false);
                from.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    await to.CompleteAsync().ConfigureAwait(false);
                    return null;
                }
            }
            catch (Exception e) when (IsEnd(e))
            {
                return new RelayFault(AtReader: false, e);
            }

            if (result.IsCanceled)
            {
                return new RelayFault(AtReader: true, new OperationCanceledException());
            }
        }
    }

    private static ValueTask WriteAsync(ReadOnlySequence<byte> bytes, PipeWriter to, RelayCounters counters, bool fromApp)
    {
        if (bytes.IsEmpty)
        {
            return default;
        }

        if (!bytes.IsSingleSegment)
        {
            return WriteSegmentsAsync(bytes, to, counters, fromApp);
        }

        ValueTask<FlushResult> write = to.WriteAsync(bytes.First);
        if (!write.IsCompletedSuccessfully)
        {
            return FinishAsync(write, bytes.Length, counters, fromApp);
        }

        write.GetAwaiter().GetResult();
        Count(counters, fromApp, bytes.Length);
        return default;
    }

    private static async ValueTask FinishAsync(ValueTask<FlushResult> write, long length, RelayCounters counters, bool fromApp)
    {
        await write.ConfigureAwait(false);
        Count(counters, fromApp, length);
    }

    private static async ValueTask WriteSegmentsAsync(ReadOnlySequence<byte> bytes, PipeWriter to, RelayCounters counters, bool fromApp)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            await to.WriteAsync(segment).ConfigureAwait(false);
            Count(counters, fromApp, segment.Length);
        }
    }

    private static void Count(RelayCounters counters, bool fromApp, long bytes)
    {
        if (fromApp)
        {
            counters.AddFromApp(bytes);
        }
        else
        {
            counters.AddToApp(bytes);
        }
    }

    private static bool IsEnd(Exception e) =>
        e is IOException or TransportResetException or HboneStreamResetException or ObjectDisposedException
            or OperationCanceledException or InvalidOperationException;
}
