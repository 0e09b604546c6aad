using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>
/// The caller's body on its way to an endpoint: passed on as it comes, and its beginning kept, so that as long as it is not longer than what is
/// kept it can be sent again. One attempt reads at a time; the next waits until the one before has let go.
/// </summary>
internal sealed class RequestBody : HttpContent
{
    /// <summary>Bodies up to here can be sent again.</summary>
    public const int MaxKept = 64 * 1024;

    // Less than the window of a stream: what nobody takes keeps the caller from sending more.
    private const int MaxPeek = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly PipeReader _reader;
    private readonly RequestRecord _record;
    private readonly RequestClock _clock;
    private readonly GrpcMessages? _messages;
    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly int _keep;
    private readonly long? _length;
    private readonly CancellationTokenSource _stop = new();
    private Task _turn = Task.CompletedTask;
    private volatile bool _stopped;
    private volatile bool _ended;
    private volatile bool _tooLong;
    private volatile bool _begun;

    /// <param name="keep">Bytes to keep, <see cref="MaxKept"/> or more when mirrors want them; 0: none.</param>
    public RequestBody(HttpRequest request, RequestRecord record, RequestClock clock, int keep)
    {
        _reader = request.BodyReader;
        _record = record;
        _clock = clock;
        _keep = keep;
        _length = request.ContentLength;
        _messages = record.IsGrpc ? new GrpcMessages() : null;
        if (_length is { } length)
        {
            Headers.ContentLength = length;
        }
    }

    /// <summary>What was wrong with what the caller sent; null: nothing.</summary>
    public Exception? CallerFault { get; private set; }

    /// <summary>Nothing of it was sent yet, or all that was is kept.</summary>
    public bool CanBeSentAgain => !_begun || (!_tooLong && _kept.WrittenCount <= MaxKept);

    /// <summary>All of it came.</summary>
    public bool Ended => _ended;

    /// <summary>All of it, once it ended; null when it was too long to be kept.</summary>
    public ReadOnlyMemory<byte>? Whole => _ended && !_tooLong ? _kept.WrittenMemory : default(ReadOnlyMemory<byte>?);

    /// <summary>Raised once when all of it came, on whichever thread that is.</summary>
    public event Action? Completed;

    /// <summary>Looks at the beginning without taking it, before anything was sent.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, bool Whole)> PeekAsync(int most, CancellationToken cancellation)
    {
        most = Math.Min(most, MaxPeek);
        while (true)
        {
            ReadResult read = await _reader.ReadAsync(cancellation);
            if (read.IsCompleted || read.Buffer.Length >= most || read.IsCanceled)
            {
                ReadOnlySequence<byte> seen = read.Buffer.Slice(0, Math.Min(most, read.Buffer.Length));
                byte[] bytes = seen.ToArray();
                bool whole = read.IsCompleted && read.Buffer.Length <= most;
                _reader.AdvanceTo(read.Buffer.Start);
                return (bytes, whole);
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _turn = CopyAsync(_turn, stream, cancellationToken);
        }
    }

    /// <summary>
    /// Nobody reads any more when this is over. The answer can be there before the body is; then the reader belongs to the next request of the
    /// connection as soon as this one has ended, and whoever still read would read that one's body.
    /// </summary>
    public async ValueTask StopAsync()
    {
        Task turn;
        lock (_lock)
        {
            _stopped = true;
            turn = _turn;
        }

        if (!turn.IsCompleted)
        {
            await _stop.CancelAsync();
            await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }

    // An attempt that is given up is cancelled by its client, so that waiting for it ends.
    private async Task CopyAsync(Task before, Stream stream, CancellationToken outer)
    {
        if (!before.IsCompleted)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ObjectDisposedException.ThrowIf(_stopped, this);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(outer, _stop.Token);
        CancellationToken cancellation = both.Token;
        if (_begun && !CanBeSentAgain)
        {
            throw new IOException("the body is too long to be sent again");
        }

        if (CallerFault is not null)
        {
            throw new IOException("the caller's body broke off", CallerFault);
        }

        _begun = true;
        if (_kept.WrittenCount > 0)
        {
            await stream.WriteAsync(_kept.WrittenMemory, cancellation);
        }

        while (!_ended)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_reader.TryRead(out ReadResult read) || read.IsCanceled)
            {
                if (read.IsCanceled)
                {
                    _reader.AdvanceTo(read.Buffer.Start);
                }

                // Whoever sends piece by piece wants each to arrive.
                await stream.FlushAsync(cancellation);
                read = await ReadAsync(cancellation);
            }

            await PassAsync(read, stream, cancellation);
        }
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellation)
    {
        // A server's reader that is told by a token to stop cannot be read from again, not even by the server.
        await using CancellationTokenRegistration registration =
            cancellation.UnsafeRegister(static body => ((RequestBody)body!).CancelRead(), this);
        try
        {
            while (true)
            {
                ReadResult read = await _reader.ReadAsync(CancellationToken.None);
                if (!read.IsCanceled)
                {
                    return read;
                }

                _reader.AdvanceTo(read.Buffer.Start);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            CallerFault = e;
            throw new IOException("the caller's body broke off", e);
        }
    }

    // Called by tokens. A server's reader throws here once the caller has gone; what comes out of a token's callback ends whoever cancelled the token,
    // and a client's connection would then not tell its other requests that it is lost. The read ends with the same error by itself.
    private void CancelRead()
    {
        try
        {
            _reader.CancelPendingRead();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
        }
    }

    private async ValueTask PassAsync(ReadResult read, Stream stream, CancellationToken cancellation)
    {
        ReadOnlySequence<byte> bytes = read.Buffer;
        Keep(bytes);
        try
        {
            foreach (ReadOnlyMemory<byte> part in bytes)
            {
                _messages?.Count(part.Span);
                await stream.WriteAsync(part, cancellation);
            }
        }
        finally
        {
            // What was read counts as taken even when it could not be passed on: the next attempt has it from what is kept.
            _record.RequestBytes += bytes.Length;
            _reader.AdvanceTo(bytes.End);
            if (read.IsCompleted)
            {
                End();
            }
        }
    }

    private void Keep(ReadOnlySequence<byte> bytes)
    {
        if (_tooLong)
        {
            return;
        }

        if (_kept.WrittenCount + bytes.Length > _keep)
        {
            _tooLong = true;
            return;
        }

        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            _kept.Write(part.Span);
        }
    }

    private void End()
    {
        _ended = true;
        _record.RequestMessages = _messages?.Seen ?? 0;
        _clock.RequestEnded();
        Completed?.Invoke();
    }
}
