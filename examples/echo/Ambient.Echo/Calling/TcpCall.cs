using System.Net.Sockets;
using System.Text;

namespace Ambient.Echo.Calling;

/// <summary>
/// Sends a text and reads what comes back. Plain: until as many bytes as were sent. With half-close: ends its own direction, then
/// reads to the end. With read-first: takes the server's greeting before it sends.
/// </summary>
internal sealed class TcpCall((string Host, int Port) server, string text, bool halfClose, bool readFirst, bool keepAlive) : ICall
{
    private const int MaxAnswer = 16 * 1024 * 1024;

    private readonly Dialer dialer = new();
    private TcpClient? client;

    public string Phase => dialer.Phase;

    public async Task<Outcome> RunAsync(CancellationToken ct)
    {
        try
        {
            var fresh = client is null;
            client ??= await dialer.ConnectAsync(server.Host, server.Port, ct).ConfigureAwait(false);

            var outcome = await TalkAsync(client.Client, fresh, ct).ConfigureAwait(false);
            if (!keepAlive || !outcome.Ok)
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

    private async Task<Outcome> TalkAsync(Socket socket, bool fresh, CancellationToken ct)
    {
        using var answer = new MemoryStream();
        var buffer = new byte[64 * 1024];
        if (readFirst && fresh)
        {
            var greeting = await socket.ReceiveAsync(buffer, ct).ConfigureAwait(false);
            if (greeting == 0)
            {
                return Outcome.Failed("closed");
            }

            answer.Write(buffer, 0, greeting);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), ct).ConfigureAwait(false);
        }

        if (halfClose)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        var wanted = answer.Length + bytes.Length;
        while ((halfClose || answer.Length < wanted) && answer.Length < MaxAnswer)
        {
            var read = await socket.ReceiveAsync(buffer, ct).ConfigureAwait(false);
            if (read == 0)
            {
                return halfClose ? new Outcome(true, 0, Text(answer), null) : Outcome.Failed("closed");
            }

            answer.Write(buffer, 0, read);
        }

        return new Outcome(true, 0, Text(answer), null);
    }

    private static string Text(MemoryStream answer) => Encoding.UTF8.GetString(answer.ToArray());
}
