using System.Collections.Concurrent;
using System.Net;
using Ambient.Core.Workloads;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Draining;
using Ambient.Ztunnel.Hosting;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>Makes and ends the proxies of pods: from the netns, or from listeners that an older process handed over.</summary>
internal sealed class PodStarter(NodeContext node, IdentityUse identities)
{
    private readonly ConcurrentDictionary<string, HandedPod> _handed = [];

    /// <summary>Before the pods are started.</summary>
    internal void Adopt(IEnumerable<HandedPod> pods)
    {
        foreach (HandedPod pod in pods)
        {
            _handed[pod.Uid] = pod;
        }
    }

    /// <exception cref="IOException">No netns to be found, or it is not one of a pod.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A port is taken.</exception>
    internal PodCapture Start(string uid, PodRecord? record, PodEnrolment answer)
    {
        _handed.TryRemove(uid, out HandedPod? handed);
        record ??= FindOlder(uid, answer);
        Netns netns = handed?.Netns ?? Netns.Open(record.Netns);
        try
        {
            if (netns.IsHome)
            {
                throw new IOException($"{record.Netns} is the node's own network namespace");
            }

            var sockets = new PodSockets(netns, node.Marks);
            var pod = new PodContext
            {
                Node = node,
                Pod = record,
                Enrolment = answer,
                Netns = netns,
                Sockets = sockets,
                Budget = new PodBudget(node.Config.MaxConnectionsPerPod, node.Config.MaxHandshakesPerPod),
                Log = node.Loggers.CreateLogger("ambient.pod"),
            };
            var proxy = new PodProxy(pod, handed?.Listeners ?? PodListeners.Open(sockets));
            var capture = new PodCapture(proxy, pod.Identity, node.Marks);
            identities.Take(capture.Identity);
            proxy.Start();
            node.Metrics.Node.ProxyStarted();
            return capture;
        }
        catch
        {
            netns.Dispose();
            throw;
        }
    }

    internal async Task EndAsync(PodCapture capture)
    {
        await capture.Proxy.DisposeAsync();
        capture.Dispose();
        identities.Return(capture.Identity);
        capture.Proxy.Pod.Netns.Dispose();
        node.Metrics.Node.ProxyStopped();
    }

    private PodRecord FindOlder(string uid, PodEnrolment answer)
    {
        IReadOnlyCollection<IPAddress> addresses = node.Mesh.Current.WorkloadByUid(answer.WorkloadUid)?.Addresses ?? [];
        string path = PodNetnsFinder.Find(node.Config.ProcRoot, uid, addresses)
            ?? throw new IOException("no CNI call told of its network namespace, and no process of it is found in one that holds its address");
        return new PodRecord
        {
            Uid = uid,
            Namespace = answer.Namespace,
            Name = answer.Name,
            Netns = path,
            Addresses = [.. addresses.Select(a => a.ToString())],
        };
    }
}
