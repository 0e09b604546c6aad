using System.Net;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>An endpoint's body on its way to the caller: counted, and its headers sent ahead when the body takes its time.</summary>
internal sealed class AnswerBody(HttpContent inner, Exchange x) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new AnswerStream(await inner.ReadAsStreamAsync(cancellationToken), x);

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
