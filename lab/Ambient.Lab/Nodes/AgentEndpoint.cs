using System.Text;
using Ambient.Kube.Emulator.Nodes;
using Ambient.Lab.Containers;

namespace Ambient.Lab.Nodes;

/// <summary>Logs and exec for the API server, answered by the node that runs the pod.</summary>
internal sealed class AgentEndpoint(TimeProvider time) : INodeAgent
{
    private readonly List<NodeAgent> agents = [];

    public void Add(NodeAgent agent) => agents.Add(agent);

    public PodRunner? Find(string @namespace, string pod) => agents.Select(a => a.Find(@namespace, pod)).FirstOrDefault(p => p is not null);

    public Task<Stream> LogsAsync(LogRequest request, CancellationToken ct)
    {
        var container = Container(request.Namespace, request.Pod, request.Container);
        var log = request.Previous ? container.PreviousLog : container.Log;
        if (log is null)
        {
            throw new NodeRequestException(request.Previous
                ? $"previous terminated container \"{request.Container}\" in pod \"{request.Pod}\" not found"
                : $"container \"{request.Container}\" in pod \"{request.Pod}\" is waiting to start: {(container.View.State as ContainerState.Waiting)?.Reason}");
        }

        return Task.FromResult<Stream>(LogStream.Open(log, request, time.GetUtcNow(), ct));
    }

    public async Task<int> ExecAsync(ExecRequest request, ExecStreams streams, CancellationToken ct)
    {
        var exec = Container(request.Namespace, request.Pod, request.Container).Exec
            ?? throw new NodeRequestException($"container \"{request.Container}\" is not running");
        try
        {
            return request.Tty
                ? await exec.RunOnTerminalAsync(request.Command, streams.Input, streams.Output, streams.Resizes, ct).ConfigureAwait(false)
                : await exec.RunAsync(request.Command, streams.Input, streams.Output, streams.Error, ct).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new NodeRequestException($"OCI runtime exec failed: {e.Message}", 500);
        }
    }

    public ContainerRunner Container(string @namespace, string pod, string? name)
    {
        var runner = Find(@namespace, pod) ?? throw new NodeRequestException($"pods \"{pod}\" not found", 404);
        return runner.Main.Concat(runner.Init).FirstOrDefault(c => string.IsNullOrEmpty(name) || c.Spec.Name == name)
            ?? throw new NodeRequestException($"container {name} is not valid for pod {pod}");
    }

    private static class LogStream
    {
        public static Stream Open(ContainerLog log, LogRequest request, DateTimeOffset now, CancellationToken ct)
        {
            var pipe = new System.IO.Pipelines.Pipe();
            _ = WriteAsync(log, request, now, pipe.Writer, ct);
            return pipe.Reader.AsStream();
        }

        private static async Task WriteAsync(ContainerLog log, LogRequest request, DateTimeOffset now, System.IO.Pipelines.PipeWriter to, CancellationToken ct)
        {
            var since = request.SinceTime ?? (request.SinceSeconds is { } seconds ? now - TimeSpan.FromSeconds(seconds) : DateTimeOffset.MinValue);
            var left = request.LimitBytes ?? long.MaxValue;
            var first = true;
            long next = 0;
            try
            {
                while (left > 0)
                {
                    var (lines, after, more) = log.Read(next);
                    next = after;
                    var wanted = lines.Where(l => l.Time >= since);
                    foreach (var line in first && request.TailLines is { } tail ? wanted.TakeLast((int)tail) : wanted)
                    {
                        var bytes = Encoding.UTF8.GetBytes(line.Format(request.Timestamps));
                        var count = (int)Math.Min(bytes.Length, left);
                        left -= count;
                        var flush = await to.WriteAsync(bytes.AsMemory(0, count), ct).ConfigureAwait(false);
                        if (flush.IsCompleted)
                        {
                            return;
                        }
                    }

                    first = false;
                    if (!request.Follow || (log.Ended && log.Read(next).Lines.Count == 0))
                    {
                        return;
                    }

                    await more.WaitAsync(ct).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                // The reader went away.
            }
            finally
            {
                await to.CompleteAsync().ConfigureAwait(false);
            }
        }
    }
}
