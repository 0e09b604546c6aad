using Ambient.Discovery.Grpc;

namespace Ambient.Discovery.Subscribing;

/// <summary>How a proxy reaches the CA.</summary>
public sealed record CertificateClientOptions : GrpcChannelOptions;
