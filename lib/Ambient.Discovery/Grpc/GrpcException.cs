namespace Ambient.Discovery.Grpc;

/// <summary>A call that ended, or is to end, with this status.</summary>
public sealed class GrpcException(GrpcStatus status, string message, Exception? cause = null) : Exception(message, cause)
{
    public GrpcStatus Status { get; } = status;
}
