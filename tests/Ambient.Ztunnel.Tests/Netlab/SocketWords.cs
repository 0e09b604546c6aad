using System.Net.Sockets;
using System.Text;

namespace Ambient.Ztunnel.Tests.Netlab;

internal static class SocketWords
{
    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token;

    internal static async Task SayAsync(this Socket socket, string words) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(words), Soon());

    /// <summary>Reads exactly as many bytes as the words have.</summary>
    internal static async Task HearAsync(this Socket socket, string words)
    {
        byte[] buffer = new byte[Encoding.UTF8.GetByteCount(words)];
        int got = 0;
        while (got < buffer.Length)
        {
            int n = await socket.ReceiveAsync(buffer.AsMemory(got), Soon());
            Assert.True(n > 0, $"connection ended after '{Encoding.UTF8.GetString(buffer, 0, got)}'");
            got += n;
        }

        Assert.Equal(words, Encoding.UTF8.GetString(buffer));
    }

    /// <summary>The orderly end: a read of no bytes.</summary>
    internal static async Task HearEndAsync(this Socket socket) =>
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Soon()));

    /// <summary>RST: the read fails.</summary>
    internal static async Task HearResetAsync(this Socket socket)
    {
        SocketException e = await Assert.ThrowsAsync<SocketException>(
            async () => await socket.ReceiveAsync(new byte[1], Soon()));
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    /// <summary>Words there and back on an open pair.</summary>
    internal static async Task ExchangeAsync(Socket a, Socket b)
    {
        await a.SayAsync("there");
        await b.HearAsync("there");
        await b.SayAsync("back");
        await a.HearAsync("back");
    }
}
