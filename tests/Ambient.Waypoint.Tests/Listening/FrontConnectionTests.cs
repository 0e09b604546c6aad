using System.IO.Pipelines;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Waypoint.Listening;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Tests.Listening;

public sealed class FrontConnectionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReaderCompleted_ByTheServer_LeavesTheConnectionsOwnReaderAlone()
    {
        Ends ends = new();
        FrontConnection connection = Over(ends);

        await connection.Transport.Input.CompleteAsync();
        await ends.Incoming.Writer.WriteAsync("rest"u8.ToArray(), Stop);

        ReadResult rest = await ends.Input.ReadAsync(Stop);
        Assert.Equal(4, rest.Buffer.Length);
    }

    [Fact]
    public async Task Lost_WithACallbackThatThrows_TellsTheOthersAndHurtsNobody()
    {
        FrontConnection connection = Over(new Ends());
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(told.SetResult);
        connection.ConnectionClosed.Register(static () => throw new InvalidOperationException("somebody's bug"));

        connection.OnLost();

        await told.Task.WaitAsync(Stop);
        Assert.True(connection.WasAborted);
    }

    private static FrontConnection Over(IDuplexPipe pipes) => new(
        pipes,
        new RequestConnection { Caller = PeerIdentity.Plaintext, Source = new IPEndPoint(IPAddress.Loopback, 1), Port = 80 },
        null,
        static () => { });

    private sealed class Ends : IDuplexPipe
    {
        internal Pipe Incoming { get; } = new();

        public PipeReader Input => Incoming.Reader;

        public PipeWriter Output { get; } = new Pipe().Writer;
    }
}
