using System.Net.Sockets;
using System.Text;

namespace Ambient.Echo.Calling;

/// <summary>One datagram out, one back.</summary>
internal sealed class UdpCall((string Host, int Port) server, string text) : ICall
{
    public string Phase { get; private set; } = "resolve";

    public async Task<Outcome> RunAsync(CancellationToken ct)
    {
        Phase = "resolve";
        using var client = new UdpClient(server.Host, server.Port);
        Phase = "answer";
        await client.SendAsync(Encoding.UTF8.GetBytes(text), ct).ConfigureAwait(false);
        var answer = await client.ReceiveAsync(ct).ConfigureAwait(false);
        return new Outcome(true, 0, Encoding.UTF8.GetString(answer.Buffer), null);
    }

    public void Dispose()
    {
    }
}
