using Ambient.Discovery.Grpc;

namespace Ambient.Discovery.Subscribing;

/// <summary>Why a stream ended, in the words of Istio's <c>istio_xds_connection_terminations_total</c>.</summary>
public static class StreamEnd
{
    /// <summary>No connection, or none that was answered.</summary>
    public const string ConnectionError = "connection_error";

    /// <summary>The server refused or failed.</summary>
    public const string Error = "error";

    /// <summary>The server went away or asked to come again.</summary>
    public const string Reconnect = "reconnect";

    /// <summary>The server ended it well.</summary>
    public const string Complete = "complete";

    internal static string Of(Exception cause, bool answered) => cause switch
    {
        GrpcException { Status: GrpcStatus.Unknown or GrpcStatus.Cancelled or GrpcStatus.DeadlineExceeded or GrpcStatus.Unavailable } => Reconnect,
        GrpcException => Error,
        _ when !answered => ConnectionError,
        HttpRequestException or IOException => Reconnect,
        _ => Error,
    };
}
