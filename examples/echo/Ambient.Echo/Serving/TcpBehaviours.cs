using System.Net.Sockets;
using System.Text;

namespace Ambient.Echo.Serving;

/// <summary>What a TCP connection meets on the echo server's ports.</summary>
internal static class TcpBehaviours
{
    private const int BufferBytes = 64 * 1024;
    private const int MaxKept = 16 * 1024 * 1024;

    /// <summary>Sends back what comes, at once; its end too.</summary>
    public static async Task EchoAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, stop).ConfigureAwait(false)) > 0)
        {
            await SendAllAsync(socket, buffer.AsMemory(0, read), stop).ConfigureAwait(false);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Speaks first, as SMTP does, then answers each line with 250.</summary>
    public static async Task BannerAsync(Socket socket, ServerIdentity identity, CancellationToken stop)
    {
        await SendAllAsync(socket, Encoding.UTF8.GetBytes($"220 {identity.Pod} ready\r\n"), stop).ConfigureAwait(false);
        var buffer = new byte[4096];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, stop).ConfigureAwait(false)) > 0)
        {
            await SendAllAsync(socket, Encoding.UTF8.GetBytes($"250 {Encoding.UTF8.GetString(buffer, 0, read).Trim()}\r\n"), stop).ConfigureAwait(false);
        }
    }

    /// <summary>Speaks first in binary, as MySQL does (protocol 10 greeting), then echoes.</summary>
    public static async Task MySqlGreetingAsync(Socket socket, CancellationToken stop)
    {
        byte[] payload = [10, .. "8.0.0-echo\0"u8, 1, 0, 0, 0, .. "abcdefgh"u8, 0, 0xff, 0xf7, 33, 2, 0, 0xff, 0x81, 21, .. new byte[10], .. "ijklmnopqrst\0"u8];
        await SendAllAsync(socket, new byte[] { (byte)payload.Length, 0, 0, 0 }.Concat(payload).ToArray(), stop).ConfigureAwait(false);
        await EchoAsync(socket, stop).ConfigureAwait(false);
    }

    /// <summary>Reads to the peer's end of stream, and only then sends everything back.</summary>
    public static async Task EchoAfterEndAsync(Socket socket, CancellationToken stop)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, stop).ConfigureAwait(false)) > 0)
        {
            if (kept.Length + read > MaxKept)
            {
                return;
            }

            kept.Write(buffer, 0, read);
        }

        await SendAllAsync(socket, kept.ToArray(), stop).ConfigureAwait(false);
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Sends back a byte every 100 ms.</summary>
    public static async Task SlowAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[1];
        while (await socket.ReceiveAsync(buffer, stop).ConfigureAwait(false) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop).ConfigureAwait(false);
            await SendAllAsync(socket, buffer, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Reads everything, says nothing.</summary>
    public static async Task HangAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, stop).ConfigureAwait(false) > 0)
        {
            // Nothing is the behaviour.
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(false);
    }

    /// <summary>Answers the first bytes with a reset.</summary>
    public static async Task ResetAsync(Socket socket, CancellationToken stop)
    {
        _ = await socket.ReceiveAsync(new byte[1], stop).ConfigureAwait(false);
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Reads to the end, then says how many bytes came.</summary>
    public static async Task SinkAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[256 * 1024];
        long total = 0;
        int read;
        while ((read = await socket.ReceiveAsync(buffer, stop).ConfigureAwait(false)) > 0)
        {
            total += read;
        }

        await SendAllAsync(socket, Encoding.ASCII.GetBytes($"{total}\n"), stop).ConfigureAwait(false);
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Sends for as long as it is read.</summary>
    public static async Task SourceAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[256 * 1024];
        while (!stop.IsCancellationRequested)
        {
            await SendAllAsync(socket, buffer, stop).ConfigureAwait(false);
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, stop).ConfigureAwait(false)..];
        }
    }
}
