using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ambient.Ztunnel.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>
/// Where the CNI plugin calls: a unix socket that only root may open; one JSON line in, one out, then closed.
/// </summary>
internal sealed class CniSocket : IAsyncDisposable
{
    private const int MaxLine = 16 * 1024, MaxCalls = 256;
    private static readonly TimeSpan s_lineTimeout = TimeSpan.FromSeconds(5);

    private readonly PodManager _pods;
    private readonly NodeContext _node;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _calls = new(MaxCalls);
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    internal CniSocket(PodManager pods, NodeContext node)
    {
        _pods = pods;
        _node = node;
        _log = node.Loggers.CreateLogger("ambient.cni");
    }

    internal void Start()
    {
        _listener = UnixSocketFile.Listen(_node.Config.CniSocket);
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Takes no more calls and waits for those under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _listener, null) is not { } listener)
        {
            return;
        }

        await _stop.CancelAsync();
        await _accepting;
        listener.Dispose();
        for (int i = 0; i < MaxCalls; i++)
        {
            await _calls.WaitAsync();
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _calls.WaitAsync(_stop.Token);
                Socket call = await AcceptOrReturnAsync(listener);
                _ = ServeAsync(call);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                PodLog.CniRefused(_log, e.Message);
            }
        }
    }

    private async Task<Socket> AcceptOrReturnAsync(Socket listener)
    {
        try
        {
            return await listener.AcceptAsync(_stop.Token);
        }
        catch
        {
            _calls.Release();
            throw;
        }
    }

    private async Task ServeAsync(Socket call)
    {
        using Socket owned = call;
        try
        {
            string line = await ReadLineAsync(call);
            if (line.Length == 0)
            {
                // STATUS: only whether somebody listens.
                return;
            }

            CniReply reply = await AnswerAsync(line);
            if (reply.Error is { } error)
            {
                PodLog.CniRefused(_log, error);
            }

            byte[] answer = [.. JsonSerializer.SerializeToUtf8Bytes(reply, EnrolmentJson.Default.CniReply), (byte)'\n'];
            await call.SendAsync(answer);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException)
        {
            PodLog.CniRefused(_log, e.Message);
        }
        finally
        {
            _calls.Release();
        }
    }

    private async Task<CniReply> AnswerAsync(string line)
    {
        CniRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(line, EnrolmentJson.Default.CniRequest);
        }
        catch (JsonException e)
        {
            return CniReply.Failed($"the request is not understood: {e.Message}");
        }

        if (request is null || request.Problem() is not null)
        {
            return CniReply.Failed(request?.Problem() ?? "the request is empty");
        }

        return request.Command switch
        {
            "ADD" => await _pods.AddAsync(request.ToRecord()),
            "DEL" => _pods.Delete(request.PodUid, request.Netns),
            _ => _pods.Check(request.PodUid),
        };
    }

    private async Task<string> ReadLineAsync(Socket call)
    {
        using var limit = new CancellationTokenSource(s_lineTimeout, _node.Time);
        byte[] buffer = new byte[MaxLine];
        int got = 0;
        while (got < buffer.Length)
        {
            int n = await call.ReceiveAsync(buffer.AsMemory(got), limit.Token);
            got += n;
            int end = buffer.AsSpan(0, got).IndexOf((byte)'\n');
            if (end >= 0 || n == 0)
            {
                return Encoding.UTF8.GetString(buffer, 0, end >= 0 ? end : got);
            }
        }

        throw new IOException($"the request is longer than {MaxLine} bytes");
    }
}
