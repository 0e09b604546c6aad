using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Tests.Peers;
using Ambient.Identity.Tls;
using Ambient.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Hbone.Tests.Attacks;

/// <summary>Our client against servers that break the rules.</summary>
public class ClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("DATA before the answer", "000001 00 00 00000001 00")]
    [InlineData("answer without a status", "000001 01 04 00000001 82")]
    [InlineData("101", "000006 01 04 00000001 08 03 313031 82")]
    public async Task FaultOfTheStream_FailsTheConnect_AndResetsIt(string what, string hex)
    {
        Assert.NotEmpty(what);
        (ClientConnection client, FramePeer server, Task<HboneStream> connecting) = await ConnectAsync();

        await server.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        await Assert.ThrowsAnyAsync<Exception>(() => connecting.WaitAsync(TimeSpan.FromMinutes(1), Ct));
        await server.ExpectRstAsync(1, ErrorCode.ProtocolError, Ct);
        await CloseAsync(client);
    }

    [Theory]
    [InlineData("PUSH_PROMISE", "000005 05 04 00000001 00000002 82", ErrorCode.ProtocolError)]
    [InlineData("answer on a stream that we did not open", "000001 01 04 00000003 88", ErrorCode.ProtocolError)]
    [InlineData("answer on an even stream", "000001 01 04 00000002 88", ErrorCode.ProtocolError)]
    [InlineData("DATA on a stream that we did not open", "000001 00 00 00000005 00", ErrorCode.ProtocolError)]
    public async Task FaultOfTheConnection_FailsTheConnect_AndSaysGoAway(string what, string hex, ErrorCode code)
    {
        Assert.NotEmpty(what);
        (_, FramePeer server, Task<HboneStream> connecting) = await ConnectAsync();

        await server.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        HboneConnectException e = await Assert.ThrowsAsync<HboneConnectException>(() => connecting);
        Assert.Equal(HboneConnectFailure.H2Handshake, e.Failure);
        await server.ExpectGoAwayAsync(code, Ct);
    }

    [Fact]
    public async Task InterimAnswers_AreSkipped_ButNotForEver()
    {
        (ClientConnection client, FramePeer server, Task<HboneStream> connecting) = await ConnectAsync();
        byte[] interim = FramePeer.Headers(1, FramePeer.Block((":status", "103")));
        await server.SendAsync(interim, interim, FramePeer.Headers(1, FramePeer.Block((":status", "200"))));
        Assert.Equal(200, (await connecting).Reply!.Status);

        client.TryReserve(100);
        Task<HboneStream> second = client.OpenAsync(TunnelWorld.To("a:1"), Ct).AsTask();
        await server.SendAsync([.. Enumerable.Repeat(FramePeer.Headers(3, FramePeer.Block((":status", "103"))), 20)]);

        await Assert.ThrowsAnyAsync<Exception>(() => second);
        await CloseAsync(client);
    }

    [Fact]
    public async Task ServerWithoutSettings_IsGivenUp()
    {
        ManualTime time = new();
        (PipeConnection end, _) = PipeConnection.Pair();
        ClientConnection client = new(end, HboneLimits.Client, time, NullLogger.Instance);
        client.Start();
        client.TryReserve(100);
        Task<HboneStream> connecting = client.OpenAsync(TunnelWorld.To("a:1"), Ct).AsTask();

        time.Advance(TimeSpan.FromSeconds(11));

        HboneConnectException e = await Assert.ThrowsAsync<HboneConnectException>(() => connecting);
        Assert.Equal(HboneConnectFailure.H2Handshake, e.Failure);
        await client.Ended.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task AnswerThatDoesNotCome_IsATimeout_AndTheConnectionStays()
    {
        ManualTime time = new();
        (ClientConnection client, FramePeer server, Task<HboneStream> connecting) =
            await ConnectAsync(time, HboneLimits.Client with { PingInterval = TimeSpan.FromHours(1) });
        await server.SyncAsync(Ct);

        time.Advance(TimeSpan.FromSeconds(21));

        HboneConnectException e = await Assert.ThrowsAsync<HboneConnectException>(() => connecting);
        Assert.Equal(HboneConnectFailure.Timeout, e.Failure);
        await server.ExpectRstAsync(1, ErrorCode.Cancel, Ct);
        Assert.True(client.Usable);
        await CloseAsync(client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RefusedStream_IsTriedOnAnotherConnection(bool goAway)
    {
        int dials = 0;
        await using HbonePool pool = new(
            async (_, _) =>
            {
                (PipeConnection client, PipeConnection server) = PipeConnection.Pair();
                bool refuse = Interlocked.Increment(ref dials) == 1;
                _ = AnswerAsync(new FramePeer(server), refuse, goAway);
                await Task.Yield();
                return (MeshConnection)client;
            },
            new HbonePoolOptions(), TimeProvider.System, NullLogger.Instance);
        PoolKey key = new() { Source = new("t", "n", "s"), Expected = [], Destination = new(System.Net.IPAddress.Loopback, 1) };

        HboneStream stream = await pool.ConnectAsync(key, TunnelWorld.To("a:1"), Ct);

        Assert.Equal(200, stream.Reply!.Status);
        Assert.Equal(goAway ? 2 : 1, dials);
    }

    [Fact]
    public async Task FirstConnect_GoesOutWithThePreface()
    {
        (PipeConnection end, PipeConnection other) = PipeConnection.Pair();
        ClientConnection client = new(end, HboneLimits.Client, TimeProvider.System, NullLogger.Instance);
        client.Start();
        client.TryReserve(100);
        _ = client.OpenAsync(TunnelWorld.To("10.0.0.1:80"), Ct).AsTask();

        byte[] magic = await Pipes.ReadAsync(other.Input, Preface.Magic.Length, Ct);
        FramePeer server = new(other);
        (FrameHeader header, byte[] settings) = await server.ExpectAsync(FrameType.Settings, Ct);
        (_, byte[] window) = await server.ExpectAsync(FrameType.WindowUpdate, Ct, 0);
        (FrameHeader headers, _) = await server.ExpectAsync(FrameType.Headers, Ct, 1);

        Assert.Equal(Preface.Magic.ToArray(), magic);
        Assert.Equal(
            [(SettingId.EnablePush, 0u), (SettingId.InitialWindowSize, 4u << 20), (SettingId.MaxFrameSize, 1u << 20), (SettingId.MaxHeaderListSize, 16384u)],
            Enumerable.Range(0, header.Length / 6).Select(i => SettingsFrame.Entry(settings, i)));
        Assert.Equal((16 << 20) - 65535, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(window));
        Assert.False(headers.Has(FrameFlags.EndStream));
        await CloseAsync(client);
    }

    private static async Task AnswerAsync(FramePeer server, bool refuse, bool goAway)
    {
        await Pipes.ReadAsync(server.Connection.Input, Preface.Magic.Length, default);
        await server.SendAsync(FramePeer.Settings(), FramePeer.Frame(FrameType.Settings, 1, 0));
        while (await server.NextAsync(default) is { } frame)
        {
            if (frame.Header.Type != FrameType.Headers)
            {
                continue;
            }

            int id = frame.Header.StreamId;
            if (refuse && goAway)
            {
                byte[] bytes = new byte[GoAwayFrame.Size];
                new GoAwayFrame(0, ErrorCode.NoError).Write(bytes);
                await server.SendAsync(bytes);
            }
            else
            {
                await server.SendAsync(refuse ? FramePeer.Rst(id, ErrorCode.RefusedStream) : FramePeer.Headers(id, [0x88]));
                refuse = false;
            }
        }
    }

    private static async Task<(ClientConnection, FramePeer, Task<HboneStream>)> ConnectAsync(
        TimeProvider? time = null, HboneLimits? limits = null)
    {
        (PipeConnection end, PipeConnection other) = PipeConnection.Pair();
        ClientConnection client = new(end, limits ?? HboneLimits.Client, time ?? TimeProvider.System, NullLogger.Instance);
        client.Start();
        Assert.True(client.TryReserve(100));
        Task<HboneStream> connecting = client.OpenAsync(TunnelWorld.To("10.0.0.1:80"), Ct).AsTask();
        await Pipes.ReadAsync(other.Input, Preface.Magic.Length, Ct);
        FramePeer server = new(other);
        await server.SendAsync(FramePeer.Settings(), FramePeer.Frame(FrameType.Settings, 1, 0));
        await server.ExpectAsync(FrameType.Headers, Ct, 1);
        return (client, server, connecting);
    }

    private static async Task CloseAsync(ClientConnection client)
    {
        client.Abort(ErrorCode.NoError, "the test is over");
        await client.Ended.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }
}
