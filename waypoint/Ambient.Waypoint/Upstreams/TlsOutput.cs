using System.IO.Pipelines;
using System.Net.Security;

namespace Ambient.Waypoint.Upstreams;

/// <summary>Writes into a TLS session. Completing says close_notify (RFC 8446 §6.1), so that the other side hears the end while it may still speak.</summary>
internal sealed class TlsOutput(SslStream tls) : PipeWriter
{
    private readonly PipeWriter _inner = Create(tls, new StreamPipeWriterOptions(minimumBufferSize: 4096, leaveOpen: true));
    private bool _ended;

    public override void Advance(int bytes) => _inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => _inner.CancelPendingFlush();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => _inner.WriteAsync(source, cancellationToken);

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        await _inner.CompleteAsync(exception);
        if (exception is not null || _ended)
        {
            return;
        }

        _ended = true;
        try
        {
            await tls.ShutdownAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The other side has gone already.
        }
    }
}
