using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Names;
using Ambient.Core.Workloads;
using Ambient.Proxy.Sockets;
using Ambient.Ztunnel.Enrolment;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// Port 15053 on the pod's loopback. A question about a mesh service is answered from the snapshot; everything else goes unchanged
/// to the pod's own nameservers. Bounded: so many forwarded questions a pod at once, what is beyond gets SERVFAIL.
/// </summary>
internal sealed class DnsProxy(PodContext pod)
{
    private const int MaxForwarded = 256, MaxQuery = 4096;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    private readonly PodResolvConf _settings = new(pod);
    private readonly DnsUpstream _upstream = new(pod);
    private int _forwarded;

    /// <summary>Resolves by the pod's own nameservers, never by what the mesh answers: that would lead back here.</summary>
    internal NameResolver Names() => new(
        async (question, family, tcp) =>
        {
            Workload? local = pod.LocalNow();
            DnsSeries series = pod.Node.Metrics.Dns.Series(new DnsLabels(
                family == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa, tcp, local?.CanonicalName ?? "", local?.CanonicalRevision ?? ""));
            return await ForwardAsync(await _settings.GetAsync(), question, tcp, series);
        },
        pod.Node.Time);

    internal async Task ServeUdpAsync(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[MaxQuery];
        EndPoint any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, any, stop);
                _ = AnswerUdpAsync(socket, buffer[..got.ReceivedBytes], got.RemoteEndPoint);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The asker of an earlier answer has gone (ICMP): nothing to do with the next question.
            }
        }
    }

    internal async Task ServeTcpAsync(Socket socket, CancellationToken stop)
    {
        using Socket owned = socket;
        try
        {
            while (true)
            {
                using var limit = new CancellationTokenSource(s_idle, pod.Node.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
                if (await DnsStream.ReadAsync(socket, MaxQuery, either.Token) is not { } query
                    || await AnswerAsync(query, tcp: true) is not { } reply)
                {
                    return;
                }

                await DnsStream.WriteAsync(socket, reply, either.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.CloseWithReset();
        }
    }

    private async Task AnswerUdpAsync(Socket socket, byte[] query, EndPoint asker)
    {
        try
        {
            if (await AnswerAsync(query, tcp: false) is { } reply)
            {
                await socket.SendToAsync(reply, asker);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The asker or the listener has gone.
        }
    }

    /// <returns>Null for what is no question at all.</returns>
    private async Task<byte[]?> AnswerAsync(byte[] query, bool tcp)
    {
        if (query.Length < DnsQuestion.HeaderLength || (query[2] & 0x80) != 0)
        {
            return null;
        }

        ResolvConf resolver = await _settings.GetAsync();
        bool understood = DnsQuestion.TryParse(query, out DnsQuestion question);
        Workload? local = pod.LocalNow();
        DnsSeries series = pod.Node.Metrics.Dns.Series(new DnsLabels(
            understood ? question.Type : 0, tcp, local?.CanonicalName ?? "", local?.CanonicalRevision ?? ""));
        series.CountRequest();
        if (understood && local is not null
            && MeshNames.Find(pod.Mesh, local.Namespace, local.Network, resolver, question.Name, question.Type) is { } answer)
        {
            return DnsReply.Addresses(query, question, answer.Alias, answer.Addresses, tcp ? DnsReply.MaxTcp : DnsReply.MaxUdp);
        }

        return await ForwardAsync(resolver, query, tcp, series) ?? (understood ? DnsReply.Failure(query, question) : null);
    }

    private async Task<byte[]?> ForwardAsync(ResolvConf resolver, byte[] query, bool tcp, DnsSeries series)
    {
        if (Interlocked.Increment(ref _forwarded) > MaxForwarded)
        {
            Interlocked.Decrement(ref _forwarded);
            return null;
        }

        try
        {
            return await _upstream.AskAsync(resolver, query, tcp, series);
        }
        finally
        {
            Interlocked.Decrement(ref _forwarded);
        }
    }
}
