using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Listening;

/// <summary>One of Kestrel's two inner endpoints; nothing listens on a socket for it.</summary>
internal sealed class FrontEndPoint(HttpProtocols protocols) : EndPoint
{
    internal HttpProtocols Protocols { get; } = protocols;

    public override string ToString() => $"inner-{Protocols}";
}
