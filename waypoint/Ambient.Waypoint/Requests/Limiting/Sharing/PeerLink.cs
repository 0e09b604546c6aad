using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Threading.Channels;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>
/// Questions to one other replica, over one stream that is opened when it is first needed. Whatever does not work out in time has no answer, and
/// then for <see cref="Rest"/> nothing is asked. Thread-safe.
/// </summary>
internal sealed class PeerLink : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private const int MaxUnderWay = 1000;

    private readonly Func<CancellationToken, ValueTask<Stream>> _dial;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Talk? _talk;
    private Task _running = Task.CompletedTask;
    private long? _failedAt;
    private uint _next;

    public PeerLink(Func<CancellationToken, ValueTask<Stream>> dial, TimeProvider time)
    {
        _dial = dial;
        _time = time;
    }

    /// <summary>Null: no answer.</summary>
    public async ValueTask<TokenVerdict?> AskAsync(PeerQuestion question)
    {
        if (Current() is not { } talk || (!talk.IsOpen && _time.GetElapsedTime(talk.Begun) > Patience))
        {
            return null;
        }

        uint id = Interlocked.Increment(ref _next);
        var answer = new TaskCompletionSource<TokenVerdict?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (talk.Waiting.Count >= MaxUnderWay || !talk.Waiting.TryAdd(id, answer))
        {
            return null;
        }

        if (!talk.Questions.Writer.TryWrite(question with { Id = id }))
        {
            talk.Waiting.TryRemove(id, out _);
            return null;
        }

        try
        {
            return await answer.Task.WaitAsync(Patience, _time);
        }
        catch (TimeoutException)
        {
            talk.Waiting.TryRemove(id, out _);
            if (talk.IsOpen)
            {
                End(talk);
            }

            return null;
        }
    }

    /// <summary>Nobody waits for it; when there is no stream, the token is lost.</summary>
    public void Tell(PeerQuestion question)
    {
        if (Current() is { } talk)
        {
            talk.Questions.Writer.TryWrite(question);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task running;
        lock (_lock)
        {
            running = _running;
        }

        await running;
        _stop.Dispose();
    }

    private Talk? Current()
    {
        lock (_lock)
        {
            if (_talk is not null || _stop.IsCancellationRequested || (_failedAt is { } at && _time.GetElapsedTime(at) < Rest))
            {
                return _talk;
            }

            _talk = new Talk(_time.GetTimestamp(), _stop.Token);
            _running = RunAsync(_talk, _running);
            return _talk;
        }
    }

    private void End(Talk talk)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_talk, talk))
            {
                _talk = null;
                _failedAt = _time.GetTimestamp();
            }
        }

        talk.End();
    }

    private async Task RunAsync(Talk talk, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await using Stream stream = await _dial(talk.Token);
            await using CancellationTokenRegistration ends = talk.Token.UnsafeRegister(static s => ((Stream)s!).Dispose(), stream);
            talk.IsOpen = true;
            Task writing = talk.WriteAsync(stream);
            try
            {
                await talk.ReadAsync(stream);
            }
            finally
            {
                End(talk);
                await writing;
            }
        }
        catch (Exception)
        {
            // No answers from there for a while, whatever was the matter: also when there is no certificate to dial with.
        }
        finally
        {
            End(talk);
            talk.Dispose();
        }
    }

    /// <summary>One stream with what is asked on it.</summary>
    private sealed class Talk(long begun, CancellationToken stop) : IDisposable
    {
        private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        private volatile bool _open;
        private int _ended;

        public long Begun => begun;

        public bool IsOpen
        {
            get => _open;
            set => _open = value;
        }

        public ConcurrentDictionary<uint, TaskCompletionSource<TokenVerdict?>> Waiting { get; } = new();

        public Channel<PeerQuestion> Questions { get; } = Channel.CreateBounded<PeerQuestion>(new BoundedChannelOptions(MaxUnderWay) { SingleReader = true });

        public CancellationToken Token => _end.Token;

        public async Task WriteAsync(Stream stream)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(1 + (64 * PeerQuestion.Size));
            try
            {
                buffer[0] = PeerQuestion.Version;
                int filled = 1;
                while (await Questions.Reader.WaitToReadAsync(Token))
                {
                    while (filled + PeerQuestion.Size <= buffer.Length && Questions.Reader.TryRead(out PeerQuestion question))
                    {
                        question.Write(buffer.AsSpan(filled));
                        filled += PeerQuestion.Size;
                    }

                    await stream.WriteAsync(buffer.AsMemory(0, filled), Token);
                    filled = 0;
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
            {
                End();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        public async Task ReadAsync(Stream stream)
        {
            PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
            byte[] frame = new byte[PeerAnswer.Size];
            while (true)
            {
                ReadResult read = await reader.ReadAsync(Token);
                ReadOnlySequence<byte> rest = read.Buffer;
                for (; rest.Length >= PeerAnswer.Size; rest = rest.Slice(PeerAnswer.Size))
                {
                    rest.Slice(0, PeerAnswer.Size).CopyTo(frame);
                    if (!PeerAnswer.TryRead(frame, out PeerAnswer answer))
                    {
                        throw new IOException("the other replica does not speak as it should");
                    }

                    if (Waiting.TryRemove(answer.Id, out TaskCompletionSource<TokenVerdict?>? waiting))
                    {
                        waiting.TrySetResult(answer.Verdict);
                    }
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }

        public void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0)
            {
                return;
            }

            Questions.Writer.TryComplete();
            _end.Cancel();
            foreach (TaskCompletionSource<TokenVerdict?> waiting in Waiting.Values)
            {
                waiting.TrySetResult(null);
            }
        }

        public void Dispose() => _end.Dispose();
    }
}
