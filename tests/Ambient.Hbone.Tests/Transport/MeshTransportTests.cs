using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Ambient.Core.Identity;
using Ambient.Hbone.Transport;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Testing;

namespace Ambient.Hbone.Tests.Transport;

/// <summary>What every transport promises, run against each of them over loopback.</summary>
public sealed class MeshTransportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TestCa Ca = new();
    private static readonly IMeshTransport Managed = new ManagedTransport(TimeProvider.System);
    private static readonly Lazy<IMeshTransport> Native = new(() => new NativeTransport(TimeProvider.System));

    public static TheoryData<string> Transports => NativeTransport.IsSupported ? ["managed", "native"] : ["managed"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Tls_BothVerified_KnowEachOther(string name)
    {
        (MeshConnection client, MeshConnection server) = await TlsPairAsync(Of(name));
        await using (client)
        await using (server)
        {
            Assert.Equal(Ca.Id("shop", "orders"), client.Peer.VerifiedId);
            Assert.Equal(Ca.Id("shop", "web"), server.Peer.VerifiedId);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Tls_OtherServerThanExpected_IsRefused(string name)
    {
        IMeshTransport transport = Of(name);
        using Socket listener = Listen();
        Task<MeshConnection> accept = AcceptTlsAsync(transport, listener, Ca.Issue("shop", "intruder"));
        await Assert.ThrowsAsync<AuthenticationException>(() => ConnectTlsAsync(transport, listener, Ca.Issue("shop", "web"), Ca.Id("shop", "orders")));
        await Assert.ThrowsAnyAsync<Exception>(async () => await FirstReadAsync(await accept));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Tls_ClientOfAnotherMesh_IsRefused(string name)
    {
        IMeshTransport transport = Of(name);
        TestCa stranger = new();
        Svid forged = stranger.Issue("shop", "web");
        using Socket listener = Listen();
        Task<MeshConnection> accept = AcceptTlsAsync(transport, listener, Ca.Issue("shop", "orders"));
        Task connect = transport.ConnectTlsAsync(
            NewSocket(), (IPEndPoint)listener.LocalEndPoint!, forged, stranger.Trust, [Ca.Id("shop", "orders")], Patience, Stop);
        await Assert.ThrowsAnyAsync<Exception>(() => accept);
        await Assert.ThrowsAnyAsync<Exception>(() => connect);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Tls_SilentClient_TimesOut(string name)
    {
        using Socket listener = Listen();
        using Socket silent = NewSocket();
        Task<Socket> accepted = listener.AcceptAsync(Stop).AsTask();
        await silent.ConnectAsync(listener.LocalEndPoint!, Stop);
        Socket socket = await accepted;
        await Assert.ThrowsAsync<HandshakeTimeoutException>(() =>
            Of(name).AcceptTlsAsync(socket, Ca.Issue("shop", "orders"), Ca.Trust, TimeSpan.FromMilliseconds(200), Stop));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Tls_GarbageInsteadOfHello_IsRefused(string name)
    {
        using Socket listener = Listen();
        using Socket hostile = NewSocket();
        Task<MeshConnection> accept = AcceptTlsAsync(Of(name), listener, Ca.Issue("shop", "orders"));
        await hostile.ConnectAsync(listener.LocalEndPoint!, Stop);
        await hostile.SendAsync(new byte[4096], Stop);
        await Assert.ThrowsAnyAsync<Exception>(() => accept);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Plain_NobodyListens_SaysRefused(string name)
    {
        using Socket listener = Listen();
        IPEndPoint closed = (IPEndPoint)listener.LocalEndPoint!;
        listener.Close();
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => Of(name).ConnectPlainAsync(NewSocket(), closed, Patience, Stop));
        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
    }

    public static TheoryData<string, bool, int> Sizes()
    {
        TheoryData<string, bool, int> data = [];
        foreach (string name in (IEnumerable<string>)["managed", .. NativeTransport.IsSupported ? (string[])["native"] : []])
        {
            foreach (bool tls in (ReadOnlySpan<bool>)[false, true])
            {
                foreach (int size in (ReadOnlySpan<int>)[1, 100, 16 * 1024, 16 * 1024 + 1, 300_000, 20_000_000])
                {
                    data.Add(name, tls, size);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Connection_BytesBothWays_ArriveWholeAndInOrder(string name, bool tls, int size)
    {
        (MeshConnection client, MeshConnection server) = tls ? await TlsPairAsync(Of(name)) : await PlainPairAsync(Of(name));
        await using (client)
        await using (server)
        {
            byte[] sent = new byte[size];
            new Random(size).NextBytes(sent);
            Task echo = EchoAsync(server);
            Task<byte[]> received = ReadToEndAsync(client.Input);
            await SendInPiecesAsync(client.Output, sent);
            await client.Output.CompleteAsync();
            byte[] got = await received.WaitAsync(Patience, Stop);
            Assert.True(sent.AsSpan().SequenceEqual(got));
            await echo.WaitAsync(Patience, Stop);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Connection_HalfClosed_StillReceives(string name)
    {
        (MeshConnection client, MeshConnection server) = await TlsPairAsync(Of(name));
        await using (client)
        await using (server)
        {
            await client.Output.CompleteAsync();
            Assert.Empty(await ReadToEndAsync(server.Input).WaitAsync(Patience, Stop));
            await server.Output.WriteAsync("late answer"u8.ToArray(), Stop);
            await server.Output.CompleteAsync();
            Assert.Equal("late answer"u8.ToArray(), await ReadToEndAsync(client.Input).WaitAsync(Patience, Stop));
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Connection_AbortedByPeer_ReadFails(string name)
    {
        (MeshConnection client, MeshConnection server) = await PlainPairAsync(Of(name));
        await using (server)
        {
            ValueTask<ReadResult> read = server.Input.ReadAsync(Stop);
            client.Abort();
            await Assert.ThrowsAnyAsync<IOException>(async () => await read);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Connection_AbortedHere_PendingReadEnds(string name)
    {
        (MeshConnection client, MeshConnection server) = await TlsPairAsync(Of(name));
        await using (server)
        {
            ValueTask<ReadResult> read = client.Input.ReadAsync(Stop);
            client.Abort();
            client.Abort();
            await Assert.ThrowsAnyAsync<Exception>(async () => await read);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Connection_ReaderThatDoesNotRead_StopsTheWriter(string name)
    {
        (MeshConnection client, MeshConnection server) = await TlsPairAsync(Of(name));
        await using (client)
        await using (server)
        {
            byte[] block = new byte[256 * 1024];
            int flushed = 0;
            ValueTask<FlushResult> flush = default;
            for (; flushed < 400; flushed++)
            {
                flush = client.Output.WriteAsync(block, Stop);
                if (!flush.IsCompletedSuccessfully)
                {
                    Task waiting = flush.AsTask();
                    if (await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Stop)) != waiting)
                    {
                        break;
                    }
                }
            }

            Assert.InRange(flushed, 0, 399);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Connection_ManyAtOnce_EachGetsItsOwn(string name)
    {
        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Stop }, async (i, ct) =>
        {
            (MeshConnection client, MeshConnection server) = i % 2 == 0 ? await TlsPairAsync(Of(name)) : await PlainPairAsync(Of(name));
            await using (client)
            await using (server)
            {
                Task echo = EchoAsync(server);
                byte[] sent = new byte[50_000];
                new Random(i).NextBytes(sent);
                Task<byte[]> received = ReadToEndAsync(client.Input);
                await client.Output.WriteAsync(sent, ct);
                await client.Output.CompleteAsync();
                byte[] got = await received.WaitAsync(Patience, ct);
                Assert.True(sent.AsSpan().SequenceEqual(got));
                await echo;
            }
        });
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Tls_OnAThreadWhoseCryptographyFailedElsewhere_GoesOn(string name)
    {
        (MeshConnection client, MeshConnection server) = await TlsPairAsync(Of(name));
        await using (client)
        await using (server)
        {
            using RSA key = RSA.Create(2048);
            byte[] word = [1, 2, 3];
            Task refusing = RefuseAsync(server, key, 20);
            for (int i = 0; i < 20; i++)
            {
                await client.Output.WriteAsync(word, Stop);
                ReadResult heard = await client.Input.ReadAtLeastAsync(word.Length, Stop);
                Assert.Equal(word, heard.Buffer.ToArray());
                client.Input.AdvanceTo(heard.Buffer.End);
            }

            await refusing;
        }
    }

    [Fact]
    public async Task NativeAndManaged_MeetOnTheWire()
    {
        if (!NativeTransport.IsSupported)
        {
            Assert.Skip("the native transport needs Linux on x64 with libssl.so.3");
        }

        foreach ((IMeshTransport dials, IMeshTransport accepts) in ((IMeshTransport, IMeshTransport)[])[(Managed, Native.Value), (Native.Value, Managed)])
        {
            using Socket listener = Listen();
            Task<MeshConnection> accept = AcceptTlsAsync(accepts, listener, Ca.Issue("shop", "orders"));
            await using MeshConnection client = await ConnectTlsAsync(dials, listener, Ca.Issue("shop", "web"), Ca.Id("shop", "orders"));
            await using MeshConnection server = await accept;
            Task echo = EchoAsync(server);
            await client.Output.WriteAsync("hello"u8.ToArray(), Stop);
            await client.Output.CompleteAsync();
            Assert.Equal("hello"u8.ToArray(), await ReadToEndAsync(client.Input));
            await echo;
        }
    }

    private static IMeshTransport Of(string name) => name == "managed" ? Managed : Native.Value;

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static Socket Listen()
    {
        Socket listener = NewSocket();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static async Task<MeshConnection> AcceptTlsAsync(IMeshTransport transport, Socket listener, Svid svid) =>
        await transport.AcceptTlsAsync(await listener.AcceptAsync(Stop), svid, Ca.Trust, Patience, Stop);

    private static Task<MeshConnection> ConnectTlsAsync(IMeshTransport transport, Socket listener, Svid svid, SpiffeId expected) =>
        transport.ConnectTlsAsync(NewSocket(), (IPEndPoint)listener.LocalEndPoint!, svid, Ca.Trust, [expected], Patience, Stop);

    private static async Task<(MeshConnection Client, MeshConnection Server)> TlsPairAsync(IMeshTransport transport)
    {
        using Socket listener = Listen();
        Task<MeshConnection> accept = AcceptTlsAsync(transport, listener, Ca.Issue("shop", "orders"));
        MeshConnection client = await ConnectTlsAsync(transport, listener, Ca.Issue("shop", "web"), Ca.Id("shop", "orders"));
        return (client, await accept);
    }

    private static async Task<(MeshConnection Client, MeshConnection Server)> PlainPairAsync(IMeshTransport transport)
    {
        using Socket listener = Listen();
        Task<Socket> accept = listener.AcceptAsync(Stop).AsTask();
        MeshConnection client = await transport.ConnectPlainAsync(NewSocket(), (IPEndPoint)listener.LocalEndPoint!, Patience, Stop);
        return (client, transport.AcceptPlain(await accept));
    }

    private static async Task SendInPiecesAsync(PipeWriter output, byte[] bytes)
    {
        Random random = new(bytes.Length);
        for (int at = 0; at < bytes.Length;)
        {
            int piece = Math.Min(random.Next(1, 200_000), bytes.Length - at);
            bytes.AsSpan(at, piece).CopyTo(output.GetSpan(piece));
            output.Advance(piece);
            await output.FlushAsync(Stop);
            at += piece;
        }
    }

    private static async Task EchoAsync(MeshConnection connection)
    {
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync(Stop);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                await connection.Output.WriteAsync(part, Stop);
            }

            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                await connection.Output.CompleteAsync();
                return;
            }
        }
    }

    /// <summary>Leaves some bytes unconsumed now and then, as a frame reader does.</summary>
    // A signature that does not hold leaves its error with the thread (OpenSSL), which is the one that reads the connection.
    private static async Task RefuseAsync(MeshConnection connection, RSA key, int times)
    {
        try
        {
            for (int i = 0; i < times; i++)
            {
                ReadResult heard = await connection.Input.ReadAsync(Stop).ConfigureAwait(false);
                byte[] word = heard.Buffer.ToArray();
                connection.Input.AdvanceTo(heard.Buffer.End);
                Assert.False(key.VerifyData(word, new byte[256], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
                await connection.Output.WriteAsync(word, Stop).ConfigureAwait(false);
            }
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    private static async Task<byte[]> ReadToEndAsync(PipeReader input)
    {
        using MemoryStream all = new();
        for (int turn = 0; ; turn++)
        {
            ReadResult result = await input.ReadAsync(Stop);
            ReadOnlySequence<byte> buffer = result.Buffer;
            long taken = result.IsCompleted || turn % 3 != 0 ? buffer.Length : buffer.Length / 2;
            foreach (ReadOnlyMemory<byte> part in buffer.Slice(0, taken))
            {
                all.Write(part.Span);
            }

            input.AdvanceTo(buffer.GetPosition(taken), buffer.End);
            if (result.IsCompleted)
            {
                return all.ToArray();
            }
        }
    }

    private static async Task FirstReadAsync(MeshConnection connection)
    {
        await using (connection)
        {
            ReadResult result = await connection.Input.ReadAsync(Stop);
            if (result.IsCompleted)
            {
                throw new IOException("the peer closed the connection");
            }
        }
    }
}
