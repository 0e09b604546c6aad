using System.Net.Sockets;
using System.Text;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>What applications say and hear on their sockets; every wait ends.</summary>
internal static class SocketWords
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static CancellationToken Soon() => new CancellationTokenSource(Patience, TimeProvider.System).Token;

    public static async Task SayAsync(this Socket socket, string words) => await socket.SendAsync(Encoding.UTF8.GetBytes(words), Soon());

    /// <summary>Reads exactly as many bytes as the words have.</summary>
    public static async Task HearAsync(this Socket socket, string words)
    {
        byte[] buffer = new byte[Encoding.UTF8.GetByteCount(words)];
        int got = 0;
        while (got < buffer.Length)
        {
            int n = await socket.ReceiveAsync(buffer.AsMemory(got), Soon());
            Assert.True(n > 0, $"the connection ended after '{Encoding.UTF8.GetString(buffer, 0, got)}'");
            got += n;
        }

        Assert.Equal(words, Encoding.UTF8.GetString(buffer));
    }

    /// <summary>Words to a server that sends them back.</summary>
    public static async Task EchoedAsync(this Socket socket, string words)
    {
        await socket.SayAsync(words);
        await socket.HearAsync(words);
    }

    /// <summary>The orderly end: a read of no bytes.</summary>
    public static async Task HearEndAsync(this Socket socket) => Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Soon()));

    /// <summary>RST: the read fails.</summary>
    public static async Task HearResetAsync(this Socket socket)
    {
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[1], Soon()));
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    /// <summary>The end of the connection, orderly or not, without a byte more.</summary>
    public static async Task HearNothingMoreAsync(this Socket socket)
    {
        try
        {
            await socket.HearEndAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            // An end too.
        }
    }
}
