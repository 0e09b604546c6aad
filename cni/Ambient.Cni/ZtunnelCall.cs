using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Cni;

/// <summary>One call to the node's ztunnel: a JSON line there, a JSON line back.</summary>
internal static class ZtunnelCall
{
    private const int MaxAnswer = 64 * 1024;

    // Longer than ztunnel itself waits for the operator, so that its reason is what the runtime shows.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_connectPatience = TimeSpan.FromSeconds(10);

    /// <returns>Null when all is well, else ztunnel's reason.</returns>
    /// <exception cref="IOException">Nobody listens, or the answer makes no sense or does not come.</exception>
    internal static async Task<string?> SendAsync(string path, JsonObject request, TimeProvider time, TimeSpan? connectPatience = null)
    {
        using var limit = new CancellationTokenSource(s_patience, time);
        try
        {
            using Socket socket = await ConnectAsync(path, time, connectPatience ?? s_connectPatience, limit.Token);
            await socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"), limit.Token);
            return Read(await ReadLineAsync(socket, limit.Token));
        }
        catch (SocketException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }
        catch (OperationCanceledException e)
        {
            throw new IOException($"{path}: no answer within {s_patience.TotalSeconds:0} s", e);
        }
    }

    /// <summary>Somebody listens there.</summary>
    /// <exception cref="IOException">Nobody does.</exception>
    internal static async Task IsServedAsync(string path, TimeProvider time, TimeSpan patience)
    {
        try
        {
            using Socket socket = await ConnectAsync(path, time, patience, CancellationToken.None);
        }
        catch (SocketException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }
    }

    // While one ztunnel takes over from another nobody listens for a moment.
    private static async Task<Socket> ConnectAsync(string path, TimeProvider time, TimeSpan patience, CancellationToken ct)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                if (time.GetElapsedTime(started) >= patience)
                {
                    throw;
                }

                await Task.Delay(s_pause, time, ct);
            }
        }
    }

    private static async Task<string> ReadLineAsync(Socket socket, CancellationToken ct)
    {
        var text = new MemoryStream();
        byte[] buffer = new byte[4096];
        while (text.Length < MaxAnswer)
        {
            int got = await socket.ReceiveAsync(buffer, ct);
            if (got == 0)
            {
                break;
            }

            text.Write(buffer, 0, got);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string? Read(string line)
    {
        try
        {
            JsonNode? answer = JsonNode.Parse(line);
            return answer?["ok"]?.GetValue<bool>() == true
                ? null
                : answer?["error"]?.GetValue<string>() ?? throw new IOException("ztunnel closed the call without an answer");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new IOException($"ztunnel's answer is not understood: {e.Message}", e);
        }
    }
}
