using Ambient.Proxy.Telemetry;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Counters of one set of labels.</summary>
internal sealed class DnsSeries
{
    private long _requests, _upstream, _failures;

    internal long Requests => Volatile.Read(ref _requests);

    internal long Upstream => Volatile.Read(ref _upstream);

    internal long UpstreamFailures => Volatile.Read(ref _failures);

    internal Histogram Duration { get; } = new([.0005, .001, .01, .1, 1, 5]);

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountUpstream() => Interlocked.Increment(ref _upstream);

    internal void CountUpstreamFailure() => Interlocked.Increment(ref _failures);
}
