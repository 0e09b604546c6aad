namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>Counts requests of an endpoint, so that every so many of them end their HTTP/1.1 connection (maxRequestsPerConnection).</summary>
internal sealed class RequestTally
{
    private uint _requests;

    /// <summary>True when the connection of this request is to be closed behind it. On average a connection then takes so many.</summary>
    public bool EndsConnection(uint maxRequestsPerConnection) =>
        maxRequestsPerConnection > 0 && Interlocked.Increment(ref _requests) % maxRequestsPerConnection == 0;
}
