using Ambient.Core.Routes;
using Ambient.Routing.Choosing;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Requests.Mirroring;

/// <summary>
/// Copies of requests whose answers nobody waits for. A copy leaves when the request's body is there whole; what is too long to be kept, or more than
/// may be under way, is not mirrored and counted as such.
/// </summary>
internal sealed class Mirrors(ClusterSet clusters, ForwardParts parts)
{
    /// <summary>Bodies up to here are mirrored.</summary>
    public const int MaxBody = 1024 * 1024;

    private const int MaxUnderWay = 256;
    private const long MaxBytesUnderWay = 32 * 1024 * 1024;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private int _underWay;
    private long _bytes;
    private long _sent;
    private long _failed;
    private long _left;

    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Copies that were answered, whatever the answer.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Requests that should have been mirrored and were not.</summary>
    public long LeftOut => Interlocked.Read(ref _left);

    public void Start(Exchange x)
    {
        foreach (RouteMirror mirror in x.Rule.Mirrors)
        {
            if (!Percentages.Drawn(mirror.Percentage, parts.Random))
            {
                continue;
            }

            MirrorCopy copy = MirrorCopy.Of(x, mirror);
            x.Record.Mirrors++;
            if (x.Body is not { } body)
            {
                Send(copy, ReadOnlyMemory<byte>.Empty);
            }
            else
            {
                body.Completed += () => Send(copy, body.Whole);
            }
        }
    }

    // Its own flow: the request that is copied neither waits for it nor hears of it.
    private void Send(MirrorCopy copy, ReadOnlyMemory<byte>? whole)
    {
        if (whole is not { } body || Interlocked.Increment(ref _underWay) > MaxUnderWay)
        {
            Interlocked.Increment(ref _left);
            if (whole is not null)
            {
                Interlocked.Decrement(ref _underWay);
            }

            return;
        }

        if (Interlocked.Add(ref _bytes, body.Length) > MaxBytesUnderWay)
        {
            Interlocked.Increment(ref _left);
            Leave(body.Length);
            return;
        }

        _ = SendAsync(copy, body);
    }

    private async Task SendAsync(MirrorCopy copy, ReadOnlyMemory<byte> body)
    {
        ClusterEndpoint? endpoint = null;
        Cluster cluster = clusters.ForService(copy.Target.Service, copy.Target.Port, copy.Target.Subset);
        bool entered = false;
        try
        {
            using CancellationTokenSource time = new(s_longest, parts.Time);
            ClusterState state = cluster.Follow(copy.State.Snapshot, copy.State.Self);
            endpoint = state.Missing is null ? state.Choose(hash: null, tried: null) : null;
            if (endpoint is null || !copy.MayGoTo(state, endpoint) || await cluster.Gate.EnterAsync(state.Policy.ConnectionPool, copy.Http2, time.Token) is not null)
            {
                Interlocked.Increment(ref _failed);
                return;
            }

            entered = true;
            endpoint.RequestStarted();
            using HttpRequestMessage message = copy.Message(state, endpoint, body, out Upstreams.UpstreamKey key);
            using HttpResponseMessage answer = await parts.Invokers(key).SendAsync(message, time.Token);
            await answer.Content.CopyToAsync(Stream.Null, time.Token);
            Interlocked.Increment(ref _sent);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Interlocked.Increment(ref _failed);
        }
        finally
        {
            if (entered)
            {
                endpoint!.RequestEnded(null);
                cluster.Gate.Leave();
            }

            if (endpoint is not null)
            {
                cluster.State.Outliers?.Forget(endpoint.Id);
            }

            Leave(body.Length);
        }
    }

    private void Leave(int bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Decrement(ref _underWay);
    }
}
