using System.Globalization;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Nodes;

/// <summary>Streams a container's log from the node agent.</summary>
internal sealed class LogEndpoint(INodeAgent? agent)
{
    public async Task HandleAsync(ApiRequest request, StoredObject pod)
    {
        string container = PodTarget.Container(request, pod);
        string node = PodTarget.Node(pod);
        if (agent is null)
        {
            throw ApiErrors.Unavailable("no node serves logs here");
        }

        var log = new LogRequest
        {
            Node = node,
            Namespace = pod.Namespace,
            Pod = pod.Name,
            PodUid = pod.Uid,
            Container = container,
            Follow = request.QueryFlag("follow"),
            Previous = request.QueryFlag("previous"),
            Timestamps = request.QueryFlag("timestamps"),
            TailLines = request.QueryNumber("tailLines"),
            SinceSeconds = request.QueryNumber("sinceSeconds"),
            SinceTime = DateTimeOffset.TryParse(request.Query("sinceTime"), CultureInfo.InvariantCulture, out DateTimeOffset since) ? since : null,
            LimitBytes = request.QueryNumber("limitBytes"),
        };
        try
        {
            await using Stream source = await agent.LogsAsync(log, request.Aborted);
            request.Http.Response.StatusCode = 200;
            request.Http.Response.ContentType = "text/plain";
            await request.Http.Response.Body.FlushAsync(request.Aborted);
            await CopyAsync(source, request.Http.Response.Body, log.LimitBytes ?? long.MaxValue, request.Aborted);
        }
        catch (NodeRequestException e)
        {
            throw new ApiException(e.Code, e.Code == 404 ? "NotFound" : "BadRequest", e.Message);
        }
    }

    private static async Task CopyAsync(Stream source, Stream output, long left, CancellationToken ct)
    {
        var buffer = new byte[16384];
        int n;
        while (left > 0 && (n = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), ct)) > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, n), ct);
            await output.FlushAsync(ct);
            left -= n;
        }
    }
}
