using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Proxy.Sockets;

namespace Ambient.Proxy.Admin;

/// <summary>
/// HTTP/1.1 for probes, scrapers and people: one request a connection, no bodies read, few at once. A web server would cost
/// more memory than all the rest of an idle proxy.
/// </summary>
internal sealed class TinyHttp : IAsyncDisposable
{
    private const int MaxHead = 8 * 1024, MaxConnections = 64, WorthCompressing = 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Func<AdminRequest, AdminReply> _answer;
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connections = new(MaxConnections);
    private readonly Task _accepting;

    /// <param name="at">A newer process may listen there too.</param>
    /// <param name="answer">Runs on the thread pool.</param>
    /// <param name="time">For the time that a client has.</param>
    internal TinyHttp(IPEndPoint at, Func<AdminRequest, AdminReply> answer, TimeProvider time)
    {
        _answer = answer;
        _time = time;
        _listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (at.Address.Equals(IPAddress.IPv6Any))
        {
            _listener.DualMode = true;
        }

        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.ReusePort();
        _listener.Bind(at);
        _listener.Listen(128);
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _connections.WaitAsync(_stop.Token);
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                _connections.Release();
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket owned = socket;
        try
        {
            using var limit = new CancellationTokenSource(s_patience, _time);
            AdminRequest? request = await ReadAsync(socket, limit.Token);

            // Dumps and scrapes take their time: not on the thread that serves connections.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            AdminReply reply = request is { } r ? Answer(r) : AdminReply.Text(400, "bad request");
            byte[] body = Encoding.UTF8.GetBytes(reply.Body);
            bool compress = body.Length >= WorthCompressing && HeaderList.Takes(request?.AcceptEncoding, "gzip");
            body = compress ? Compress(body) : body;
            string head = string.Create(CultureInfo.InvariantCulture,
                $"HTTP/1.1 {reply.Status} {(HttpStatusCode)reply.Status}\r\nContent-Type: {reply.ContentType}\r\nContent-Length: {body.Length}\r\n{(compress ? "Content-Encoding: gzip\r\n" : "")}Connection: close\r\n\r\n");
            await SendAsync(socket, Encoding.ASCII.GetBytes(head), limit.Token);
            await SendAsync(socket, body, limit.Token);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client went away.
        }
        finally
        {
            _connections.Release();
        }
    }

    // Whoever asks learns of the fault; a connection that just ends says nothing.
    private AdminReply Answer(AdminRequest request)
    {
        try
        {
            return _answer(request);
        }
        catch (Exception e)
        {
            return AdminReply.Text(500, e.ToString());
        }
    }

    private static async Task<AdminRequest?> ReadAsync(Socket socket, CancellationToken ct)
    {
        byte[] buffer = new byte[MaxHead];
        int got = 0;
        while (got < buffer.Length)
        {
            int n = await socket.ReceiveAsync(buffer.AsMemory(got), ct);
            got += n;
            if (n == 0)
            {
                return null;
            }

            if (buffer.AsSpan(0, got).IndexOf("\r\n\r\n"u8) >= 0)
            {
                return Parse(Encoding.ASCII.GetString(buffer, 0, buffer.AsSpan(0, got).IndexOf("\r\n\r\n"u8)).Split("\r\n"));
            }
        }

        return null;
    }

    private static AdminRequest? Parse(string[] lines)
    {
        if (lines[0].Split(' ') is not [var method, ['/', ..] target, var version] || !version.StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = target.Split('?', 2);
        return new AdminRequest(method, parts[0], parts.Length == 2 ? parts[1] : "", Header("accept"), Header("accept-encoding"));

        string Header(string name) => string.Join(',', lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .Where(field => field.Length == 2 && field[0].Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(field => field[1].Trim()));
    }

    // A scrape of a large mesh is megabytes of names that repeat.
    private static byte[] Compress(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }

    private static async Task SendAsync(Socket socket, byte[] bytes, CancellationToken ct)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), ct);
        }
    }
}
