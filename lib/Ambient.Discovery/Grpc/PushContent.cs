using System.Buffers;
using System.Net;
using Google.Protobuf;

namespace Ambient.Discovery.Grpc;

/// <summary>
/// A request body that stays open: messages are pushed while the response is read. Used by one sender at a time; ends when completed
/// or disposed.
/// </summary>
internal sealed class PushContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done once the connection stands and the body may be written.</summary>
    public Task Opened => _opened.Task;

    public async Task PushAsync(IMessage message, CancellationToken ct)
    {
        Stream body = await _opened.Task.WaitAsync(ct);
        var frame = new ArrayBufferWriter<byte>(message.CalculateSize() + GrpcFrame.PrefixLength);
        GrpcFrame.Write(frame, message);
        await body.WriteAsync(frame.WrittenMemory, ct);
        await body.FlushAsync(ct);
    }

    public void Complete() => _ended.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The headers wait in a buffer until something is flushed, and the first message may be long in coming.
        await stream.FlushAsync(cancellationToken);
        _opened.TrySetResult(stream);
        await _ended.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        Complete();
        base.Dispose(disposing);
    }
}
