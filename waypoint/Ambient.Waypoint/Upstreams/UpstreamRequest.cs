using System.Net;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Headers;

namespace Ambient.Waypoint.Upstreams;

/// <summary>The CONNECT that a waypoint sends.</summary>
internal static class UpstreamRequest
{
    /// <summary>Who is behind the connection, a SPIFFE id; believed from the waypoint that the destination is bound to, and from nobody else.</summary>
    internal const string CallerHeader = Core.MeshDefaults.CallerHeader;

    /// <param name="source">Null where connections of one caller's several pods share a stream: then none of their addresses is true.</param>
    /// <param name="baggage">This proxy's own labels.</param>
    internal static ConnectRequest For(UpstreamKey key, IPEndPoint? source, string? baggage) => new()
    {
        Authority = key.Authority,
        Baggage = baggage,
        Forwarded = source is null ? null : new Forwarded(source, null).ToString(),
        ExtraHeaders = key.Caller.VerifiedId is { } caller ? [new(CallerHeader, caller.ToString())] : [],
    };
}
