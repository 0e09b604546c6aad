using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Echo.Calling;

/// <summary>GET (POST with a body) over HTTP/1.1, on a connection of its own a call unless it is kept alive.</summary>
internal sealed class HttpCall(Uri url, bool keepAlive, string? header, string? body) : ICall
{
    private const int MaxAnswer = 64 * 1024 * 1024;

    private readonly Dialer dialer = new();
    private TcpClient? client;

    public string Phase => dialer.Phase;

    public async Task<Outcome> RunAsync(CancellationToken ct)
    {
        try
        {
            client ??= await dialer.ConnectAsync(url.Host.Trim('[', ']'), url.Port, ct).ConfigureAwait(false);

            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Request()), ct).ConfigureAwait(false);
            var outcome = await ReadAsync(client.GetStream(), ct).ConfigureAwait(false);
            if (!keepAlive)
            {
                Dispose();
            }

            return outcome;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        client?.Dispose();
        client = null;
    }

    private string Request()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{(body is null ? "GET" : "POST")} {url.PathAndQuery} HTTP/1.1\r\nhost: {url.Authority}\r\nuser-agent: ambient-echo\r\n");
        if (header is not null)
        {
            text.Append(header).Append("\r\n");
        }

        if (!keepAlive)
        {
            text.Append("connection: close\r\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"content-length: {Encoding.UTF8.GetByteCount(body ?? "")}\r\n\r\n{body}").ToString();
    }

    private static async Task<Outcome> ReadAsync(NetworkStream stream, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        var filled = 0;
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = filled == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(filled), ct).ConfigureAwait(false);
            if (read == 0)
            {
                return Outcome.Failed(filled == 0 ? "closed without an answer" : "answer cut off");
            }

            filled += read;
        }

        var lines = Encoding.Latin1.GetString(buffer, 0, end).Split("\r\n");
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var length = lines.Skip(1).Where(l => l.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            .Select(l => int.Parse(l["content-length:".Length..].Trim(), CultureInfo.InvariantCulture)).FirstOrDefault(-1);
        using var answer = new MemoryStream();
        answer.Write(buffer, end + 4, filled - end - 4);
        while ((length < 0 || answer.Length < length) && answer.Length < MaxAnswer)
        {
            var read = await stream.ReadAsync(buffer, ct).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            answer.Write(buffer, 0, read);
        }

        return length >= 0 && answer.Length < length
            ? Outcome.Failed("answer cut off")
            : new Outcome(status < 400, status, Encoding.UTF8.GetString(answer.ToArray()).TrimEnd('\n'), null);
    }
}
