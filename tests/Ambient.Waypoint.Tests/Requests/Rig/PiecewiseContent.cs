using System.Net;
using System.Text;

namespace Ambient.Waypoint.Tests.Requests.Rig;

/// <summary>A body that a test sends piece by piece.</summary>
internal sealed class PiecewiseContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal async Task WriteAsync(string piece)
    {
        Stream stream = await _stream.Task;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(piece), TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    internal void End() => _end.TrySetResult();

    internal void Break() => _end.TrySetException(new IOException("the test breaks off"));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _stream.TrySetResult(stream);
        return _end.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
