using System.Net.Sockets;
using System.Text.Json;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Enrolment;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Ztunnel.Draining;

/// <summary>The newer process's half of an upgrade (<see cref="HandoverGiver"/> tells the order).</summary>
internal sealed class HandoverTaker : IDisposable
{
    private const int Patience = 60_000;
    private readonly Socket _older;

    private HandoverTaker(Socket older, IReadOnlyList<HandedPod> pods)
    {
        _older = older;
        Pods = pods;
    }

    internal IReadOnlyList<HandedPod> Pods { get; }

    /// <summary>True when an older process answers there; a file alone says nothing.</summary>
    internal static Task<bool> IsServedAsync(string path) => Netns.Home.RunAsync(() =>
    {
        using Socket? older = TryConnect(path);
        return older is not null;
    });

    /// <summary>Null when no older process answers: then everything is opened anew.</summary>
    internal static Task<HandoverTaker?> TryTakeAsync(string path) => Netns.Home.RunAsync(() => TryTake(path));

    /// <summary>Tells the older process that its sockets are served here.</summary>
    internal Task ConfirmAsync() => Netns.Home.RunAsync(() =>
    {
        DescriptorMessage.Send(_older, HandoverGiver.Serving, []);
        return true;
    });

    public void Dispose() => _older.Dispose();

    private static Socket? TryConnect(string path)
    {
        var older = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = Patience, SendTimeout = Patience };
        try
        {
            older.Connect(new UnixDomainSocketEndPoint(path));
            return older;
        }
        catch (SocketException)
        {
            older.Dispose();
            return null;
        }
    }

    private static HandoverTaker? TryTake(string path)
    {
        if (TryConnect(path) is not { } older)
        {
            return null;
        }

        try
        {
            DescriptorMessage.Send(older, HandoverGiver.Take, []);
            List<HandedPod> pods = [];
            while (true)
            {
                (string text, List<int> descriptors) = DescriptorMessage.Receive(older);
                if (text == HandoverGiver.End)
                {
                    return new HandoverTaker(older, pods);
                }

                if (Read(text, descriptors) is { } pod)
                {
                    pods.Add(pod);
                }
            }
        }
        catch
        {
            older.Dispose();
            throw;
        }
    }

    private static HandedPod? Read(string text, List<int> descriptors)
    {
        HandedPodText? pod = JsonSerializer.Deserialize(text, HandoverJson.Default.HandedPodText);
        if (pod is null || descriptors.Count != pod.Sockets.Length + 1)
        {
            descriptors.ForEach(d => Native.Close(d));
            throw new IOException("the older process handed over something unknown");
        }

        Netns netns = Netns.Adopt(new SafeFileHandle(descriptors[0], ownsHandle: true), pod.NetnsPath);
        List<(string, Socket)> sockets = [];
        for (int i = 0; i < pod.Sockets.Length; i++)
        {
            sockets.Add((pod.Sockets[i], new Socket(new SafeSocketHandle(descriptors[i + 1], ownsHandle: true))));
        }

        return PodListeners.Adopt(sockets) is { } listeners ? new HandedPod(pod.Uid, netns, listeners) : null;
    }
}
