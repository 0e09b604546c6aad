using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>HTTP/1.1 byte by byte, as an attacker writes it. What comes back is read as it is framed, never by how long it takes.</summary>
internal sealed class RawHttp1(Stream stream) : IDisposable
{
    // Only for what would never come.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly byte[] _buffer = new byte[16 * 1024];
    private string _unread = "";
    private bool _ended;

    internal static async Task<RawHttp1> ConnectAsync(IPEndPoint to)
    {
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, TestContext.Current.CancellationToken);
        return new RawHttp1(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>The first answer on a connection of its own.</summary>
    internal static async Task<string> AskAsync(IPEndPoint to, string bytes)
    {
        using RawHttp1 raw = await ConnectAsync(to);
        await raw.SendAsync(bytes);
        return await raw.AnswerAsync();
    }

    /// <summary>Everything until the other side ends the connection, as it does after bytes that it refuses.</summary>
    internal static async Task<string> AllAsync(IPEndPoint to, string bytes)
    {
        using RawHttp1 raw = await ConnectAsync(to);
        await raw.SendAsync(bytes);
        return await raw.RestAsync();
    }

    /// <param name="bytes">As they are when there is a carriage return among them; otherwise lines end as HTTP wants it.</param>
    internal async Task SendAsync(string bytes) => await stream.WriteAsync(
        Encoding.Latin1.GetBytes(bytes.Contains('\r', StringComparison.Ordinal) ? bytes : bytes.ReplaceLineEndings("\r\n")), TestContext.Current.CancellationToken);

    /// <summary>The next answer, whole (RFC 9112 §6.3) and without interim ones; what there is of it when the connection ends before.</summary>
    internal async Task<string> AnswerAsync()
    {
        string head;
        do
        {
            head = Take(await EndOfAsync("\r\n\r\n", 0));
        }
        while (head.StartsWith("HTTP/1.1 100", StringComparison.Ordinal));
        if (head.Length == 0 || head.StartsWith("HTTP/1.1 204", StringComparison.Ordinal) || head.StartsWith("HTTP/1.1 304", StringComparison.Ordinal))
        {
            return head;
        }

        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            return head + Take(await EndOfChunksAsync());
        }

        int at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        return head + (at < 0
            ? await RestAsync()
            : Take(await HasAsync(int.Parse(head[(at + 16)..head.IndexOf('\r', at)], CultureInfo.InvariantCulture))));
    }

    /// <summary>Everything until the other side ends the connection.</summary>
    internal async Task<string> RestAsync()
    {
        while (await FillAsync())
        {
        }

        return Take(_unread.Length);
    }

    public void Dispose() => stream.Dispose();

    private async Task<int> EndOfChunksAsync()
    {
        int at = 0;
        while (true)
        {
            int line = await EndOfAsync("\r\n", at);
            if (_ended && line == _unread.Length)
            {
                return line;
            }

            int size = int.Parse(_unread[at..(line - 2)], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at = await HasAsync(line + size + 2);
            if (size == 0)
            {
                return at;
            }
        }
    }

    // One beyond the text, or beyond all that came.
    private async Task<int> EndOfAsync(string text, int from)
    {
        int at;
        while ((at = _unread.IndexOf(text, from, StringComparison.Ordinal)) < 0)
        {
            if (!await FillAsync())
            {
                return _unread.Length;
            }
        }

        return at + text.Length;
    }

    private async Task<int> HasAsync(int length)
    {
        while (_unread.Length < length && await FillAsync())
        {
        }

        return Math.Min(length, _unread.Length);
    }

    private string Take(int length)
    {
        string taken = _unread[..length];
        _unread = _unread[length..];
        return taken;
    }

    private async Task<bool> FillAsync()
    {
        if (_ended)
        {
            return false;
        }

        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            int read = await stream.ReadAsync(_buffer, patience.Token);
            _unread += Encoding.Latin1.GetString(_buffer, 0, read);
            _ended = read == 0;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing more came after: {_unread}");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _ended = true;
        }

        return !_ended;
    }
}
