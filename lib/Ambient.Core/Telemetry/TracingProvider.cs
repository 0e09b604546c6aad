namespace Ambient.Core.Telemetry;

/// <summary>How an OTLP receiver is spoken to.</summary>
public enum TracingProtocol
{
    /// <summary>OTLP/gRPC, usually port 4317.</summary>
    Grpc,

    /// <summary>OTLP/HTTP with protobuf, usually port 4318; path <c>/v1/traces</c>.</summary>
    Http,
}

/// <summary>An OTLP receiver of spans.</summary>
/// <param name="Name">As Telemetry resources name it.</param>
/// <param name="Address"><c>host:port</c>.</param>
public sealed record TracingProvider(string Name, string Address, TracingProtocol Protocol)
{
    /// <summary>Name of the one that the Mesh resource has without a name.</summary>
    public const string DefaultName = "default";
}
