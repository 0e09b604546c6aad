using System.Net.Sockets;
using System.Text;

namespace Ambient.Cni.Tests;

/// <summary>Answers calls on a unix socket as it is told; keeps what was asked.</summary>
internal sealed class FakeZtunnel : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ambient-call").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <param name="answer">Null: never answers.</param>
    internal FakeZtunnel(string? answer)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _serving = ServeAsync(answer);
    }

    internal string Path => System.IO.Path.Combine(_directory, "cni.sock");

    internal List<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task ServeAsync(string? answer)
    {
        try
        {
            while (true)
            {
                using Socket call = await _listener.AcceptAsync(_stop.Token);
                byte[] buffer = new byte[16 * 1024];
                int got = 0;
                while (got == 0 || buffer[got - 1] != '\n')
                {
                    int n = await call.ReceiveAsync(buffer.AsMemory(got), _stop.Token);
                    if (n == 0)
                    {
                        break;
                    }

                    got += n;
                }

                if (got == 0)
                {
                    continue;
                }

                Asked.Add(Encoding.UTF8.GetString(buffer, 0, got));
                if (answer is null)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                }

                await call.SendAsync(Encoding.UTF8.GetBytes(answer!), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }
}
