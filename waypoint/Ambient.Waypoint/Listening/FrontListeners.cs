using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Listening;

/// <summary>Two inner endpoints, since Kestrel serves one version of HTTP on an endpoint without TLS: the preface is looked at before.</summary>
internal sealed class FrontListeners : IConnectionListenerFactory
{
    internal FrontListener Http1 { get; } = new(new FrontEndPoint(HttpProtocols.Http1));

    internal FrontListener Http2 { get; } = new(new FrontEndPoint(HttpProtocols.Http2));

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(((FrontEndPoint)endpoint).Protocols == HttpProtocols.Http1 ? Http1 : Http2);
}
