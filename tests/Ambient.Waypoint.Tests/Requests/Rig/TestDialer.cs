using System.Collections.Concurrent;
using System.Net.Sockets;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Tests.Requests.Rig;

/// <summary>Plain connections, that a test can refuse by address.</summary>
internal sealed class TestDialer : IUpstreamDialer
{
    private int _open;
    private long _read;

    internal ConcurrentQueue<UpstreamKey> Dialled { get; } = new();

    internal ConcurrentDictionary<string, UpstreamDialFailure> Refused { get; } = new();

    /// <summary>Connections that are open now.</summary>
    internal int Open => Volatile.Read(ref _open);

    /// <summary>Bytes that were taken from endpoints.</summary>
    internal long Read => Interlocked.Read(ref _read);

    public async ValueTask<Stream> DialAsync(UpstreamKey key, CancellationToken ct)
    {
        Dialled.Enqueue(key);
        if (Refused.TryGetValue(key.Authority, out UpstreamDialFailure failure))
        {
            throw new UpstreamDialException(failure, $"{key.Authority} is refused by the test");
        }

        Socket socket = new(key.Address!.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(key.Address, ct);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new UpstreamDialException(UpstreamDialFailure.Connect, e.Message, e);
        }

        Interlocked.Increment(ref _open);
        return new Counted(socket, read => Interlocked.Add(ref _read, read), () => Interlocked.Decrement(ref _open));
    }

    private sealed class Counted(Socket socket, Action<int> received, Action closed) : NetworkStream(socket, ownsSocket: true)
    {
        private int _closed;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            received(read);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                closed();
            }
        }
    }
}
