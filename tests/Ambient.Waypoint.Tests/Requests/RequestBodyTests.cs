using System.IO.Pipelines;
using Ambient.Core.Requests;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Requests.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ambient.Waypoint.Tests.Requests;

public sealed class RequestBodyTests
{
    /// <summary>
    /// A server's reader throws when it is asked to stop after the caller has gone. Out of a token's callback that would end whatever cancelled the
    /// token: the connection to the endpoint then never tells its other requests that it is lost.
    /// </summary>
    [Fact]
    public async Task Cancelled_WhenTheCallersReaderThrows_NothingComesOutOfTheToken()
    {
        var reader = new GoneReader();
        var http = new DefaultHttpContext();
        http.Features.Set<IRequestBodyPipeFeature>(new BodyPipe(reader));
        using var clock = new RequestClock(TimeProvider.System, 0, NoHeaders.Instance);
        using var body = new RequestBody(http.Request, new RequestRecord(), clock, RequestBody.MaxKept);
        using var cancel = new CancellationTokenSource();
        Task sending = body.CopyToAsync(Stream.Null, cancel.Token);
        await reader.Asked;

        await cancel.CancelAsync();

        reader.Break();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
        Assert.Equal(1, reader.Cancels);
    }

    private sealed record BodyPipe(PipeReader Reader) : IRequestBodyPipeFeature;

    private sealed class GoneReader : PipeReader
    {
        private readonly TaskCompletionSource _asked = new();
        private readonly TaskCompletionSource<ReadResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public int Cancels { get; private set; }

        public void Break() => _result.TrySetException(new IOException("The client reset the request stream."));

        public override void CancelPendingRead()
        {
            Cancels++;
            throw new IOException("The client reset the request stream.");
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult();
            return new ValueTask<ReadResult>(_result.Task);
        }

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            return false;
        }

        public override void AdvanceTo(SequencePosition consumed)
        {
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
