using System.Net.Sockets;
using System.Text.Json;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Enrolment;
using Ambient.Ztunnel.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Draining;

/// <summary>
/// The older process's half of an upgrade, in order:
/// <list type="number">
/// <item>a newer process connects and says <c>take</c>: enrolment pauses, no more CNI calls here;</item>
/// <item>for each pod: netns and listening sockets; both processes accept from here on;</item>
/// <item>the newer one says <c>serving</c>: this one stops accepting and only keeps its open connections;</item>
/// <item>anything else, or nothing within a minute: this one goes on as before.</item>
/// </list>
/// </summary>
internal sealed class HandoverGiver : IAsyncDisposable
{
    internal const string Take = "take", End = "end", Serving = "serving";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _path;
    private readonly Func<Task<IReadOnlyList<PodProxy>>> _begin;
    private readonly Func<bool, Task> _finish;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <param name="path">Of the unix socket.</param>
    /// <param name="begin">Pauses; returns the pods' proxies.</param>
    /// <param name="finish">True: the newer process serves; false: it does not, go on.</param>
    /// <param name="log">For the one line about it.</param>
    internal HandoverGiver(string path, Func<Task<IReadOnlyList<PodProxy>>> begin, Func<bool, Task> finish, ILogger log)
    {
        _path = path;
        _begin = begin;
        _finish = finish;
        _log = log;
    }

    internal void Start()
    {
        _listener = UnixSocketFile.Listen(_path);
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using Socket newer = await listener.AcceptAsync(_stop.Token);
                if (await GiveAsync(newer))
                {
                    return;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                HandoverLog.Failed(_log, e.Message);
            }
        }
    }

    private async Task<bool> GiveAsync(Socket newer)
    {
        if (!await Netns.Home.RunAsync(() => IsAsked(newer)))
        {
            return false;
        }

        IReadOnlyList<PodProxy> proxies = await _begin();
        bool serving = false;
        try
        {
            serving = await Netns.Home.RunAsync(() => Exchange(newer, proxies));
            HandoverLog.Given(_log, proxies.Count);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            HandoverLog.Failed(_log, e.Message);
        }

        await _finish(serving);
        return serving;
    }

    // A process that only looks whether somebody serves here closes without a word.
    private static bool IsAsked(Socket newer)
    {
        newer.Blocking = true;
        newer.ReceiveTimeout = newer.SendTimeout = (int)s_patience.TotalMilliseconds;
        try
        {
            return DescriptorMessage.Receive(newer).Text == Take;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool Exchange(Socket newer, IReadOnlyList<PodProxy> proxies)
    {
        foreach (PodProxy proxy in proxies)
        {
            (string Name, Socket Socket)[] sockets = [.. proxy.Listeners.All];
            var text = new HandedPodText
            {
                Uid = proxy.Pod.Pod.Uid,
                NetnsPath = proxy.Pod.Netns.Path,
                Sockets = [.. sockets.Select(s => s.Name)],
            };
            int[] descriptors = [(int)proxy.Pod.Netns.Handle.DangerousGetHandle(), .. sockets.Select(s => (int)s.Socket.Handle)];
            DescriptorMessage.Send(newer, JsonSerializer.Serialize(text, HandoverJson.Default.HandedPodText), descriptors);
        }

        DescriptorMessage.Send(newer, End, []);
        return DescriptorMessage.Receive(newer).Text == Serving;
    }
}
