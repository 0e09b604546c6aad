using System.IO.Pipelines;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Tests.Upstreams;

/// <summary>HttpClient gives a request up by disposing its connection under the read that waits for the answer.</summary>
public sealed class PipeStreamTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispose_WhileAReadWaits_EndsTheReadAndThenClosesOnce()
    {
        int closed = 0;
        var ends = new Ends();
        var stream = new PipeStream(ends, () => Interlocked.Increment(ref closed));
        Task<int> read = stream.ReadAsync(new byte[8], Stop).AsTask();
        Assert.False(read.IsCompleted);

        await stream.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.WaitAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.Equal(1, closed);
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.ReadExactlyAsync(new byte[5], Stop));
        Assert.Equal(1, closed);
    }

    [Fact]
    public async Task Dispose_WithoutARead_ClosesAtOnce()
    {
        int closed = 0;
        var ends = new Ends();
        var stream = new PipeStream(ends, () => closed++);
        await ends.Incoming.Writer.WriteAsync("hello"u8.ToArray(), Stop);
        await stream.ReadExactlyAsync(new byte[5], Stop);

        await stream.DisposeAsync();

        Assert.Equal(1, closed);
    }

    private sealed class Ends : IDuplexPipe
    {
        public Pipe Incoming { get; } = new();

        public PipeReader Input => Incoming.Reader;

        public PipeWriter Output { get; } = new Pipe().Writer;
    }
}
