using System.Net;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>No body, for requests that tell of one nevertheless (content-type and the like).</summary>
internal sealed class EmptyBody : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return true;
    }
}
