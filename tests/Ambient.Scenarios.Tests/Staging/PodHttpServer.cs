using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>An HTTP/1.1 server on a socket in a pod's network namespace, so the mesh sees the pod serve; the test says what it answers.</summary>
internal sealed class PodHttpServer : IAsyncDisposable
{
    private const int MaxHead = 64 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = [];
    private readonly Socket _listener;
    private readonly Func<HeardRequest, ServerAnswer> _answer;
    private readonly Task _running;
    private int _heard;
    private int _ended;

    private PodHttpServer(Socket listener, Func<HeardRequest, ServerAnswer> answer)
    {
        _listener = listener;
        _answer = answer;
        _running = AcceptAsync();
    }

    /// <summary>Requests so far.</summary>
    public int Heard => Volatile.Read(ref _heard);

    public static async Task<PodHttpServer> StartAsync(MeshPod pod, int port, Func<HeardRequest, ServerAnswer> answer) => new(await pod.ListenAsync(port), answer);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Dispose();
        foreach (Socket socket in _open.Keys)
        {
            socket.Dispose();
        }

        await _running;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _open.TryAdd(socket, 0);
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            while (await HeadAsync(reader) is { } request)
            {
                await SkipBodyAsync(reader, request);
                Interlocked.Increment(ref _heard);
                ServerAnswer answer = _answer(request);
                string head = $"HTTP/1.1 {answer.Status} Answer\r\ncontent-length: {Encoding.UTF8.GetByteCount(answer.Body)}\r\n{string.Concat(answer.Headers.Select(static h => h + "\r\n"))}\r\n";
                await stream.WriteAsync(Encoding.UTF8.GetBytes(head + answer.Body), _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller's business.
        }
        finally
        {
            _open.TryRemove(socket, out _);
        }
    }

    private async Task<HeardRequest?> HeadAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync(_stop.Token) is not { } first || first.Split(' ') is not [var method, var target, _])
        {
            return null;
        }

        Dictionary<string, string> headers = new(StringComparer.Ordinal);
        int length = first.Length;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line && (length += line.Length) < MaxHead)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon].ToLowerInvariant()] = line[(colon + 1)..].Trim();
        }

        return new HeardRequest(method, target, headers);
    }

    private async Task SkipBodyAsync(StreamReader reader, HeardRequest request)
    {
        char[] buffer = new char[4096];
        for (int left = int.TryParse(request["content-length"], out int length) ? length : 0; left > 0;)
        {
            int read = await reader.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), _stop.Token);
            left = read == 0 ? 0 : left - read;
        }
    }
}
