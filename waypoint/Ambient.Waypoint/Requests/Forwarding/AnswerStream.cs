namespace Ambient.Waypoint.Requests.Forwarding;

/// <inheritdoc cref="AnswerBody"/>
internal sealed class AnswerStream(Stream inner, Exchange x) : Stream
{
    private readonly GrpcMessages? _messages = x.IsGrpc ? new GrpcMessages() : null;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> read = inner.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully
            ? new ValueTask<int>(Count(buffer, read.Result))
            : ReadSlowAsync(read, buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // Whoever waits for events wants to know that they will come (server-sent events; gRPC's leading metadata).
    private async ValueTask<int> ReadSlowAsync(ValueTask<int> read, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!x.Http.Response.HasStarted)
        {
            await Task.Yield();
            if (!read.IsCompleted)
            {
                await x.Http.Response.BodyWriter.FlushAsync(cancellation);
            }
        }

        return Count(buffer, await read);
    }

    private int Count(Memory<byte> buffer, int read)
    {
        x.Record.ResponseBytes += read;
        if (_messages is not null)
        {
            _messages.Count(buffer.Span[..read]);
            x.Record.ResponseMessages = _messages.Seen;
        }

        return read;
    }
}
