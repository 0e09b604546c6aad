using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Ambient.Echo.Serving;

/// <summary>
/// A small HTTP/1.1 server: answers every request with JSON that says who answered, who asked and with what headers.
/// The path steers: <c>/status/503</c> answers so, <c>/delay/250</c> waits as many milliseconds, <c>/bytes/1024</c> answers that much, <c>/healthz</c> says ok.
/// </summary>
internal static class HttpEcho
{
    private const int MaxHead = 32 * 1024;
    private const int MaxBody = 1024 * 1024;

    public static async Task ServeAsync(Socket socket, ServerIdentity identity, CancellationToken stop)
    {
        var peer = Mapped(socket.RemoteEndPoint);
        var local = Mapped(socket.LocalEndPoint);
        var buffer = new byte[MaxHead];
        var filled = 0;
        while (true)
        {
            int end;
            while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            {
                var read = filled == buffer.Length ? 0 : await socket.ReceiveAsync(buffer.AsMemory(filled), stop).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                filled += read;
            }

            if (HttpRequest.Parse(Encoding.Latin1.GetString(buffer, 0, end)) is not { } request || request.BodyLength > MaxBody)
            {
                await SendAsync(socket, 400, "text/plain", "bad request"u8.ToArray(), close: true, stop).ConfigureAwait(false);
                return;
            }

            var total = end + 4 + request.BodyLength;
            var body = new byte[request.BodyLength];
            var have = Math.Min(filled - end - 4, request.BodyLength);
            buffer.AsSpan(end + 4, have).CopyTo(body);
            while (have < body.Length)
            {
                var read = await socket.ReceiveAsync(body.AsMemory(have), stop).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                have += read;
            }

            var rest = Math.Max(0, filled - total);
            if (rest > 0)
            {
                buffer.AsSpan(total, rest).CopyTo(buffer);
            }

            filled = rest;
            await AnswerAsync(socket, identity, request, body, (peer, local), stop).ConfigureAwait(false);
            if (request.Close)
            {
                socket.Shutdown(SocketShutdown.Send);
                return;
            }
        }
    }

    private static async Task AnswerAsync(
        Socket socket, ServerIdentity identity, HttpRequest request, byte[] body, (IPEndPoint Peer, IPEndPoint Local) ends, CancellationToken stop)
    {
        var parts = request.Path.Split('?', 2)[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var number = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
        var status = parts is ["status", _] && number is >= 200 and < 600 ? number : 200;
        if (parts is ["delay", _] && number is >= 0 and <= 600_000)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(number), TimeProvider.System, stop).ConfigureAwait(false);
        }

        if (parts is ["healthz", ..])
        {
            await SendAsync(socket, 200, "text/plain", "ok\n"u8.ToArray(), request.Close, stop).ConfigureAwait(false);
        }
        else if (parts is ["bytes", _] && number is >= 0 and <= 64 * 1024 * 1024)
        {
            await SendAsync(socket, 200, "application/octet-stream", new byte[number], request.Close, stop).ConfigureAwait(false);
        }
        else
        {
            await SendAsync(socket, status, "application/json", Json(identity, request, body, ends), request.Close, stop).ConfigureAwait(false);
        }
    }

    private static byte[] Json(ServerIdentity identity, HttpRequest request, byte[] body, (IPEndPoint Peer, IPEndPoint Local) ends)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("pod", identity.Pod);
            json.WriteString("namespace", identity.Namespace);
            json.WriteString("node", identity.Node);
            json.WriteString("version", identity.Version);
            json.WriteString("serviceAccount", identity.ServiceAccount);
            json.WriteString("method", request.Method);
            json.WriteString("path", request.Path);
            json.WriteString("peer", ends.Peer.Address.ToString());
            json.WriteNumber("peerPort", ends.Peer.Port);
            json.WriteString("local", ends.Local.Address.ToString());
            json.WriteNumber("localPort", ends.Local.Port);
            json.WriteStartObject("headers");
            foreach (var (name, value) in request.Headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteString("body", Encoding.UTF8.GetString(body));
            json.WriteEndObject();
        }

        return [.. output.WrittenSpan, (byte)'\n'];
    }

    private static async Task SendAsync(Socket socket, int status, string type, byte[] body, bool close, CancellationToken stop)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {(HttpStatusCode)status}\r\ncontent-type: {type}\r\ncontent-length: {body.Length}\r\n{(close ? "connection: close\r\n" : "")}\r\n");
        byte[] all = [.. Encoding.ASCII.GetBytes(head), .. body];
        for (var sent = 0; sent < all.Length;)
        {
            sent += await socket.SendAsync(all.AsMemory(sent), stop).ConfigureAwait(false);
        }
    }

    private static IPEndPoint Mapped(EndPoint? end) =>
        end is IPEndPoint ip ? new IPEndPoint(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address, ip.Port) : new IPEndPoint(IPAddress.None, 0);
}
