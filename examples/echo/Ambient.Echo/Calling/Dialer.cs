using System.Net;
using System.Net.Sockets;

namespace Ambient.Echo.Calling;

/// <summary>Resolves, then connects to the first address that takes the connection.</summary>
internal sealed class Dialer
{
    public string Phase { get; set; } = "resolve";

    public async Task<TcpClient> ConnectAsync(string host, int port, CancellationToken ct)
    {
        Phase = "resolve";
        IPAddress[] addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, ct).ConfigureAwait(false);
        Phase = "connect";
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(addresses, port, ct).ConfigureAwait(false);
            Phase = "answer";
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
