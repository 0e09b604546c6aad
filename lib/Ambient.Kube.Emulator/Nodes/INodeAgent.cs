namespace Ambient.Kube.Emulator.Nodes;

/// <summary>The kubelet's side of logs and exec, implemented by whoever runs the pods' processes.</summary>
public interface INodeAgent
{
    /// <summary>Opens a container's log. With <see cref="LogRequest.Follow"/> the stream ends when the container does, or on cancellation.</summary>
    /// <exception cref="NodeRequestException">The pod or container is not there, or has not started.</exception>
    Task<Stream> LogsAsync(LogRequest request, CancellationToken ct);

    /// <summary>Runs a command in a container until it exits; returns its exit code.</summary>
    /// <exception cref="NodeRequestException">The pod or container is not there, or the command cannot be started.</exception>
    Task<int> ExecAsync(ExecRequest request, ExecStreams streams, CancellationToken ct);
}
