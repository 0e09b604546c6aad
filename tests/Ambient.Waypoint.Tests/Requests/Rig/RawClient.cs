using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Waypoint.Tests.Requests.Rig;

/// <summary>HTTP/1.1 byte by byte, as an attacker writes it.</summary>
internal static class RawClient
{
    /// <summary>What came back until the connection ended or was quiet for a moment.</summary>
    /// <param name="bytes">As they are when there is a carriage return among them; otherwise lines end as HTTP wants it.</param>
    internal static async Task<string> SendAsync(IPEndPoint to, string bytes, int quietMilliseconds = 300)
    {
        using Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.Latin1.GetBytes(bytes.Contains('\r', StringComparison.Ordinal) ? bytes : bytes.ReplaceLineEndings("\r\n")), TestContext.Current.CancellationToken);
        return await ReadAsync(socket, quietMilliseconds);
    }

    internal static async Task<string> ReadAsync(Socket socket, int quietMilliseconds)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            using CancellationTokenSource quiet = new(text.Length == 0 ? 5000 : quietMilliseconds);
            try
            {
                int read = await socket.ReceiveAsync(buffer, quiet.Token);
                if (read == 0)
                {
                    return text.ToString();
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return text.ToString();
            }
        }
    }
}
