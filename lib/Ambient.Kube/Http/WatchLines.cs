using System.Buffers;
using System.IO.Pipelines;

namespace Ambient.Kube.Http;

/// <summary>Splits a watch's stream into lines, bounded in length and in silence.</summary>
internal sealed class WatchLines(Stream stream, int maxBytes, TimeSpan? idle, TimeProvider time) : IAsyncDisposable
{
    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024));
    private SequencePosition _consumed;
    private bool _holding;

    /// <summary>Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>False at the end of the stream. A last line that the connection's end cut off is dropped.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (_holding)
            {
                _holding = false;
                _pipe.AdvanceTo(_consumed);
            }

            ReadResult read = await ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                ReadOnlySequence<byte> line = read.Buffer.Slice(0, end);
                _consumed = read.Buffer.GetPosition(1, end);
                _holding = true;
                if (line.Length <= 1)
                {
                    continue;
                }

                Current = line.IsSingleSegment ? line.First : line.ToArray();
                return true;
            }

            if (read.IsCompleted)
            {
                return false;
            }

            if (read.Buffer.Length > maxBytes)
            {
                throw new InvalidDataException($"a watch event is longer than {maxBytes} bytes");
            }

            _pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellation)
    {
        if (idle is not { } limit)
        {
            return await _pipe.ReadAsync(cancellation);
        }

        ValueTask<ReadResult> pending = _pipe.ReadAsync(cancellation);
        if (pending.IsCompleted)
        {
            return await pending;
        }

        using ITimer watchdog = time.CreateTimer(static pipe => ((PipeReader)pipe!).CancelPendingRead(), _pipe, limit, Timeout.InfiniteTimeSpan);
        ReadResult read = await pending;
        return read.IsCanceled ? throw new TimeoutException($"the watch was silent for {limit.TotalSeconds:0} s") : read;
    }
}
